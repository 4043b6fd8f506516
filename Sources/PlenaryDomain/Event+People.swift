// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Facts about who people are.
package enum PeopleEvent: Hashable, Sendable {
    case profileSet(ProfileSet)
    /// What a profile will be once somebody signs up under the name that an invite keeps.
    case profileReserved(ProfileReserved)
}

/// An account's whole profile, in place of the one before.
package struct ProfileSet: Hashable, Sendable {
    package var account: AccountID
    package var profile: Profile

    package init(account: AccountID, profile: Profile) {
        self.account = account
        self.profile = profile
    }
}

package struct ProfileReserved: Hashable, Sendable {
    /// An account name that is free.
    package var name: Text
    package var profile: Profile

    package init(name: Text, profile: Profile) {
        self.name = name
        self.profile = profile
    }
}

/// Who somebody is in the community (docs/extensions/people.md). All of it is optional and self-declared, but for
/// the verification.
package struct Profile: Hashable, Sendable {
    /// In any script, NFC; it need not be a legal name. Empty: none was chosen.
    package var displayName: Text = ""
    package var affiliation: Affiliation?
    package var country: CountryCode?
    package var organisation: Text = ""
    /// In order of preference.
    package var languages: [LanguageTag] = []
    package var attendance: Attendance?
    /// For counts alone; no line and no answer shows it.
    package var region: RegionalGroup?
    package var verification: Verification?

    package init() {}

    /// Somebody with the right to do so knows that affiliation, country and organisation are true.
    package struct Verification: Hashable, Sendable {
        /// The account's name, or the list it was taken from.
        package var verifier: Text
        package var time: Timestamp

        package init(verifier: Text, time: Timestamp) {
            self.verifier = verifier
            self.time = time
        }
    }
}

/// Why a value is none for its key.
package enum ProfileError: Error, Hashable, Sendable {
    case invalidValue
    /// Nothing was there to be removed.
    case notSet
}

extension Profile {
    /// The value as it is shown; nil when there is none.
    package func value(of key: ProfileKey) -> Text? {
        switch key {
        case .displayName: displayName.isEmpty ? nil : displayName
        case .affiliation: affiliation.map { Text($0.word) }
        case .country: country.map { Text($0.description) }
        case .organisation: organisation.isEmpty ? nil : organisation
        case .languages:
            languages.isEmpty ? nil : Text(languages.map(\.description).joined(separator: ","))
        case .attendance: attendance.map { Text($0.word) }
        case .verified: verification.map { $0.verifier + " " + Text($0.time.iso8601) }
        }
    }

    /// Changes one value, nil removes it. Names are composed already. What was verified is not any more when it
    /// changes; the verification itself is not changed here.
    package mutating func set(_ key: ProfileKey, to value: Text?, nameByteLimit: Int) throws(ProfileError) {
        let before = self
        guard let value else {
            guard self.value(of: key) != nil else { throw .notSet }
            remove(key)
            dropVerification(unlike: before)
            return
        }
        switch key {
        case .displayName:
            guard GivenName.isValid(value.bytes, byteLimit: nameByteLimit) else { throw .invalidValue }
            displayName = value
        case .affiliation:
            guard let known = Affiliation(word: value.string) else { throw .invalidValue }
            affiliation = known
        case .country:
            guard let known = CountryCode(value.bytes) else { throw .invalidValue }
            country = known
        case .organisation:
            let limit = ProfileLimits.organisationByteLimit
            guard GivenName.isValid(value.bytes, byteLimit: limit) else { throw .invalidValue }
            organisation = value
        case .languages: languages = try Profile.languages(value)
        case .attendance:
            guard let known = Attendance(word: value.string) else { throw .invalidValue }
            attendance = known
        case .verified: throw .invalidValue
        }
        dropVerification(unlike: before)
    }

    private mutating func remove(_ key: ProfileKey) {
        switch key {
        case .displayName: displayName = ""
        case .affiliation: affiliation = nil
        case .country: country = nil
        case .organisation: organisation = ""
        case .languages: languages = []
        case .attendance: attendance = nil
        case .verified: verification = nil
        }
    }

    private mutating func dropVerification(unlike before: Profile) {
        if affiliation != before.affiliation || country != before.country
            || organisation != before.organisation
        {
            verification = nil
        }
    }

    /// Comma-separated tags, each once.
    private static func languages(_ value: Text) throws(ProfileError) -> [LanguageTag] {
        var tags: [LanguageTag] = []
        for part in value.bytes.split(separator: 44, omittingEmptySubsequences: false) {
            let word = part.drop { $0 == 32 }
            guard let tag = LanguageTag(word) else { throw .invalidValue }
            if !tags.contains(tag) { tags.append(tag) }
        }
        guard tags.count <= ProfileLimits.languageCountLimit else { throw .invalidValue }
        return tags
    }
}
