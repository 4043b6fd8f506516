// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

package enum PracticeState: String, CaseIterable, Hashable, Sendable {
    case submitted
    /// Accepted by a reviewer; waits for publication.
    case inReview = "in-review"
    case returned
    case published
    case withdrawn
}

/// One practice of the register. Durable.
package struct Practice: Hashable, Sendable {
    /// With the fields as they are now.
    package internal(set) var submitted: PracticeSubmitted
    package var time: Timestamp
    package internal(set) var review: PracticeReviewed?
    package internal(set) var reviewTime = Timestamp(microseconds: 0)
    package internal(set) var publication: PracticePublished?
    package internal(set) var publicationTime = Timestamp(microseconds: 0)
    package internal(set) var withdrawal: PracticeWithdrawn?
    package internal(set) var withdrawalTime = Timestamp(microseconds: 0)

    package var state: PracticeState {
        if withdrawal != nil { return .withdrawn }
        if publication != nil { return .published }
        guard let review else { return .submitted }
        return review.isAccepted ? .inReview : .returned
    }

    /// What is left of the words once they are not to be read any more: a title that can be cited.
    mutating func dropWords() {
        submitted.fields = PracticeFields()
        submitted.fields.title = publication?.title ?? ""
        review?.text = ""
    }
}

/// All practices, by number. Durable.
package struct PracticeRegister: Hashable, Sendable {
    package internal(set) var practices: [UInt32: Practice] = [:]
    /// The highest place given in each year.
    package internal(set) var lastSequences: [UInt16: UInt32] = [:]

    package init() {}
}

extension Community {
    mutating func apply(_ event: PracticeEvent, time: Timestamp) {
        let number = event.number
        switch event {
        case .submitted(let event): register.practices[number] = Practice(submitted: event, time: time)
        case .changed(let event):
            register.practices[number]?.submitted.fields = event.fields
            register.practices[number]?.review = nil
            register.practices[number]?.reviewTime = Timestamp(microseconds: 0)
        case .reviewed(let event):
            register.practices[number]?.review = event
            register.practices[number]?.reviewTime = time
        case .published(let event):
            register.practices[number]?.publication = event
            register.practices[number]?.publicationTime = time
            register.practices[number]?.submitted.fields.title = event.title
            let last = register.lastSequences[event.citation.year] ?? 0
            register.lastSequences[event.citation.year] = max(last, event.citation.sequence)
        case .withdrawn(let event):
            register.practices[number]?.withdrawal = event
            register.practices[number]?.withdrawalTime = time
            register.practices[number]?.dropWords()
        }
    }

    /// The events that rebuild it. No practice is ever taken out, so that numbers and citations follow from them.
    func practiceSnapshot() -> [LoggedEvent] {
        func logged(_ event: PracticeEvent, _ time: Timestamp) -> LoggedEvent {
            LoggedEvent(offset: .none, time: time, event: .practices(event))
        }
        return register.practices.sorted { $0.key < $1.key }.flatMap { _, practice in
            [
                logged(.submitted(practice.submitted), practice.time),
                practice.review.map { logged(.reviewed($0), practice.reviewTime) },
                practice.publication.map { logged(.published($0), practice.publicationTime) },
                practice.withdrawal.map { logged(.withdrawn($0), practice.withdrawalTime) },
            ].compactMap { $0 }
        }
    }

    /// Takes a person out: the name everywhere, and the words that the person submitted. A title that was published
    /// stays with its number.
    mutating func forgetPractices(_ pass: ErasurePass) {
        for (number, practice) in register.practices {
            var changed = practice
            let isOwn = pass.isErased(practice.submitted.actor.account)
            changed.submitted.actor = pass.scrubbed(practice.submitted.actor)
            changed.review?.actor = pass.scrubbed(practice.review?.actor)
            changed.publication?.actor = pass.scrubbed(practice.publication?.actor)
            changed.withdrawal?.actor = pass.scrubbed(practice.withdrawal?.actor)
            if pass.isErased(practice.review?.actor.account) { changed.review?.text = "" }
            if isOwn {
                changed.submitted.fields = PracticeFields()
                changed.submitted.fields.title = practice.publication?.title ?? ""
            }
            register.practices[number] = changed
        }
    }
}

extension ErasurePass {
    fileprivate func scrubbed(_ actor: Actor?) -> Actor {
        actor.map { scrubbed($0) } ?? Actor(source: "*", account: nil, accountName: nil)
    }

    /// What an erased person submitted is without words; a published title is in another event, and stays.
    func form(of event: PracticeEvent) -> ErasedForm {
        switch event {
        case .submitted(let event):
            changing(event, { .practices(.submitted($0)) }) {
                if isErased(event.actor.account) { $0.fields = PracticeFields() }
                $0.actor = scrubbed(event.actor)
            }
        case .changed(let event):
            changing(event, { .practices(.changed($0)) }) {
                if isErased(event.actor.account) { $0.fields = PracticeFields() }
                $0.actor = scrubbed(event.actor)
            }
        case .reviewed(let event):
            changing(event, { .practices(.reviewed($0)) }) {
                if isErased(event.actor.account) { $0.text = "" }
                $0.actor = scrubbed(event.actor)
            }
        case .published(let event):
            changing(event, { .practices(.published($0)) }) { $0.actor = scrubbed(event.actor) }
        case .withdrawn(let event):
            changing(event, { .practices(.withdrawn($0)) }) { $0.actor = scrubbed(event.actor) }
        }
    }
}

extension PracticeFields {
    /// The values by their keys, in the order in which they are shown; those that are missing are empty.
    package var values: [(key: String, value: Text)] {
        [
            ("title", title), ("country", country.map { Text($0.description) } ?? ""),
            ("type", mechanism?.word ?? ""), ("since", since == 0 ? "" : Text(String(since))),
            ("link", link), ("lang", language.map { Text($0.description) } ?? ""), ("summary", summary),
        ]
    }
}

extension PracticeEvent {
    /// The record as whoever did it reads it.
    func record(of owner: RecordOwner) -> OwnRecord? {
        guard owner.is(actor) else { return nil }
        let own = OwnRecord.Field("number", number: number)
        switch self {
        case .submitted(let event):
            return OwnRecord(
                "practice-submitted", [own] + event.fields.values.map { .init($0.key, $0.value) })
        case .changed(let event):
            return OwnRecord("practice-changed", [own] + event.fields.values.map { .init($0.key, $0.value) })
        case .reviewed(let event):
            return OwnRecord(
                "practice-reviewed",
                [own, .init("accepted", event.isAccepted ? "yes" : "no"), .init("text", event.text)])
        case .published(let event):
            return OwnRecord("practice-published", [own, .init("citation", event.citation.text)])
        case .withdrawn: return OwnRecord("practice-withdrawn", [own])
        }
    }
}
