// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// The order of the speakers' list (docs/extensions/floor.md, "Order").
@Suite struct FloorOrderTests {
    private func sitting(_ people: KeyValuePairs<String, RegionalGroup>, order: FloorPolicy) -> FloorSitting {
        var sitting = FloorSitting()
        sitting.say("chair", .open)
        sitting.say("chair", .order(order))
        for (name, region) in people {
            sitting.add(name, .permanentMission, nil, region: region)
            sitting.ask(name)
        }
        return sitting
    }

    /// "Lots with seed 42 give the same order on every run" and on every machine: these are the numbers.
    @Test func lotsOfSeed42AreThese() {
        #expect(FloorDraw.order(seed: 42, count: 5) == FloorOrderTests.seed42)
        #expect(FloorDraw.order(seed: 42, count: 13) == [1, 12, 3, 5, 0, 8, 10, 6, 11, 4, 2, 7, 9])
        #expect(FloorDraw.order(seed: 42, count: 0) == [])
        #expect(FloorDraw.order(seed: .max, count: 1) == [0])
        var sitting = sitting(
            ["a": .african, "b": .african, "c": .african, "d": .african, "e": .african], order: .firstCome)
        #expect(sitting.say("chair", .order(.lots)).floorCodes == [.invalidParameters])
        sitting.say("chair", .draw(seed: 42))
        let names = ["a", "b", "c", "d", "e"]
        #expect(sitting.list == FloorOrderTests.seed42.map { names[$0] })
        #expect(sitting.floor.settings.seed == 42)
        // Whoever comes later stands behind, and nobody's leaving changes the lots of the others.
        sitting.add("f")
        sitting.ask("f")
        sitting.say(sitting.list[1], .withdraw(nil))
        let drawn = FloorOrderTests.seed42.map { names[$0] }
        #expect(sitting.list == [drawn[0], drawn[2], drawn[3], drawn[4], "f"])
        // Another order and back: the lots are as they were drawn.
        sitting.say("chair", .order(.firstCome))
        sitting.say("chair", .order(.lots))
        #expect(sitting.list == [drawn[0], drawn[2], drawn[3], drawn[4], "f"])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }

    private static let seed42 = [1, 2, 0, 4, 3]

    /// The first numbers of SplitMix64 with seed 1234567 (the reference implementation's).
    @Test func theGeneratorIsSplitMix64() {
        var draw = FloorDraw(seed: 1_234_567)
        #expect(draw.next() == 6_457_827_717_110_365_317)
        #expect(draw.next() == 3_203_168_211_198_807_973)
        #expect(draw.next() == 9_817_491_932_198_370_423)
        for bound in [1, 2, 3, 1 << 63, UInt64.max] {
            for _ in 0..<50 { #expect(draw.next(below: bound) < bound) }
        }
    }

    @Test func regionsTakeTurnsBeginningBehindTheOneThatSpokeLast() {
        var sitting = sitting(
            [
                "ke": .african, "ng": .african, "sn": .african, "jp": .asiaPacific,
                "py": .latinAmericanAndCaribbean,
                "co": .latinAmericanAndCaribbean, "ch": .westernEuropeanAndOthers,
            ], order: .regionalRotation)
        #expect(sitting.list == ["ke", "jp", "py", "ch", "ng", "co", "sn"])
        // The list stays the same while it is gone through.
        var spoken: [String] = []
        while let next = sitting.list.first {
            spoken.append(next)
            sitting.say("chair", .grant(nil))
            sitting.say("chair", .stop)
        }
        #expect(spoken == ["ke", "jp", "py", "ch", "ng", "co", "sn"])
    }

    @Test func whoSpokeLeastComesFirst() {
        var sitting = sitting(["a": .african, "b": .african, "c": .african], order: .fewestInterventions)
        sitting.say("chair", .grant(nil))
        sitting.say("a", .yield)
        sitting.ask("a")
        sitting.add("d")
        sitting.ask("d")
        #expect(sitting.list == ["b", "c", "d", "a"])
    }

    /// "SWAP: both must agree: the second SWAP names the first." Whoever takes the later place keeps it.
    @Test func twoSwapTheirPlaces() {
        var sitting = sitting(["a": .african, "b": .african, "c": .african], order: .statesFirst)
        sitting.add("ngo", .civilSociety)
        sitting.ask("ngo")
        #expect(sitting.list == ["a", "b", "c", "ngo"])
        #expect(sitting.say("a", .swap(.position(1))).floorCodes == [.invalidParameters])
        sitting.say("ngo", .swap(.position(1)))
        #expect(sitting.list == ["a", "b", "c", "ngo"])
        #expect(sitting.say("ngo", .swap(.request(1))).floorCodes == [.already])
        sitting.say("b", .swap(.position(1)))
        sitting.say("a", .swap(.position(4)))
        #expect(sitting.list == ["ngo", "b", "c", "a"])
        #expect(sitting.floor.proposals == [:], "what else was proposed was about other places")
        sitting.say("chair", .grant(nil))
        sitting.say("ngo", .yield)
        #expect(sitting.list == ["b", "c", "a"])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }

    /// "The 'A'-status NHRI of the country concerned speaks right after that country" (HRC res. 16/21, para. 28).
    @Test func anInstitutionFollowsItsCountry() {
        var sitting = sitting(["ke": .african, "py": .latinAmericanAndCaribbean], order: .statesFirst)
        sitting.add("nhri", .nationalInstitution, "KE")
        #expect(sitting.ask("nhri") { $0.after = .position(1) }.floorCodes == [.privilegesNeeded])
        sitting.ask("nhri")
        #expect(sitting.list == ["ke", "py", "nhri"])
        #expect(
            sitting.say("ke", .place(.position(3), after: .position(1))).floorCodes == [.privilegesNeeded])
        sitting.say("chair", .place(.position(3), after: .position(1)))
        #expect(sitting.list == ["ke", "nhri", "py"])
        #expect(
            sitting.say("chair", .place(.position(1), after: .position(2))).floorCodes == [],
            "a circle is no order")
        #expect(sitting.list.sorted() == ["ke", "nhri", "py"])
        sitting.say("chair", .place(.request(1), after: nil))
        sitting.say("chair", .grant(nil))
        sitting.say("ke", .yield)
        #expect(sitting.list == ["nhri", "py"], "its country has spoken")
        sitting.ask("chair") {
            $0.name = "R. Participant"
            $0.after = .request(3)
        }
        #expect(sitting.list == ["nhri", "R. Participant", "py"])
        #expect(sitting.restarted(fromSnapshot: true).floors == sitting.town.community.floors)
    }

    @Test func categoriesHaveTheirRank() {
        #expect(FloorCategory.allCases.sorted { $0.rank < $1.rank } == FloorCategory.allCases)
        for category in FloorCategory.allCases { #expect(FloorCategory(word: category.word) == category) }
        #expect(
            Affiliation.allCases.map { FloorCategory($0).word } == [
                "state", "state", "un-body", "un-body", "un-body", "intergovernmental", "intergovernmental",
                "nhri",
                "ngo", "ngo",
            ])
    }
}
