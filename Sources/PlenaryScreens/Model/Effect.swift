// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What the model wants done. Those that have something to tell come back as an `Answer`.
package enum Effect: Sendable, Hashable {
    // MARK: Messages

    /// Put a text into the queue. A token makes it the same message as an earlier try.
    case send(Outgoing)
    /// Fetch a part of a place's history.
    case load(Place, HistoryQuery)
    /// Say how far a place has been read.
    case markRead(Place, Timestamp)
    /// Look for messages.
    case search(String)
    /// Take an own message out.
    case redact(id: String, Place)

    // MARK: Channels, threads, people

    case join(String)
    case leave(String)
    /// Fetch the channels there are whose names match a mask, to choose one.
    case listChannels(mask: String?)
    case learnThreads(channel: String)
    case learnPeople(channel: String)
    case learnMembers(channel: String)
    /// Fetch the session and the speakers' list of a channel.
    case learnMeeting(channel: String)
    /// Fetch how far a main line has been read.
    case learnMarker(Place)
    /// Fetch the modes of a channel, or one's own.
    case learnModes(of: String)
    /// Make a thread and enter it.
    case createThread(channel: String, title: String, root: String?)
    case changeThread(Place, ThreadDeed)
    /// Send a command; what the server says to it is shown under this title.
    case ask(verb: String, parameters: [String], title: String)

    // MARK: Moderation

    case moderate(ModerationDraft)
    case report(about: String, channel: String, reason: String)
    case learnModerationLog(channel: String)

    // MARK: The person's side

    /// Put a text on the clipboard.
    case copy(String)
    case openLink(String)
    case bell
    /// Keep a text being written; empty: forget it.
    case keepDraft(Place, String)
    /// Keep that a channel is muted, or is no more.
    case keepMuted(String, Bool)
    /// Change a setting and keep it.
    case keepSetting(key: String, value: String)
    /// Let the person write the text in an editor of their own.
    case editOutside(String)
    case export(Place)

    // MARK: The program

    case connectNow
    /// Begin to connect after it was asked what to do with messages of long ago.
    case start(discardingWaiting: Bool)
    case redraw
    case suspend
    case changeToPlain
    case quit
}

/// A text to be sent.
package struct Outgoing: Sendable, Hashable {
    package var text: String
    package var place: Place
    package var kind = Message.Kind.message
    package var replyTo: String?
    package var marks = Marks()
    package var token: String?

    /// An ordinary message.
    package init(_ text: String, to place: Place) {
        self.text = text
        self.place = place
    }
}

/// Which part of a history.
package enum HistoryQuery: Sendable, Hashable {
    case latest
    case older(before: HistoryReference)
    case newer(after: HistoryReference)
    case around(HistoryReference)
    /// What is missing at a gap, from its beginning on.
    case gap(key: Int, after: HistoryReference, before: HistoryReference)
}

/// A change of a thread.
package enum ThreadDeed: Sendable, Hashable {
    case title(String)
    case close
    case reopen
    case pin
    case unpin
    case level(ThreadLevel)
}

/// A channel that one may enter.
package struct ChannelListing: Sendable, Hashable {
    package var name: String
    package var memberCount: Int
    package var topic: String

    /// A channel of these parts.
    package init(name: String, memberCount: Int, topic: String) {
        self.name = name
        self.memberCount = memberCount
        self.topic = topic
    }
}

/// What came of an effect.
package enum Answer: Sendable {
    case history(Place, HistoryQuery, Result<HistoryPage, ClientError>)
    case threads(channel: String, [ThreadInfo])
    case people(channel: String, [String: PersonCard])
    case members(channel: String, [Member])
    case meeting(channel: String, Meeting?, SpeakersList?)
    /// A channel's modes, as MODE tells them.
    case modes(of: String, String)
    case marker(Place, Timestamp?)
    case channels([ChannelListing])
    case found(String, Result<SearchPage, ClientError>)
    case threadMade(Result<ThreadInfo, ClientError>)
    case threadChanged(Result<ThreadInfo, ClientError>)
    /// Lines under a title.
    case told(title: String, [String])
    case failed(title: String, ClientError)
    /// A text could not be put into the queue.
    case notSent(Outgoing, ClientError)
    case moderated(ModerationDraft)
    /// A channel was entered.
    case joined(String)
    case reported(number: Int)
    case moderationLog([ModerationAct])
    /// The text as it came from the editor; nil: it was given up.
    case edited(String?)
    /// A word to the person, in their language already.
    case notice(String)
}
