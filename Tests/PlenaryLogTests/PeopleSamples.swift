// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private func profile(_ change: (inout Profile) -> Void) -> Profile {
    var profile = Profile()
    change(&profile)
    return profile
}

/// Every event of people, with and without what may be absent.
let peopleEvents: [Event] = [
    .people(
        .profileSet(
            ProfileSet(
                account: AccountID(7),
                profile: profile {
                    $0.displayName = "أمينة ب."
                    $0.affiliation = .nationalInstitution
                    $0.country = CountryCode("KE")
                    $0.organisation = "KNCHR"
                    $0.languages = ["fr", "zh-Hans"].compactMap { LanguageTag($0) }
                    $0.attendance = .remote
                    $0.region = .african
                    $0.verification = Profile.Verification(
                        verifier: "maria", time: Timestamp(microseconds: 1_700_000_000_123_456))
                }))),
    .people(.profileSet(ProfileSet(account: AccountID(8), profile: Profile()))),
    .people(
        .profileReserved(
            ProfileReserved(name: "bo", profile: profile { $0.affiliation = .permanentMission }))),
]
