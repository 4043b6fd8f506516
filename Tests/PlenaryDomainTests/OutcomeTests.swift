// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Marks of what a talk came to, and counts of who took part (docs/extensions/outcomes.md).
@Suite struct OutcomeTests {
    /// `#tea` with ann, a rapporteur, and bob, a member; bob has said `count` things.
    private func town(said count: Int = 2) -> (Town, ann: SessionID, bob: SessionID, [MessageID]) {
        var town = Town(.closed) { $0.peopleMayCreateChannels = true }
        let annAccount = town.account("ann", role: .rapporteur)
        let bobAccount = town.account("bob")
        let ann = town.connect("ann", account: annAccount)
        let bob = town.connect("bob", account: bobAccount)
        // Who creates a channel moderates it.
        town.join(ann, "#tea")
        town.join(bob, "#tea")
        var ids: [MessageID] = []
        for number in 0..<count {
            ids.append(MessageID(high: UInt64(town.log.count), low: 7))
            town.post(bob, "#tea", Text("said \(number)"))
        }
        return (town, ann, bob, ids)
    }

    private func mark(_ sources: [Text], _ summary: Text = "a body that stays", theme: Text? = nil) -> Command
    {
        .outcomes(.mark(channel: "#tea", sources: sources, .lesson, theme: theme, summary: summary))
    }

    private func code(_ outcomes: [Outcome]) -> GatheringFailure? {
        for case .gathering(_, let code, _) in outcomes.refusals { return code }
        return nil
    }

    /// "every outcome has at least one source id that resolves" (F5)
    @Test func aMarkNeedsASourceThatResolves() {
        var (town, ann, bob, ids) = town()
        let id = Text(ids[0].text)
        #expect(code(town.say(mark([]), by: ann)) == .unknownMessage)
        #expect(code(town.say(mark(["AAAAAAAAAAAAAAAAAAAAAA"]), by: ann)) == .unknownMessage)
        #expect(code(town.say(mark([id, "/9"]), by: ann)) == .noSuchThread)
        #expect(code(town.say(mark([id]), by: bob)) == .privilegesNeeded)
        #expect(code(town.say(mark([id], theme: "nowhere"), by: ann)) == .noSuchTheme)
        #expect(code(town.say(mark([id, "bob~1", id], theme: "tea"), by: ann)) == nil)
        let own = town.community.outcomes[ChannelID(1)]
        #expect(own?.ordered.map(\.marked.number) == [1])
        #expect(own?.ordered.first?.marked.sources.count == 2, "the same source counts once")
        #expect(own?.ordered.first?.marked.theme == "tea")
    }

    @Test(arguments: [299, 300, 301]) func aSummaryHasAtMost300Bytes(byteCount: Int) {
        var (town, ann, _, ids) = town()
        let outcomes = town.say(mark([Text(ids[0].text)], .filler(byteCount)), by: ann)
        #expect(code(outcomes) == (byteCount > 300 ? .textTooLong : nil))
    }

    @Test(arguments: [15, 16, 17]) func aMarkHasAtMost16Sources(count: Int) {
        var (town, ann, _, ids) = town(said: 20)
        let outcomes = town.say(mark(ids.prefix(count).map { Text($0.text) }), by: ann)
        #expect(code(outcomes) == (count > 16 ? .limitReached : nil))
    }

    @Test func aChannelHasAtMostSoManyMarks() {
        var (town, ann, _, ids) = town()
        town.community.policy.limits.outcomeCountLimit = 2
        let say = mark([Text(ids[0].text)])
        #expect(code(town.say(say, by: ann)) == nil)
        #expect(code(town.say(say, by: ann)) == nil)
        #expect(code(town.say(say, by: ann)) == .limitReached)
    }

    /// "the mark stays; the source is then shown as gone", and numbers are never used again, after a restart either.
    @Test func aMarkOutlivesItsSourceAndANumberItsMark() {
        var (town, ann, bob, ids) = town()
        let id = Text(ids[0].text)
        town.say(mark([id]), by: ann)
        town.say(mark([id]), by: ann)
        town.say(
            .moderation(.redact(target: "#tea", message: ids[0], spelledMessage: id, reason: "")), by: bob)
        let source = town.community.outcomes[ChannelID(1)]?.marks[1]?.marked.sources.first
        #expect(source.map { town.community.isReadable($0, in: ChannelID(1)) } == false)
        town.say(.outcomes(.edit(channel: "#tea", number: 1, summary: "changed")), by: ann)
        town.say(.outcomes(.unmark(channel: "#tea", number: 2)), by: ann)
        #expect(code(town.say(.outcomes(.unmark(channel: "#tea", number: 2)), by: ann)) == .noSuchOutcome)
        let snapshot = town.community.snapshotEvents()
        var again = Community(policy: town.community.policy)
        for event in snapshot { again.apply(event) }
        #expect(again.outcomes == town.community.outcomes)
        #expect(again.snapshotEvents() == snapshot)
        #expect(again.outcomes[ChannelID(1)]?.lastNumber == 2)
        #expect(again.outcomes[ChannelID(1)]?.marks[1]?.marked.summary == "changed")
    }

    @Test func aForgottenRapporteurLeavesTheMarksWithoutTheName() {
        var (town, ann, _, ids) = town()
        town.say(mark([Text(ids[0].text)]), by: ann)
        let account = town.community.sessions[ann]?.account ?? AccountID(0)
        let plan = ErasurePlan(accounts: [account])
        town.record(.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: "r"))))
        let marked = town.community.outcomes[ChannelID(1)]?.marks[1]?.marked
        #expect(marked?.actor.name.string == "former-member-\(account.value)")
        #expect(marked?.summary == "a body that stays")
    }

    // MARK: STATS

    private func crowd(_ affiliations: [(Affiliation, Int)]) -> (Town, ChannelStatistics) {
        var town = Town(.closed) { $0.peopleMayCreateChannels = true }
        var number = 0
        for (affiliation, count) in affiliations {
            for _ in 0..<count {
                number += 1
                let account = town.account(Text("p\(number)"))
                var profile = Profile()
                profile.affiliation = affiliation
                profile.country = CountryCode("KE")
                town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
                let session = town.connect("p\(number)", account: account)
                town.join(session, "#tea")
                town.post(session, "#tea", "one")
                town.post(session, "#tea", "two")
            }
        }
        let statistics = town.community.statistics(of: ChannelID(1), from: nil, to: nil)
        return (town, statistics)
    }

    private func people(_ table: ChannelStatistics.Table, _ statistics: ChannelStatistics) -> [String: Int] {
        var found: [String: Int] = [:]
        for cell in statistics.tables.first(where: { $0.table == table })?.cells ?? [] {
            if let counts = cell.counts { found[cell.name?.string ?? "unknown"] = counts.people }
        }
        return found
    }

    /// "A cell behind which fewer than 5 people stand is hidden … the next smallest is then hidden as well, until
    /// what is hidden is at least two cells and at least 5 people."
    @Test func smallGroupsAreHiddenAndWhatWouldGiveThemAway() {
        let (_, many) = crowd([(.civilSociety, 5), (.academia, 6), (.nationalMechanism, 7)])
        #expect(people(.category, many) == ["ngo": 5, "academia": 6, "national-mechanism": 7])
        #expect(many.total?.messages == 36 && many.total?.people == 18)
        let (_, few) = crowd([(.civilSociety, 4), (.academia, 6), (.nationalMechanism, 7)])
        #expect(people(.category, few) == ["national-mechanism": 7], "4 of 17 could be computed")
        #expect(people(.region, few) == ["african": 17], "the country says which group")
        let (_, four) = crowd([(.academia, 4)])
        #expect(four.total == nil)
        #expect(people(.region, four) == [:])
    }

    @Test func noHiddenCellCanBeComputedFromWhatIsShown() {
        #expect(Suppression.hidden(in: [5, 9, 12]) == [false, false, false])
        #expect(Suppression.hidden(in: [4, 9, 12]) == [true, true, false])
        #expect(Suppression.hidden(in: [0, 9, 12]) == [true, false, false], "nobody is nobody's secret")
        #expect(Suppression.hidden(in: [1, 2, 12]) == [true, true, true])
        #expect(Suppression.hidden(in: [3, 4, 12]) == [true, true, false])
        #expect(Suppression.hidden(in: []) == [])
        // Row and column totals are known: a single hidden cell in either would be found.
        let table = [[2, 9, 9], [9, 9, 9], [9, 9, 9]]
        let hidden = Suppression.hidden(inTable: table)
        for row in 0..<3 {
            #expect(hidden[row].count { $0 } != 1)
            #expect((0..<3).count { hidden[$0][row] } != 1)
        }
        #expect(hidden[0][0])
    }
}

/// The table of regional groups (Sources/PlenaryTerms/RegionalGroups.swift).
@Suite struct RegionalGroupTests {
    /// "54/54/23/33/29": the 193 Member States, each once.
    @Test func everyMemberStateIsInOneGroup() {
        let sizes = RegionalGroup.members.map { $0.codes.count }
        #expect(sizes == [54, 54, 23, 33, 29, 2])
        let all = RegionalGroup.members.flatMap { $0.codes }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { CountryCode($0) != nil })
        #expect(CountryCode("tr").flatMap { RegionalGroup(country: $0) } == .westernEuropeanAndOthers)
        #expect(CountryCode("KI").flatMap { RegionalGroup(country: $0) } == .asiaPacific)
        #expect(CountryCode("VA").flatMap { RegionalGroup(country: $0) } == .noGroup)
        #expect(CountryCode("AQ").flatMap { RegionalGroup(country: $0) } == nil)
    }
}
