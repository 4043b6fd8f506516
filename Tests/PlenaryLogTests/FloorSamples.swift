// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let channel = ChannelID(3)
private let chair = Actor(source: "chair!~c@h", account: AccountID(9), accountName: "Chair")

private func request(_ change: (inout FloorRequest) -> Void = { _ in }) -> FloorRequest {
    var request = FloorRequest(
        number: 4, kind: .statement, account: AccountID(7), name: "amina", category: .state)
    change(&request)
    return request
}

private func settings(_ change: (inout FloorSettings) -> Void = { _ in }) -> FloorSettings {
    var settings = FloorSettings()
    change(&settings)
    return settings
}

private func timed(_ change: FloorTimed.Change, _ actor: Actor?) -> Event {
    .floor(.timed(FloorTimed(channel: channel, number: 4, change: change, actor: actor)))
}

private func ordered(_ change: FloorOrdered.Change) -> Event {
    .floor(.ordered(FloorOrdered(channel: channel, change: change, actor: chair)))
}

private func requested(_ request: FloorRequest, _ place: FloorPlace? = nil) -> Event {
    .floor(.requested(FloorRequested(channel: channel, request: request, actor: chair, place: place)))
}

/// Every event of the floor, with and without what may be absent.
let floorEvents: [Event] = [
    .floor(.settingsSet(FloorSettingsSet(channel: channel, settings: settings(), actor: nil))),
    .floor(
        .settingsSet(
            FloorSettingsSet(
                channel: channel,
                settings: settings {
                    $0.opens = Timestamp(seconds: 1_687_506_300)
                    $0.closes = Timestamp(seconds: 1_687_509_000)
                    $0.limits = [.state: 90, .nationalInstitution: 4000]
                    $0.otherSeconds = 5
                    $0.replySeconds = []
                    $0.pointSeconds = 60
                    $0.policy = .lots
                    $0.seed = .max
                }, actor: chair, nextNumber: 400))),
    .floor(.opened(FloorOpened(channel: channel, isNew: true, isUntimed: true, actor: chair))),
    .floor(.opened(FloorOpened(channel: channel, isNew: false, actor: nil))),
    .floor(.closed(FloorClosed(channel: channel, isCut: true, actor: chair))),
    .floor(.closed(FloorClosed(channel: channel, isCut: false, actor: nil))),
    requested(request()),
    requested(
        request {
            $0.kind = .reply
            $0.account = nil
            $0.name = "أمينة ب."
            $0.category = .nationalInstitution
            $0.item = "2"
            $0.behalf = "Group of Friends"
            $0.delegation = CountryCode("PY")
            $0.region = .noGroup
            $0.language = LanguageTag("zh-Hans")
            $0.attendance = .remote
            $0.after = 2
            $0.answers = 3
        },
        FloorPlace(number: 1, category: .other, region: nil, party: .name("r. participant"), lot: nil)),
    requested(
        request(),
        FloorPlace(
            number: 2, category: .state, region: .african, party: .account(AccountID(8)), lot: 70_000)),
    requested(
        request { $0.kind = .pointOfOrder },
        CountryCode("KE").map {
            FloorPlace(number: 2, category: .observer, region: nil, party: .delegation($0), lot: 1)
        }),
    .floor(.withdrawn(FloorWithdrawn(channel: channel, number: 4, actor: chair))),
    .floor(.swapped(FloorSwapped(channel: channel, number: 4, with: 2, isDone: false, actor: chair))),
    .floor(.swapped(FloorSwapped(channel: channel, number: 4, with: 2, isDone: true, actor: chair))),
    ordered(.policy(.regionalRotation)), ordered(.drawn(seed: 42)), ordered(.drawn(seed: 0)),
    ordered(.placed(number: 4, after: 2)), ordered(.placed(number: 4, after: nil)),
    .floor(
        .granted(
            FloorGranted(
                channel: channel, number: 4, ends: Timestamp(seconds: 1_687_506_480), isVoiced: true,
                pausedMicroseconds: 30_000_001, actor: chair))),
    .floor(
        .granted(
            FloorGranted(
                channel: channel, number: 4, ends: Timestamp(microseconds: 1), isVoiced: false, actor: chair)
        )),
    .floor(.ended(FloorEnded(channel: channel, number: 4, ending: .yielded, actor: chair))),
    .floor(.ended(FloorEnded(channel: channel, number: 4, ending: .stopped, actor: chair))),
    timed(.extended(until: Timestamp(seconds: 1_687_506_540)), chair), timed(.warned, nil),
    timed(.timeUp, nil),
]
