// SPDX-License-Identifier: Apache-2.0

/// Numeric replies (modern.ircd.chat, "Numerics"; IRCv3 monitor, sasl, whox).
package enum Numeric: UInt16, CaseIterable, Sendable {
    case welcome = 1, yourHost = 2, created = 3, myInfo = 4, iSupport = 5
    case userModeIs = 221
    case luserClient = 251, luserOp = 252, luserUnknown = 253, luserChannels = 254, luserMe = 255
    case adminMe = 256, adminLocation1 = 257, adminLocation2 = 258, adminEmail = 259
    case tryAgain = 263, localUsers = 265, globalUsers = 266, whoisCertificateFingerprint = 276
    case away = 301, userhost = 302, isOn = 303, unaway = 305, nowAway = 306
    case whoisRegistered = 307, whoisUser = 311, whoisServer = 312, whoisOperator = 313, whowasUser = 314
    case endOfWho = 315, whoisIdle = 317, endOfWhois = 318, whoisChannels = 319
    case listStart = 321, list = 322, listEnd = 323, channelModeIs = 324, creationTime = 329
    case whoisAccount = 330, noTopic = 331, topic = 332, topicWhoTime = 333, whoisBot = 335, inviteListing =
        336
    case endOfInviteListing = 337, whoisActually = 338
    case inviting = 341, inviteList = 346, endOfInviteList = 347, exceptList = 348, endOfExceptList = 349
    case version = 351, whoReply = 352, names = 353, whoxReply = 354
    case endOfNames = 366, banList = 367, endOfBanList = 368, endOfWhowas = 369
    case info = 371, motd = 372, endOfInfo = 374, motdStart = 375, endOfMotd = 376, youAreOperator = 381
    case whoisHost = 378, whoisModes = 379, time = 391, hostHidden = 396
    case unknownError = 400, noSuchNick = 401, noSuchServer = 402, noSuchChannel = 403, cannotSendToChannel =
        404
    case tooManyChannels = 405, wasNoSuchNick = 406, tooManyTargets = 407, noOrigin = 409, invalidCapCommand =
        410
    case noRecipient = 411, noTextToSend = 412, inputTooLong = 417, unknownCommand = 421, noMotd = 422
    case noNicknameGiven = 431, erroneousNickname = 432, nicknameInUse = 433, userNotInChannel = 441
    case notOnChannel = 442, userOnChannel = 443, notRegistered = 451, needMoreParameters = 461
    case alreadyRegistered = 462, passwordMismatch = 464, youAreBanned = 465
    case channelIsFull = 471, unknownMode = 472, inviteOnlyChannel = 473, bannedFromChannel = 474
    case badChannelKey = 475, badChannelMask = 476, banListFull = 478
    case noPrivileges = 481, channelOperatorNeeded = 482, cannotSendToUser = 492
    case unknownUserModeFlag = 501, usersDontMatch = 502, helpNotFound = 524, invalidKey = 525
    case whoisSecure = 671, invalidModeParameter = 696
    case helpStart = 704, helpText = 705, endOfHelp = 706
    case monitorOnline = 730, monitorOffline = 731, monitorList = 732, endOfMonitorList = 733,
        monitorListFull = 734
    case metadataValue = 761, metadataNotSet = 766, metadataSubscribed = 770, metadataUnsubscribed = 771
    case metadataSubscriptions = 772, metadataSyncLater = 774
    case loggedIn = 900, loggedOut = 901, nickLocked = 902, saslSuccess = 903, saslFail = 904, saslTooLong =
        905
    case saslAborted = 906, saslAlready = 907, saslMechanisms = 908

    /// Three digits, as the verb of a line.
    package var verb: String {
        let text = String(rawValue)
        return String(repeating: "0", count: 3 - text.count) + text
    }
}
