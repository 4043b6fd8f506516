// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// The speakers' list (docs/extensions/floor.md; domain.md 4.1).
@Suite struct FloorTests {
    /// Five who ask in a known order, and a right of reply, on a list that the clock opened.
    private func sitting() -> FloorSitting {
        var sitting = FloorSitting()
        sitting.add("ngo", .civilSociety)
        sitting.add("paraguay", .permanentMission, "PY", region: .latinAmericanAndCaribbean)
        sitting.add("nhri", .nationalInstitution, "KE")
        sitting.add("kenya", .nationalMechanism, "KE", region: .african)
        sitting.add("ohchr", .unitedNations)
        sitting.rules([
            "open": "2023-06-23T07:45:00Z", "close": "2023-06-23T08:30:00Z", "order": "states-first",
        ])
        sitting.tick(FloorSitting.geneva(9, 45))
        for name in ["ngo", "paraguay", "nhri", "kenya", "ohchr"] { sitting.ask(name) }
        sitting.say("kenya", .reply(to: nil, FloorWish()))
        return sitting
    }

    /// "List opens 09:45, closes 10:30 Geneva time."
    @Test func theListOpensAndClosesAtItsTimes() {
        var sitting = FloorSitting()
        sitting.add("ann")
        #expect(sitting.ask("ann").floorCodes == [.notOpen])
        sitting.rules(["open": "2023-06-23T07:45:00Z", "close": "2023-06-23T08:30:00Z"])
        sitting.town.now = Timestamp(microseconds: FloorSitting.geneva(9, 45).microseconds - 1)
        #expect(
            sitting.ask("ann").refusals == [
                .floor(code: .notOpen, context: ["#s", "2023-06-23T07:45:00.000Z"])
            ])
        #expect(sitting.tick() == [])
        sitting.town.now = FloorSitting.geneva(9, 45)
        // Before the server's next tick it is open already, and the opening stands in the log before the request.
        let outcomes = sitting.ask("ann")
        #expect(outcomes.floorCodes == [])
        #expect(outcomes.events.count == 2)
        #expect(sitting.floor.phase == .open)
        #expect(sitting.tick() == [], "opened once")
        sitting.town.now = Timestamp(microseconds: FloorSitting.geneva(10, 30).microseconds - 1)
        #expect(sitting.ask("ann") { $0.item = "3" }.floorCodes == [])
        sitting.town.now = FloorSitting.geneva(10, 30)
        #expect(sitting.ask("ann") { $0.item = "4" }.floorCodes == [.listClosed])
        #expect(sitting.tick().count == 1)
        #expect(sitting.floor.phase == .closed)
        #expect(sitting.tick() == [], "closed once")
        #expect(sitting.list == ["ann", "ann"])
    }

    /// A server that was down the whole time opens nothing any more, and says once that the list is closed.
    @Test func aListWhoseTimePassedUnseenIsClosed() {
        var sitting = FloorSitting()
        sitting.rules(["open": "2023-06-23T07:45:00Z", "close": "2023-06-23T08:30:00Z"])
        let events = sitting.tick(FloorSitting.geneva(12, 0))
        #expect(events.count == 1)
        #expect(sitting.floor.phase == .closed)
    }

    /// "Five requests in a known order plus one right of reply → the published list follows the policy (in order of
    /// request within category priority), the reply comes at the end."
    @Test func thePublishedListFollowsThePolicyAndRepliesComeLast() {
        let sitting = sitting()
        #expect(sitting.list == ["paraguay", "kenya", "ohchr", "nhri", "ngo", "kenya"])
        let entries = sitting.floor.published(at: sitting.town.now)
        #expect(entries.map(\.position) == [1, 2, 3, 4, 5, 6])
        #expect(entries.last?.request.kind == .reply)
        #expect(entries.map(\.limitSeconds) == [180, 180, 120, 120, 120, 180])
        #expect(entries[1].expected == sitting.town.now.advanced(bySeconds: 180))
    }

    /// "Floor given to speaker 1 starts a 3-minute clock, warning at 30 s, 'time' at 0", each told once.
    @Test func theClockWarnsAtThirtySecondsAndSaysTimeAtZero() {
        var sitting = sitting()
        sitting.say("chair", .grant(nil))
        let start = sitting.town.now
        #expect(sitting.floor.current?.ends == start.advanced(bySeconds: 180))
        var told: [Int64: FloorTimed.Change] = [:]
        for second in Int64(0)...200 {
            sitting.town.now = start.advanced(bySeconds: second)
            #expect(sitting.floor.remainingSeconds(at: sitting.town.now) == 180 - second)
            for case .timed(let event) in sitting.tick() { told[second] = event.change }
        }
        #expect(told == [150: .warned, 180: .timeUp])
        // "Nobody is cut by itself; the chair decides."
        #expect(sitting.floor.current != nil)
        sitting.say("chair", .stop)
        #expect(sitting.floor.statements.map(\.seconds) == [200])
        #expect(sitting.floor.spokenSeconds(at: sitting.town.now).values.reduce(0, +) == 200)
    }

    /// "Withdrawing speaker 3 renumbers visibly."
    @Test func withdrawingTheThirdRenumbers() {
        var sitting = sitting()
        #expect(sitting.say("paraguay", .withdraw(.position(3))).floorCodes == [.notYours])
        sitting.say("ohchr", .withdraw(nil))
        #expect(sitting.list == ["paraguay", "kenya", "nhri", "ngo", "kenya"])
        #expect(sitting.floor.published(at: sitting.town.now).map(\.position) == [1, 2, 3, 4, 5])
        sitting.say("chair", .withdraw(.position(3)))
        #expect(sitting.list == ["paraguay", "kenya", "ngo", "kenya"])
        #expect(sitting.say("chair", .withdraw(.position(5))).floorCodes == [.noSuchEntry])
    }

    /// "After restart mid-statement the list and remaining time are right to the second", from the log and from a
    /// snapshot; and the warning that was told is not told again.
    @Test(arguments: [false, true]) func aRestartLosesNothing(fromSnapshot: Bool) {
        var sitting = sitting()
        sitting.say("chair", .draw(seed: 42))
        sitting.say("chair", .grant(nil))
        sitting.say("ohchr", .swap(.request(1)))
        let start = sitting.town.now
        sitting.tick(start.advanced(bySeconds: 155))
        let community = sitting.restarted(fromSnapshot: fromSnapshot)
        #expect(community.floors == sitting.town.community.floors)
        #expect(community.snapshotEvents() == sitting.town.community.snapshotEvents())
        let floor = community.floors.values.first
        let later = start.advanced(bySeconds: 161)
        let left = sitting.floor.remainingSeconds(at: later)
        #expect(floor?.remainingSeconds(at: later) == left)
        #expect(community.floorsDue(at: start.advanced(bySeconds: 156)) == sitting.tick())
    }

    /// "Rights of reply: number and length are configurable"; counted for the delegation, not for the person.
    @Test func aDelegationHasSoManyRepliesOfSoManySeconds() {
        var sitting = sitting()
        sitting.add("kenya2", .permanentMission, "KE")
        let second = sitting.say("kenya2", .reply(to: nil, FloorWish()))
        #expect(second.floorCodes == [])
        #expect(sitting.floor.published(at: sitting.town.now).suffix(2).map(\.limitSeconds) == [180, 120])
        #expect(sitting.say("kenya2", .reply(to: nil, FloorWish())).floorCodes == [.already])
        sitting.add("kenya3", .permanentMission, "KE")
        #expect(sitting.say("kenya3", .reply(to: nil, FloorWish())).floorCodes == [.repliesUsed])
        // The first one spoken, the second is still the second.
        sitting.say("chair", .grant(.position(6)))
        sitting.say("chair", .stop)
        #expect(sitting.floor.published(at: sitting.town.now).last?.limitSeconds == 120)
        #expect(sitting.say("kenya3", .reply(to: nil, FloorWish())).floorCodes == [.repliesUsed])
        sitting.rules(["limit.reply": "2m x3"])
        #expect(sitting.say("kenya3", .reply(to: .request(6), FloorWish())).floorCodes == [])
        #expect(sitting.say("ngo", .reply(to: .request(1), FloorWish())).floorCodes == [.noSuchEntry])
    }

    /// A point of order speaks before everybody, also while somebody has the floor, whose clock stands still.
    @Test func aPointOfOrderInterruptsAndTheClockStandsStill() {
        var sitting = sitting()
        sitting.say("chair", .grant(nil))
        let start = sitting.town.now
        sitting.town.now = start.advanced(bySeconds: 60)
        sitting.say("ngo", .point(FloorWish()))
        #expect(sitting.list.first == "ngo")
        #expect(sitting.say("chair", .grant(.position(2))).floorCodes == [.floorTaken])
        #expect(sitting.say("chair", .grant(nil)).floorCodes == [])
        #expect(sitting.floor.interrupted?.pending.request.name == "paraguay")
        sitting.say("nhri", .point(FloorWish()))
        #expect(sitting.say("chair", .grant(nil)).floorCodes == [.floorTaken], "one at a time")
        sitting.town.now = start.advanced(bySeconds: 90)
        let held = sitting.restarted(fromSnapshot: true)
        #expect(held.floors == sitting.town.community.floors)
        sitting.say("ngo", .yield)
        #expect(sitting.floor.current?.pending.request.name == "paraguay")
        #expect(sitting.floor.remainingSeconds(at: sitting.town.now) == 120)
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
        sitting.town.now = start.advanced(bySeconds: 100)
        sitting.say("paraguay", .yield)
        #expect(sitting.floor.statements.map(\.seconds) == [30, 70])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }

    /// EXTEND gives time from the end, or from now when it is over; the warning comes again if it is due again.
    @Test func extendingBringsTheWarningBack() {
        var sitting = sitting()
        sitting.say("chair", .grant(nil))
        let start = sitting.town.now
        sitting.tick(start.advanced(bySeconds: 150))
        sitting.say("chair", .extend(seconds: 60))
        #expect(sitting.floor.current?.ends == start.advanced(bySeconds: 240))
        #expect(sitting.tick(start.advanced(bySeconds: 209)) == [])
        #expect(sitting.tick(start.advanced(bySeconds: 210)).count == 1)
        #expect(sitting.tick(start.advanced(bySeconds: 300)).count == 1)
        sitting.say("chair", .extend(seconds: 20))
        #expect(sitting.floor.remainingSeconds(at: sitting.town.now) == 20)
        #expect(sitting.tick(start.advanced(bySeconds: 310)) == [], "there is nothing to warn of")
        #expect(sitting.tick(start.advanced(bySeconds: 320)).count == 1)
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }

    /// "CUT: the list is cut off for lack of time": statements are not heard any more, replies are.
    @Test func cuttingTakesTheStatementsOffTheList() {
        var sitting = sitting()
        sitting.say("chair", .grant(nil))
        #expect(
            sitting.floor.subjects(of: .closed(FloorClosed(channel: ChannelID(1), isCut: true, actor: nil)))
                .count == 4)
        sitting.say("chair", .cut)
        #expect(sitting.list == ["kenya"])
        #expect(sitting.floor.isCut)
        #expect(sitting.floor.current != nil)
        #expect(sitting.ask("nhri").floorCodes == [.listClosed])
        #expect(sitting.say("chair", .cut).floorCodes == [.already])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
        sitting.say("chair", .reopen)
        #expect(sitting.ask("nhri").floorCodes == [])
    }

    /// OPEN begins a list anew once nobody is on it, and numbers are never given again.
    @Test func aNewListForgetsWhoSpokeAndNotTheNumbers() {
        var sitting = FloorSitting()
        sitting.add("ann")
        #expect(sitting.say("chair", .reopen).floorCodes == [.notOpen])
        sitting.say("chair", .open)
        #expect(sitting.say("chair", .open).floorCodes == [.already])
        sitting.ask("ann")
        sitting.say("chair", .grant(.request(1)))
        sitting.say("ann", .yield)
        #expect(sitting.say("ann", .yield).floorCodes == [.nobodySpeaks])
        sitting.say("chair", .close)
        #expect(sitting.say("chair", .close).floorCodes == [.already])
        sitting.say("chair", .open)
        #expect(sitting.floor.statements == [])
        sitting.ask("ann")
        #expect(sitting.floor.order == [2])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }
}
