// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// SEARCH (IRCv3 proposal 496; docs/extensions/search.md).
extension Dialect {
    static func interpretSearch(_ line: Line) throws(Refusal) -> [Command] {
        guard let attributes = line.parameters.first, !attributes.isEmpty else {
            throw .search(code: .invalidParameters, context: ["*"])
        }
        var request = SearchRequest()
        for attribute in attributes.bytes.split(separator: 59) {
            let parts = attribute.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            let key = Text(parts[0])
            let tag = LineTag(key: key.string, escapedValue: parts.count > 1 ? Text(parts[1]) : nil)
            guard !tag.value.isEmpty, set(key, tag.value, in: &request) else {
                throw .search(code: .invalidParameters, context: [key])
            }
        }
        let hasCriterion =
            request.text != nil || request.author != nil || request.kind != nil || request.reference != nil
        guard hasCriterion else { throw .search(code: .invalidParameters, context: ["text"]) }
        return [.search(.search(request))]
    }

    /// False for a value that the key cannot have. A key that nobody knows is passed over.
    private static func set(_ key: Text, _ value: Text, in request: inout SearchRequest) -> Bool {
        switch key.string {
        case "text": request.text = value
        case "in": request.target = value
        case "from": request.author = value
        case "after": request.after = Timestamp(iso8601: value.bytes[...])
        case "before": request.before = Timestamp(iso8601: value.bytes[...])
        case "limit":
            guard let limit = Int(value.string), (1...50).contains(limit) else { return false }
            request.limit = limit
        case Vendor.name + "/lang": request.language = LanguageTag(value.bytes)
        case Vendor.name + "/kind": request.kind = MessageMark.Kind(rawValue: value.string)
        case Vendor.name + "/ref":
            request.reference =
                value.bytes.contains(58)
                ? DocumentReference(value.bytes) : DocumentReference(symbol: value.bytes)
        case Vendor.name + "/next": request.next = MessageID(value.bytes)
        default: return true
        }
        return isSet(key, request)
    }

    private static func isSet(_ key: Text, _ request: SearchRequest) -> Bool {
        switch key.string {
        case "after": request.after != nil
        case "before": request.before != nil
        case Vendor.name + "/lang": request.language != nil
        case Vendor.name + "/kind": request.kind != nil
        case Vendor.name + "/ref": request.reference != nil
        case Vendor.name + "/next": request.next != nil
        default: true
        }
    }

    /// What was found, newest first, each message as the reader sees it in history.
    package func renderSearch(
        _ entries: [HistoryEntry], reference: Text, isComplete: Bool, to session: Session,
        in community: Community
    ) -> [Line] {
        let hasBatch = session.capabilities.contains(.batch)
        var lines: [Line] = []
        if hasBatch {
            let isTagged = isComplete && session.capabilities.contains(.messageTags)
            lines.append(
                Line(
                    tags: isTagged ? [LineTag(Vendor.name + "/search-end")] : [], source: facts.name,
                    verb: "BATCH", ["+" + reference, "search"]))
        }
        for entry in entries {
            // What was found is shown in whatever language: the next page begins behind it.
            let shown = shown(
                [entry], thread: nil, to: session, in: community, showsAllTranslations: true)
            var parts = shown.flatMap(\.lines)
            if hasBatch { parts.putIntoBatch(reference) }
            lines += parts
        }
        if hasBatch { lines.append(Line(source: facts.name, verb: "BATCH", ["-" + reference])) }
        return lines
    }

    func renderSearch(_ code: SearchFailure, _ context: [Text], _ session: Session) -> Line {
        switch code {
        case .invalidTarget:
            fail("SEARCH", Text(code.rawValue), context, session, say: .threadTargetInvalid)
        case .invalidParameters: fail("SEARCH", Text(code.rawValue), context, session, say: .parameterInvalid)
        case .tooManyWords:
            fail(
                "SEARCH", Text(code.rawValue), [], session, say: .searchTooManyWords,
                [.limit: context.last ?? ""])
        case .rateLimited:
            fail(
                "SEARCH", Text(code.rawValue), context, session, say: .rateLimited,
                [.seconds: context.last ?? ""])
        case .unavailable:
            fail(
                "SEARCH", Text(code.rawValue), [], session, say: .searchUnavailable,
                [.count: context.last ?? "0"])
        case .timedOut: fail("SEARCH", Text(code.rawValue), [], session, say: .searchTimedOut)
        }
    }
}
