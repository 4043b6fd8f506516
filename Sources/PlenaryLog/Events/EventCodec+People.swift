// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of profiles:
///
///     type                   fields, those in [] absent when nil, zero or empty
///     40 profileSet          account, then a profile
///     41 profileReserved     name, then a profile
///
/// A profile is [displayName], [affiliation], [country], [organisation], [language]…, [attendance], [region],
/// [verifier, verified].
enum PeopleFieldTag {
    static let displayName: UInt8 = 50
    /// 1 byte: `Affiliation`.
    static let affiliation: UInt8 = 51
    /// Two capital letters.
    static let country: UInt8 = 52
    static let organisation: UInt8 = 53
    /// A language tag in canonical case.
    static let language: UInt8 = 54
    /// 1 byte: `Attendance`.
    static let attendance: UInt8 = 55
    /// 1 byte: `RegionalGroup`.
    static let region: UInt8 = 56
    static let verifier: UInt8 = 57
    /// Microseconds, 8 bytes.
    static let verified: UInt8 = 58
}

extension EventCodec {
    static func append(_ event: PeopleEvent, to bytes: inout [UInt8]) {
        switch event {
        case .profileSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            append(event.profile, to: &bytes)
        case .profileReserved(let event):
            bytes.appendField(FieldTag.name, event.name)
            append(event.profile, to: &bytes)
        }
    }

    private static func append(_ profile: Profile, to bytes: inout [UInt8]) {
        bytes.appendFieldUnlessEmpty(PeopleFieldTag.displayName, profile.displayName)
        if let affiliation = profile.affiliation {
            bytes.appendField(PeopleFieldTag.affiliation, affiliation.rawValue)
        }
        if let country = profile.country {
            bytes.appendField(PeopleFieldTag.country, Text(country.description))
        }
        bytes.appendFieldUnlessEmpty(PeopleFieldTag.organisation, profile.organisation)
        for language in profile.languages {
            bytes.appendField(PeopleFieldTag.language, Text(language.description))
        }
        if let attendance = profile.attendance {
            bytes.appendField(PeopleFieldTag.attendance, attendance.rawValue)
        }
        if let region = profile.region { bytes.appendField(PeopleFieldTag.region, region.rawValue) }
        if let verification = profile.verification {
            bytes.appendField(PeopleFieldTag.verifier, verification.verifier)
            bytes.appendField(PeopleFieldTag.verified, verification.time.microseconds)
        }
    }

    static func decodePeople(_ start: FieldCursor, _ type: EventType) throws(EventCodecError) -> PeopleEvent {
        var cursor = start
        var account: AccountID?
        var name: Text?
        var profile = Profile()
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.account: account = AccountID(try cursor.integer(field))
            case FieldTag.name: name = cursor.text(field)
            default: try read(field, cursor, into: &profile)
            }
        }
        if type == .profileReserved {
            guard let name else { throw .missingField(tag: FieldTag.name) }
            return .profileReserved(ProfileReserved(name: name, profile: profile))
        }
        guard let account else { throw .missingField(tag: FieldTag.account) }
        return .profileSet(ProfileSet(account: account, profile: profile))
    }

    private static func read(
        _ field: Field, _ cursor: FieldCursor, into profile: inout Profile
    ) throws(EventCodecError) {
        switch field.tag {
        case PeopleFieldTag.displayName: profile.displayName = cursor.text(field)
        case PeopleFieldTag.affiliation: profile.affiliation = try cursor.choice(field)
        case PeopleFieldTag.country:
            guard let country = CountryCode(cursor.bytes(field)) else {
                throw .unknownValue(tag: field.tag, value: UInt64(field.byteCount))
            }
            profile.country = country
        case PeopleFieldTag.organisation: profile.organisation = cursor.text(field)
        case PeopleFieldTag.language:
            guard let language = LanguageTag(cursor.bytes(field)) else {
                throw .unknownValue(tag: field.tag, value: UInt64(field.byteCount))
            }
            profile.languages.append(language)
        case PeopleFieldTag.attendance: profile.attendance = try cursor.choice(field)
        case PeopleFieldTag.region: profile.region = try cursor.choice(field)
        case PeopleFieldTag.verifier:
            let time = profile.verification?.time ?? Timestamp(microseconds: 0)
            profile.verification = Profile.Verification(verifier: cursor.text(field), time: time)
        case PeopleFieldTag.verified:
            let verifier = profile.verification?.verifier ?? ""
            profile.verification = Profile.Verification(
                verifier: verifier, time: Timestamp(microseconds: try cursor.integer(field)))
        default: break
        }
    }
}
