// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// How the connection is, as the title says it.
package enum Link: Sendable, Hashable {
    case connecting
    case online
    /// Lost; the next attempt is made at this moment.
    case retrying(until: Timestamp, reason: String)
    /// Ended for good.
    case ended(reason: String?)
}

/// What is in the middle of the screen. Narrow screens show one of them at a time, wide ones some beside
/// another.
package enum MainPane: Sendable, Hashable {
    case messages, threads, people, channels, search, help
}

/// What keys go to.
package enum Focus: Sendable, Hashable {
    case composer, messages, channels, threads, people, search, help
}

/// Everything the full-screen client knows and shows: a value. Events, keys and answers go in by `take`,
/// which
/// returns what is to be done; `draw` makes a screen of it. It reads no clock and no file.
package struct ScreenModel: Sendable {
    // MARK: Fixed at the beginning

    /// Seconds by which local clocks are ahead of UTC at a moment.
    package let localOffset: @Sendable (Timestamp) -> Int64
    /// The server as people call it.
    package let serverName: String
    /// Whether `/quote` is allowed.
    package let isAdvanced: Bool

    // MARK: The screen

    package var columns: Int
    package var rows: Int
    package var now: Timestamp
    package var catalogue: Catalogue
    package var typesetter: Typesetter
    package var glyphs: GlyphSet
    package var theme: Theme = .automatic

    // MARK: The connection

    package var link = Link.connecting
    package var nickname: String
    package var account: String?
    package var capabilities: Set<String> = []
    /// Whether this person's account moderates the whole community (user mode `o`).
    package var isCommunityModerator = false

    // MARK: What is known

    /// Channels in the order of the list, then persons, the latest first.
    package var conversations: [Conversation] = []
    package var timelines: [Place: Timeline] = [:]
    /// Places by the time they were shown, the latest last.
    package var recentPlaces: [Place] = []
    /// Messages on their way, oldest first.
    package var outbox: [Pending] = []
    /// Away texts by nickname in lower case.
    package var awayTexts: [String: String] = [:]
    /// How far places have been read here.
    package var readUpTo: [Place: Timestamp] = [:]
    /// Those of them of which the server has not been told.
    var untold: Set<Place> = []
    /// Own texts sent, the latest last.
    package var recalled: [String] = []

    // MARK: Where one is

    package var place: Place
    package var main = MainPane.messages
    package var focus = Focus.composer
    /// The line "new since": where reading had stopped when the place was entered.
    package var unreadLines: [Place: Timestamp] = [:]
    /// Messages unread when a place was entered whose messages are not here yet.
    var unreadAtOpening: [Place: Int] = [:]
    /// Whether the terminal's window has the focus, as far as it tells.
    package var isFocused = true
    /// What is at the bottom of the message pane; nil: the newest.
    package var anchor: MessageAnchor?
    /// The message selected with the arrows.
    package var selectedKey: Int?
    /// Texts being written, by place.
    package var drafts: [Place: LineEditor] = [:]
    /// The message that the text being written answers.
    package var answering: [Place: Post] = [:]
    /// What the next message of a place is marked as: a question, or a correction of the one that it answers.
    package var marking: [Place: Marks.Kind] = [:]
    /// Position among `recalled` while recalling.
    package var recallIndex: Int?
    /// The text goes to the channel although a thread is open (F7).
    package var isToChannel = false
    package var threadList = ListState()
    /// Which threads are listed.
    package var threadScope = ThreadScope.current
    package var peopleList = ListState()
    package var channelList = ListState()
    package var search = SearchState()
    /// The topic of the help shown.
    package var helpTopic = HelpTopic.start
    package var helpScroll = 0
    /// Boxes over the screen, the topmost last.
    package var dialogs: [Dialog] = []
    /// A word to the person, until the next key.
    package var notice: StyledText?
    /// What may be taken back for a while.
    package var undoable: Undoable?
    /// Ctrl+X was pressed, and Ctrl+E may follow.
    var isChordBegun = false
    /// Whether the command just typed was not understood, and is to stay in the composer.
    var isRefused = false
    /// When Ctrl+C was pressed on an empty composer.
    package var quitAskedAt: Timestamp?

    /// A client that has not connected yet.
    package init(
        columns: Int, rows: Int, now: Timestamp, language: Language, nickname: String, serverName: String,
        place: Place, bidi: Typesetter.BidiHandling = .app, isAdvanced: Bool = false,
        localOffset: @escaping @Sendable (Timestamp) -> Int64
    ) {
        self.columns = columns
        self.rows = rows
        self.now = now
        self.nickname = nickname
        self.serverName = serverName
        self.place = place
        self.isAdvanced = isAdvanced
        self.localOffset = localOffset
        catalogue = Catalogue(language)
        typesetter = Typesetter(bidi: bidi)
        glyphs = .unicode
    }

    // MARK: The terminal

    /// The window has another size.
    package mutating func resize(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), ScreenLimits.columnLimit)
        self.rows = min(max(rows, 1), ScreenLimits.rowLimit)
        // What was beside the messages may have no room any more.
        if !panes.contains(focus) { focus = .composer }
        anchor = settledAnchor
    }

    /// Whether lines one after the other are easier to read on so little.
    package var isTooSmall: Bool { columns < ScreenLimits.columnMinimum || rows < ScreenLimits.rowMinimum }

    // MARK: Looking things up

    package var language: Language { catalogue.language }

    package func conversation(_ name: String) -> Conversation? {
        conversations.first { Place.areSame($0.name, name) }
    }

    /// Changes a conversation; makes it first where it is not known.
    package mutating func with<Value>(_ name: String, _ body: (inout Conversation) -> Value) -> Value {
        if let index = conversations.firstIndex(where: { Place.areSame($0.name, name) }) {
            return body(&conversations[index])
        }
        var new = Conversation(name)
        let value = body(&new)
        conversations.append(new)
        return value
    }

    /// The thread one is in.
    package var currentThread: ThreadInfo? {
        place.thread.flatMap { conversation(place.conversation)?.threads[$0] }
    }

    /// Where a text goes that is sent now.
    package var destination: Place { isToChannel ? place.mainLine : place }

    /// The text being written.
    package var composer: LineEditor {
        get { drafts[place] ?? LineEditor() }
        set { drafts[place] = newValue }
    }

    /// What local clocks and calendars show at a moment.
    package func local(_ time: Timestamp) -> LocalTime {
        LocalTime(time, offsetSeconds: Int(localOffset(time)))
    }

    /// `14:37`.
    package func clock(_ time: Timestamp) -> String { catalogue.clock(local(time)) }

    /// Whether somebody is this person.
    package func isOwn(_ name: String) -> Bool { Place.areSame(name, nickname) }

    /// Whether this person moderates the channel one is in.
    package var isModerator: Bool {
        guard let conversation = conversation(place.conversation), conversation.isChannel else {
            return false
        }
        return isCommunityModerator || conversation.members[nickname.lowercased()]?.isModerator ?? false
    }
}

/// The entry at the bottom of the message pane, and how many of its last rows are below the pane.
package struct MessageAnchor: Sendable, Hashable {
    package var key: Int
    package var hiddenRows: Int
}

/// A list with a selection and a filter.
package struct ListState: Sendable, Hashable {
    package var selected = 0
    package var filter = ""

    /// At the top, unfiltered.
    package init() {}

    mutating func narrow(to filter: String) {
        self.filter = filter
        selected = 0
    }

    mutating func move(_ step: Int, count: Int) {
        selected = min(max(selected + step, 0), max(count - 1, 0))
    }
}

/// Which of a channel's threads are listed; archived ones are not.
package enum ThreadScope: String, CaseIterable, Sendable, Hashable {
    case current, open, closed, mine, unread
}

/// How colours are used.
package enum Theme: String, Sendable, Hashable {
    case automatic = "auto"
    case mono
    case highContrast = "high-contrast"
}
