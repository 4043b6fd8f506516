// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Who may do what with the list, within which limits, and what is left of it (docs/extensions/floor.md).
@Suite struct FloorRuleTests {
    private func open(_ names: String...) -> FloorSitting {
        var sitting = FloorSitting()
        for name in names { sitting.add(name) }
        sitting.say("chair", .open)
        return sitting
    }

    // MARK: Who may

    @Test func onlyTheChairDoesWhatTheChairDoes() {
        var sitting = open("ann")
        let deeds: [FloorDeed] = [
            .grant(nil), .stop, .extend(seconds: 60), .open, .reopen, .close, .cut, .order(.statesFirst),
            .draw(seed: 1), .place(.position(1), after: nil),
            .settings([FloorPair(key: "order", value: "first-come")]),
        ]
        for deed in deeds { #expect(sitting.say("ann", deed).floorCodes == [.privilegesNeeded], "\(deed)") }
        #expect(sitting.ask("ann") { $0.name = "Somebody" }.floorCodes == [.privilegesNeeded])
        sitting.add("watcher", role: .observer)
        #expect(sitting.ask("watcher").floorCodes == [.privilegesNeeded])
        #expect(sitting.say("watcher", .list).floorCodes == [])
    }

    /// "A channel that one may not know of answers as if it did not exist."
    @Test func whoIsNotThereIsAnsweredAsIfThereWereNone() {
        var sitting = open("ann")
        let outsider = sitting.town.connect("bob", account: sitting.town.account("bob"))
        for channel: Text in ["#s", "#none"] {
            let outcomes = sitting.town.say(.floor(FloorCommand(channel: channel, deed: .list)), by: outsider)
            #expect(outcomes.refusals == [.floor(code: .invalidTarget, context: [channel])])
        }
    }

    /// `name=` is for those who manage the floor, and for a relay, which withdraws what it entered.
    @Test func aRelayEntersPeopleWithoutAnAccount() {
        var sitting = open("ann")
        sitting.add("zoom", role: .technician)
        #expect(sitting.ask("zoom").floorCodes == [.invalidTarget], "it reads nothing")
        #expect(sitting.ask("zoom") { $0.name = "R. Participant" }.floorCodes == [])
        #expect(sitting.ask("zoom") { $0.name = "r. participant" }.floorCodes == [.already])
        #expect(sitting.list == ["R. Participant"])
        #expect(sitting.floor.pending[1]?.request.account == nil)
        #expect(sitting.say("ann", .withdraw(.position(1))).floorCodes == [.notYours])
        #expect(sitting.say("zoom", .withdraw(nil)).floorCodes == [])
        #expect(sitting.list == [])
        #expect(sitting.ask("chair") { $0.name = "\u{202E}x" }.floorCodes == [.invalidParameters])
    }

    /// What is missing is taken from the profile; what was verified is contradicted by the chair alone.
    @Test func theProfileGivesTheDefaults() {
        var sitting = open()
        sitting.add("ann", .nationalInstitution, "KE", region: .african)
        sitting.ask("ann")
        let request = sitting.floor.pending[1]?.request
        #expect(request?.category == .nationalInstitution)
        #expect(request?.delegation == CountryCode("KE"))
        #expect(request?.region == .african)
        #expect(request?.party == sitting.floor.pending[1]?.request.account.map { .account($0) })
        #expect(
            sitting.ask("ann") {
                $0.item = "2"
                $0.region = .noGroup
            }.floorCodes == [.privilegesNeeded])
        #expect(
            sitting.ask("ann") {
                $0.item = "2"
                $0.category = .state
            }.floorCodes == [], "nobody has verified it")
        var profile = Profile()
        profile.affiliation = .civilSociety
        profile.verification = Profile.Verification(verifier: "sec", time: sitting.town.now)
        let account = sitting.town.account("ann")
        sitting.town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
        #expect(
            sitting.ask("ann") {
                $0.item = "3"
                $0.category = .state
            }.floorCodes == [.privilegesNeeded])
    }

    // MARK: Limits

    @Test func aPersonHasSoManyRequestsAndNoneTwice() {
        var sitting = open("ann")
        let limit = sitting.town.community.policy.limits.floorRequestCountLimit
        for item in 1...limit { #expect(sitting.ask("ann") { $0.item = Text("\(item)") }.floorCodes == []) }
        #expect(sitting.ask("ann") { $0.item = "1" }.floorCodes == [.already])
        #expect(sitting.ask("ann") { $0.item = "x" }.floorCodes == [.limitReached])
        #expect(sitting.say("ann", .withdraw(nil)).floorCodes == [.invalidParameters], "which of them?")
        sitting.say("ann", .withdraw(.position(1)))
        #expect(sitting.ask("ann") { $0.item = "x" }.floorCodes == [])
    }

    @Test func aListHasSoManyRequests() {
        var sitting = open()
        for count in 1...FloorLimits.requestCountLimit {
            #expect(sitting.ask("chair") { $0.name = Text("P\(count)") }.floorCodes == [])
        }
        #expect(sitting.ask("chair") { $0.name = "One more" }.floorCodes == [.limitReached])
        sitting.say("chair", .withdraw(.position(500)))
        #expect(sitting.ask("chair") { $0.name = "One more" }.floorCodes == [])
        #expect(sitting.list.count == FloorLimits.requestCountLimit)
    }

    @Test func aListHasSoManyStatements() {
        var sitting = open()
        func speak() -> [FloorFailure] {
            let asked = sitting.ask("chair") { $0.name = "P" }.floorCodes
            let granted = sitting.say("chair", .grant(nil)).floorCodes
            sitting.say("chair", granted.isEmpty ? .stop : .withdraw(.position(1)))
            return asked + granted
        }
        for count in 1...FloorLimits.statementCountLimit { #expect(speak() == [], "statement \(count)") }
        for _ in 0..<100 { #expect(speak() == [.limitReached]) }
        #expect(sitting.floor.statements.count == FloorLimits.statementCountLimit)
    }

    @Test func textsHaveLimits() {
        var sitting = open("ann")
        #expect(
            sitting.ask("ann") { $0.item = .filler(FloorLimits.itemByteLimit + 1) }.floorCodes == [
                .invalidParameters
            ])
        #expect(sitting.ask("ann") { $0.item = .filler(FloorLimits.itemByteLimit) }.floorCodes == [])
        #expect(sitting.ask("ann") { $0.behalf = .filler(101) }.floorCodes == [.invalidParameters])
        #expect(sitting.ask("ann") { $0.behalf = .filler(100) }.floorCodes == [])
        #expect(
            sitting.ask("chair") { $0.name = .filler(FloorLimits.nameByteLimit + 1) }.floorCodes == [
                .invalidParameters
            ])
        #expect(sitting.ask("chair") { $0.name = .filler(FloorLimits.nameByteLimit) }.floorCodes == [])
    }

    @Test func aStatementIsExtendedOnlySoFar() {
        var sitting = open("ann")
        sitting.ask("ann")
        #expect(sitting.say("chair", .extend(seconds: 60)).floorCodes == [.nobodySpeaks])
        sitting.say("chair", .grant(nil))
        for seconds: UInt32 in [4, 7201] {
            #expect(sitting.say("chair", .extend(seconds: seconds)).floorCodes == [.invalidParameters])
        }
        // 2 minutes are given; 4 hours are the most.
        #expect(sitting.say("chair", .extend(seconds: 7200)).floorCodes == [])
        #expect(sitting.say("chair", .extend(seconds: 7081)).floorCodes == [.limitReached])
        #expect(sitting.say("chair", .extend(seconds: 7080)).floorCodes == [])
    }

    @Test func requestsAreRateLimited() {
        var sitting = FloorSitting { $0.limits.rates = [.floor: RateRule(2, perSeconds: 60)] }
        sitting.add("ann")
        sitting.say("chair", .open)
        sitting.ask("ann")
        #expect(sitting.say("ann", .withdraw(nil)).floorCodes == [])
        #expect(sitting.ask("ann").floorCodes == [.rateLimited])
        #expect(sitting.say("ann", .list).floorCodes == [], "looking is free")
        sitting.town.now = sitting.town.now.advanced(bySeconds: 61)
        #expect(sitting.ask("ann").floorCodes == [])
    }

    @Test func withoutSpaceNothingIsPromised() {
        var sitting = open("ann")
        sitting.town.hasSpace = false
        #expect(sitting.ask("ann").refusals == [.storageIsFull(verb: "FLOOR")])
    }

    // MARK: Voice

    /// "`+v` mirrors the grant", survives a leave and a restart, and goes with the floor.
    @Test func theFloorIsAVoice() {
        var sitting = open("ann", "bob")
        sitting.ask("ann")
        let granted = sitting.say("chair", .grant(nil))
        #expect(
            granted.modes.map(\.changes) == [
                [
                    ModeChange(
                        letter: 118, isAdded: true, argument: "ann", account: sitting.town.account("ann"))
                ]
            ])
        let ann = sitting.session("ann")
        #expect(sitting.town.channel("#s")?.members[ann] == .voice)
        sitting.town.say(.membership(.part(channel: "#s", reason: nil)), by: ann)
        sitting.town.join(ann, "#s")
        #expect(sitting.town.channel("#s")?.members[ann] == .voice)
        let later = sitting.restarted(fromSnapshot: true)
        #expect(later.channels.values.first?.standingRoles[sitting.town.account("ann")] == .voice)
        #expect(sitting.say("ann", .yield).modes.map { $0.changes.map(\.isAdded) } == [[false]])
        #expect(sitting.town.channel("#s")?.members[ann] == [])
        #expect(sitting.town.channel("#s")?.standingRoles[sitting.town.account("ann")] == nil)
    }

    @Test func whoHadVoiceKeepsIt() {
        var sitting = open("ann")
        sitting.town.mode(sitting.chair, "#s", [("+o", "chair")])
        sitting.town.apply([
            .event(
                .modesChanged(
                    ModesChanged(
                        channel: sitting.floor.channel, channelName: "#s",
                        changes: [ModeChange(letter: 118, isAdded: true, argument: "ann")],
                        actor: Actor(source: "srv", account: nil, accountName: nil))))
        ])
        sitting.ask("ann")
        #expect(sitting.say("chair", .grant(nil)).modes == [])
        #expect(sitting.say("chair", .stop).modes == [])
        #expect(sitting.town.channel("#s")?.members[sitting.session("ann")] == .voice)
    }

    @Test func whoIsNotThereGetsNoVoice() {
        var sitting = open("ann")
        sitting.ask("ann")
        sitting.town.quit(sitting.session("ann"))
        #expect(sitting.say("chair", .grant(nil)).modes == [])
        #expect(sitting.floor.current?.isVoiced == false)
        #expect(sitting.say("chair", .stop).modes == [])
    }

    // MARK: What stays of a person

    /// "Erasure of a person: the requests' names go"; what the counts are made of stays. The log that is rewritten
    /// gives the same list as the server has.
    @Test func anErasedPersonsNameIsGone() {
        var sitting = open("ann", "bob")
        let ann = sitting.town.account("ann")
        sitting.ask("ann") {
            $0.behalf = "Ann and friends"
            $0.delegation = CountryCode("PY")
            $0.category = .state
        }
        sitting.say("chair", .grant(nil))
        sitting.say("ann", .yield)
        sitting.ask("ann") { $0.item = "ann's" }
        sitting.ask("bob")
        sitting.say("bob", .swap(.position(1)))
        sitting.say("ann", .swap(.position(2)))
        sitting.ask("chair") { $0.name = "Ann" }
        let log = sitting.town.log
        let plan = ErasurePlan(accounts: [ann])
        sitting.town.record(.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: ""))))
        var names = ErasureNames()
        for logged in log { names.learn(from: logged.event, plan) }
        let rewritten = log.compactMap { logged -> LoggedEvent? in
            switch logged.event.erased(by: plan, at: logged.offset, names) {
            case .unchanged: return logged
            case .removed: return nil
            case .replaced(let event):
                return LoggedEvent(offset: logged.offset, time: logged.time, event: event)
            }
        }
        let text = "\(sitting.floor)"
        #expect(!text.contains("Ann and friends") && !text.contains("ann's"))
        #expect(sitting.list == ["bob", "former-member-\(ann.value)", "former-member-\(ann.value)"])
        #expect(sitting.floor.statements.first?.grant.pending.request.delegation == CountryCode("PY"))
        #expect(
            Community.replayed(rewritten, sitting.town.community.policy).floors
                == sitting.town.community.floors)
    }

    /// MYDATA: a person's requests are their records.
    @Test func requestsAreTheirOwnersRecords() {
        var sitting = open("ann", "bob")
        sitting.ask("ann") { $0.item = "2" }
        let owner = RecordOwner(account: sitting.town.account("ann"), name: "ann")
        let other = RecordOwner(account: sitting.town.account("bob"), name: "bob")
        let mine = sitting.town.log.compactMap { $0.event.record(of: owner) }.filter {
            $0.kind == "floor-request"
        }
        #expect(mine.count == 1)
        #expect(mine.first?.fields.contains(OwnRecord.Field("item", "2")) ?? false)
        #expect(!sitting.town.log.contains { $0.event.record(of: other)?.kind == "floor-request" })
    }

    @Test func theListGoesWithItsChannel() {
        var sitting = open("ann")
        let id = sitting.floor.channel
        sitting.town.record(.channelDissolved(ChannelDissolved(channel: id)))
        #expect(sitting.town.community.floors == [:])
    }

    // MARK: Rules as text

    @Test func rulesAreReadAndWrittenTheSame() {
        var settings = FloorSettings()
        let start = FloorSitting.geneva(10, 0)
        for (key, value) in [
            ("open", "-15m"), ("close", "+30m"), ("limit.state", "3m"), ("limit.other", "2m"),
            ("limit.nhri", "90"), ("reply", "2m x1"), ("limit.point", "30s"), ("order", "states-first"),
        ] {
            let isSet = settings.set(key, to: value, start: start)
            #expect(isSet, "\(key)")
        }
        #expect(settings.opens == FloorSitting.geneva(9, 45))
        #expect(settings.closes == FloorSitting.geneva(10, 30))
        #expect(settings.replySeconds == [120])
        #expect(settings.seconds(of: .nationalInstitution) == 90)
        #expect(settings.seconds(of: .nonGovernmental) == 120)
        var again = FloorSettings()
        for pair in settings.pairs {
            let isSet = again.set(pair.key, to: pair.value)
            #expect(isSet, "\(pair)")
        }
        #expect(again == settings)
        let wrong = [
            ("open", "-15m"), ("open", "soon"), ("open", ""), ("limit.state", "4"), ("limit.state", "7201"),
            ("limit.state", "3x"), ("limit.state", "-3m"), ("limit.kings", "3m"), ("order", "lots"),
            ("order", "last"), ("reply", "2m x6"), ("reply", "1,2"), ("reply", "60,60,60,60,60,60"),
            ("limit.state", "9999999"), ("colour", "red"),
        ]
        for (key, value) in wrong {
            let isSet = again.set(key, to: value)
            #expect(!isSet, "\(key)=\(value)")
        }
        #expect(again == settings)
        for value in ["5", "7200", "2h"] {
            let isSet = again.set("limit.state", to: value)
            #expect(isSet, "\(value)")
        }
        let isSet = again.set("reply", to: "none")
        #expect(isSet && again.replySeconds == [])
    }

    @Test func aListIsNotSetToCloseInThePast() {
        var sitting = open()
        #expect(sitting.rules(["close": "2023-06-23T06:59:59Z"]).floorCodes == [.invalidParameters])
        #expect(sitting.rules(["close": "2023-06-23T07:00:00Z"]).floorCodes == [.invalidParameters])
        #expect(sitting.rules(["close": "2023-06-23T07:00:01Z"]).floorCodes == [])
        #expect(sitting.rules(["close": "2023-06-23T07:00:01Z"]).floorCodes == [.already])
        #expect(sitting.rules(["nothing": "1"]).floorCodes == [.invalidParameters])
        #expect(sitting.floor.phase == .open)
    }
}
