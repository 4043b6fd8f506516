// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    /// The one reply of each refusal. Exhaustive, so that a new refusal does not compile without its reply.
    package func render(_ refusal: Refusal, to session: Session, in community: Community) -> [Line] {
        func reply(
            _ kind: Numeric, _ context: [Text], _ key: ServerText,
            _ values: KeyValuePairs<Placeholder, Text> = [:]
        ) -> [Line] {
            [numeric(kind, session, context.map(Dialect.word), say: key, values)]
        }
        switch refusal {
        case .unknownCommand(let verb): return reply(.unknownCommand, [verb], .unknownCommand)
        case .needMoreParameters(let verb): return reply(.needMoreParameters, [verb], .needMoreParameters)
        case .notRegistered: return reply(.notRegistered, [], .notRegistered)
        case .inputTooLong: return reply(.inputTooLong, [], .inputTooLong)
        case .rateLimited(let verb, let seconds):
            return [
                fail(verb, "RATE_LIMITED", [], session, say: .rateLimited, [.seconds: Text(number: seconds)])
            ]
        case .invalidUTF8(let verb):
            return [fail(Dialect.word(verb), "INVALID_UTF8", [], session, say: .invalidUTF8)]
        case .noNicknameGiven: return reply(.noNicknameGiven, [], .noNicknameGiven)
        case .erroneousNickname(let nick): return reply(.erroneousNickname, [nick], .erroneousNickname)
        case .nicknameInUse(let nick): return reply(.nicknameInUse, [nick], .nicknameInUse)
        case .nicknameIsAccountName(let nick):
            return reply(
                .erroneousNickname, [nick], .nicknameMustBeAccount, [.account: session.accountName ?? "*"])
        case .passwordMismatch: return reply(.passwordMismatch, [], .passwordMismatch)
        case .alreadyRegistered: return reply(.alreadyRegistered, [], .alreadyRegistered)
        case .invalidCapabilityCommand(let sub):
            return reply(.invalidCapCommand, [sub], .capabilityCommandInvalid)
        case .accountRequired: return [fail("*", "ACCOUNT_REQUIRED", [], session, say: .signInRequired)]
        case .noOrigin: return reply(.noOrigin, [], .noOrigin)
        case .noSuchNick(let nick): return reply(.noSuchNick, [nick], .noSuchNick)
        case .wasNoSuchNick(let nick): return reply(.wasNoSuchNick, [nick], .wasNoSuchNick)
        case .noSuchServer(let name): return reply(.noSuchServer, [name], .noSuchServer)
        case .noSuchChannel(let name): return reply(.noSuchChannel, [name], .noSuchChannel)
        case .notOnChannel(let name): return reply(.notOnChannel, [name], .notOnChannel)
        case .userNotInChannel(let nick, let name):
            return reply(.userNotInChannel, [nick, name], .userNotInChannel)
        case .userOnChannel(let nick, let name): return reply(.userOnChannel, [nick, name], .userOnChannel)
        case .tooManyTargets(let names):
            return reply(
                .tooManyTargets, [names], .tooManyTargets,
                [.limit: Text(number: community.policy.limits.targetCountLimit)])
        case .tooManyChannels(let name): return reply(.tooManyChannels, [name], .tooManyChannels)
        case .channelIsFull(let name): return reply(.channelIsFull, [name], .channelIsFull)
        case .inviteOnly(let name): return reply(.inviteOnlyChannel, [name], .inviteOnlyChannel)
        case .badChannelKey(let name): return reply(.badChannelKey, [name], .badChannelKey)
        case .channelCreationDenied(let name): return reply(.noSuchChannel, [name], .mayNotCreateChannel)
        case .cannotSendToPerson(let name):
            return reply(.cannotSendToChannel, [name], .threadPrivilegesNeeded)
        case .noRecipient(let verb): return reply(.noRecipient, [], .noRecipient, [.command: verb])
        case .noTextToSend: return reply(.noTextToSend, [], .noTextToSend)
        case .cannotSendToChannel(let name): return reply(.cannotSendToChannel, [name], .cannotSendToChannel)
        case .controlMessageRefused(let name):
            let isChannel = name.bytes.first == 35
            return reply(
                isChannel ? .cannotSendToChannel : .cannotSendToUser, [name], .controlMessagesForbidden)
        case .messageTooLong: return reply(.inputTooLong, [], .inputTooLong)
        case .invalidClientToken(let verb):
            return [
                fail(
                    verb, "INVALID_TOKEN", [], session, say: .tokenInvalid,
                    [.limit: Text(number: TokenLimits.clientTokenByteLimit)])
            ]
        case .storageIsFull(let verb): return [fail(verb, "STORAGE_FULL", [], session, say: .diskFull)]
        case .channelOperatorNeeded(let name):
            return reply(.channelOperatorNeeded, [name], .channelOperatorNeeded)
        case .unknownMode(let letter, _):
            return reply(.unknownMode, [letter < 128 ? Text([letter]) : "?"], .unknownMode)
        case .invalidModeParameter(let target, let letter, let parameter, _):
            return reply(.invalidModeParameter, [target, Text([letter]), parameter], .invalidModeParameter)
        case .invalidKey(let name): return reply(.invalidKey, [name], .invalidKey)
        case .listFull(let name, let letter):
            return reply(.banListFull, [name, Text([letter])], .banListFull)
        case .usersDoNotMatch: return reply(.usersDontMatch, [], .otherUsersModes)
        case .unknownUserMode: return reply(.unknownUserModeFlag, [], .unknownUserMode)
        case .textTooLong: return reply(.inputTooLong, [], .inputTooLong)
        case .invalidRealName:
            return [fail("SETNAME", "INVALID_REALNAME", [], session, say: .realNameInvalid)]
        case .noPrivileges: return reply(.noPrivileges, [], .noPrivileges)
        case .thread(let verb, let code, let context):
            return [renderThread(verb, code, context, session)]
        case .markerInvalid(let context):
            let code: Text = context.isEmpty ? "NEED_MORE_PARAMS" : "INVALID_PARAMS"
            return [fail("MARKREAD", code, context, session, say: .parameterInvalid)]
        case .redaction(let code, let context):
            return [renderRedaction(code, context, session)]
        case .moderation(let refusal): return render(refusal, to: session)
        case .search(let code, let context): return [renderSearch(code, context, session)]
        case .retention(let verb, let code, let context):
            return [renderRetention(verb, code, context, session)]
        case .mark(let verb, let error): return [renderMark(verb, error, session)]
        case .people(let refusal): return [render(refusal, to: session)]
        case .account(let refusal): return render(refusal, to: session, in: community)
        case .meeting(let code, let context): return [renderMeeting(code, context, session)]
        case .outsideMeeting(let verb, let target, let refusal):
            return render(refusal, verb, target, to: session, in: community)
        case .floor(let code, let context): return [render(floor: code, context, session)]
        case .relaying(let verb, let code, let context):
            return [renderRelaying(verb, code, context, session)]
        case .languages(let verb, let code, let context):
            return [renderLanguages(verb, code, context, session)]
        case .helpNotFound(let subject): return reply(.helpNotFound, [subject], .helpNotFound)
        case .unknownLanguage(let code):
            return [fail("LANGUAGE", "INVALID_PARAMS", [code], session, say: .parameterInvalid)]
        case .gathering(let verb, let code, let context):
            return [renderGathering(verb, code, context, session)]
        case .monitorListFull(let limit, let targets):
            return reply(.monitorListFull, [Text(number: limit), targets], .monitorListFull)
        case .multilineMaxBytes, .multilineMaxLines, .multilineInvalidTarget, .multilineInvalid,
            .batchInvalid:
            return renderMultiline(refusal, session)
        case .saslFailed, .saslTooLong, .saslAborted, .saslAlready, .saslMechanisms, .saslBusy, .registration,
            .devices:
            return renderAccounts(refusal, session, community)
        case .historyInvalidTarget, .historyInvalidParameters, .historyInvalidReference,
            .historyUnknownCommand,
            .historyUnavailable:
            return renderHistory(refusal, session)
        }
    }

    /// FAIL BATCH … (IRCv3 multiline, "Errors").
    private func renderMultiline(_ refusal: Refusal, _ session: Session) -> [Line] {
        switch refusal {
        case .multilineMaxBytes(let limit):
            let value = Text(number: limit)
            return [
                fail(
                    "BATCH", "MULTILINE_MAX_BYTES", [value], session, say: .multilineTooManyBytes,
                    [.limit: value])
            ]
        case .multilineMaxLines(let limit):
            let value = Text(number: limit)
            return [
                fail(
                    "BATCH", "MULTILINE_MAX_LINES", [value], session, say: .multilineTooManyLines,
                    [.limit: value])
            ]
        case .multilineInvalidTarget(let expected, let found):
            return [
                fail(
                    "BATCH", "MULTILINE_INVALID_TARGET", [expected, found], session,
                    say: .multilineTargetDiffers)
            ]
        case .batchInvalid(let verb, let reference):
            return [fail(verb, "MULTILINE_INVALID", [reference], session, say: .multilineInvalid)]
        default: return [fail("BATCH", "MULTILINE_INVALID", [], session, say: .multilineInvalid)]
        }
    }

    private func renderAccounts(_ refusal: Refusal, _ session: Session, _ community: Community) -> [Line] {
        switch refusal {
        case .saslTooLong: return [numeric(.saslTooLong, session, say: .saslTooLong)]
        case .saslAborted: return [numeric(.saslAborted, session, say: .saslAborted)]
        case .saslAlready: return [numeric(.saslAlready, session, say: .saslAlready)]
        case .saslMechanisms:
            return [numeric(.saslMechanisms, session, [mechanisms(in: community)], say: .saslMechanisms)]
        case .saslBusy: return [numeric(.saslFail, session, say: .signInBusy)]
        case .registration(let verb, let code, let account):
            let (key, limit) = registrationText(code, community)
            return [
                fail(
                    verb, Text(code.rawValue), [account], session, say: key,
                    [.limit: limit, .account: account])
            ]
        case .devices(let code, let context):
            let key: ServerText = code == .accountRequired ? .signInRequired : .parameterInvalid
            return [fail("DEVICES", Text(code.rawValue), [context], session, say: key)]
        default: return [numeric(.saslFail, session, say: .saslFailed)]
        }
    }

    private func registrationText(_ code: RegistrationFailure, _ community: Community) -> (ServerText, Text) {
        let lengths = community.policy.limits.passwordByteLimits
        switch code {
        case .accountExists: return (.accountExists, "")
        case .accountNameMustBeNick: return (.accountNameMustBeNick, "")
        case .alreadyAuthenticated: return (.alreadySignedIn, "")
        case .badAccountName: return (.accountNameInvalid, "")
        case .completeConnectionRequired: return (.registrationTooEarly, "")
        case .invalidEmail: return (.parameterInvalid, "")
        case .needNick: return (.noNicknameGiven, "")
        case .temporarilyUnavailable: return (.signInBusy, "")
        case .unacceptablePassword: return (.passwordTooLong, Text(number: lengths.upperBound))
        case .weakPassword: return (.passwordTooShort, Text(number: lengths.lowerBound))
        case .invalidCode: return (.inviteInvalid, "")
        }
    }

    /// FAIL CHATHISTORY … (IRCv3 chathistory, "Errors and Warnings").
    private func renderHistory(_ refusal: Refusal, _ session: Session) -> [Line] {
        switch refusal {
        case .historyInvalidParameters(let sub, let found):
            return [fail("CHATHISTORY", "INVALID_PARAMS", [sub] + found, session, say: .parameterInvalid)]
        case .historyInvalidReference(let sub, let found):
            return [
                fail(
                    "CHATHISTORY", "INVALID_MSGREFTYPE", [sub, found], session, say: .messageReferenceInvalid)
            ]
        case .historyUnknownCommand(let sub):
            return [fail("CHATHISTORY", "UNKNOWN_COMMAND", [sub], session, say: .subcommandInvalid)]
        case .historyUnavailable(let sub, let target):
            return [fail("CHATHISTORY", "MESSAGE_ERROR", [sub, target], session, say: .historyUnavailable)]
        case .historyInvalidTarget(let sub, let target):
            return [
                fail("CHATHISTORY", "INVALID_TARGET", [sub, target], session, say: .historyTargetInvalid)
            ]
        default: preconditionFailure("not a refusal of the history family: \(refusal)")
        }
    }
}
