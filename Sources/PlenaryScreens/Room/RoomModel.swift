// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What a room display keeps.
package enum RoomLimits {
    /// Messages held: more than the largest screen shows. Older ones are dropped.
    package static let postLimit = 300
    /// Seconds without a sign of life after which a relay counts as silent.
    package static let silenceSeconds: Int64 = 60
    /// Rows and columns below which only the messages are shown.
    package static let smallestFloor = (columns: 40, rows: 16)
}

/// The room display of one channel: who has the floor and for how long, who comes next, and what is said in the
/// room and on the platform. It only shows; nobody types here.
package struct RoomModel: Sendable {
    package var columns: Int
    package var rows: Int
    package var now: Timestamp
    package let channel: String
    package let catalogue: Catalogue
    package let typesetter: Typesetter
    package var glyphs: GlyphSet
    /// Seconds by which the place is ahead of UTC at a moment, where no meeting says it.
    package let localOffset: @Sendable (Timestamp) -> Int64

    package private(set) var meeting: Meeting?
    package private(set) var floor: SpeakersList
    package private(set) var relay: RelayStatus?
    package private(set) var isOnline = false
    /// The newest last.
    package private(set) var posts: [RoomPost] = []

    /// An empty display.
    package init(
        columns: Int, rows: Int, now: Timestamp, channel: String, language: Language,
        bidi: Typesetter.BidiHandling, glyphs: GlyphSet = .unicode,
        localOffset: @escaping @Sendable (Timestamp) -> Int64
    ) {
        self.columns = columns
        self.rows = rows
        self.now = now
        self.channel = channel
        catalogue = Catalogue(language)
        typesetter = Typesetter(bidi: bidi)
        self.glyphs = glyphs
        self.localOffset = localOffset
        floor = SpeakersList(channel: channel)
    }

    // MARK: What comes

    /// What the server told when it was asked.
    package mutating func take(meeting: Meeting?, floor: SpeakersList?, relay: RelayStatus?) {
        self.meeting = meeting
        self.floor = floor ?? SpeakersList(channel: channel)
        self.relay = relay
    }

    /// Takes what happened. Returns whether the server is to be asked for everything again.
    package mutating func take(_ event: ClientEvent) -> Bool {
        switch event {
        case .stateChanged(let state):
            isOnline = state == .online
            return isOnline
        case .message(let message): add(message)
        case .redacted(let redaction): remove(redaction.messageID)
        case .moderation(let act):
            guard isHere(act.channel) else { return false }
            if act.action == "hide" { remove(act.target) }
            return act.action == "unhide"
        case .meeting(let change):
            guard isHere(change.channel) else { return false }
            if change.what == "cancelled" { meeting = nil }
            if var told = change.meeting {
                told.title = meeting?.title ?? ""
                meeting = told
            }
        case .floor(let change):
            if isHere(change.channel) { _ = floor.take(change.line) }
        case .relay(let status):
            if isHere(status.channel) { relay = status }
        default: break
        }
        return false
    }

    private func isHere(_ name: String) -> Bool { Place.areSame(name, channel) }

    private mutating func add(_ message: Message) {
        guard isHere(message.conversation), message.kind != .query else { return }
        // Translations belong to their original, which is shown.
        guard message.translationOf == nil else { return }
        let post = RoomPost(message)
        // After a lost connection, what came meanwhile may come behind what is new.
        let place = (posts.lastIndex { $0.post.time <= post.post.time } ?? -1) + 1
        if let id = message.id, posts.contains(where: { $0.post.id == id }) { return }
        posts.insert(post, at: place)
        if posts.count > RoomLimits.postLimit { posts.removeFirst(posts.count - RoomLimits.postLimit) }
    }

    private mutating func remove(_ id: String) {
        guard let index = posts.firstIndex(where: { $0.post.id == id }) else { return }
        posts[index].isRemoved = true
    }

    // MARK: Time

    /// Seconds that the speaker has left; less than 0 when the time is up.
    package var remainingSeconds: Int64? {
        floor.speaker.map { speaker in
            let left = speaker.ends.microseconds - now.microseconds
            // The last second counts until it is over.
            return left >= 0 ? (left + 999_999) / 1_000_000 : left / 1_000_000
        }
    }

    /// Whether the next second looks otherwise.
    package var isCounting: Bool { floor.speaker != nil || silentSeconds != nil }

    /// How long the relay has said nothing, once that is too long.
    package var silentSeconds: Int64? {
        guard let relay, relay.isOn, let beat = relay.lastBeat else { return nil }
        let seconds = now.seconds - beat.seconds
        return seconds >= RoomLimits.silenceSeconds ? seconds : nil
    }

    /// What the clocks of the meeting's place show at a moment.
    package func local(_ time: Timestamp) -> LocalTime {
        LocalTime(time, offsetSeconds: meeting?.utcOffsetSeconds ?? Int(localOffset(time)))
    }
}

/// A message as the room sees it.
package struct RoomPost: Sendable {
    package var post: Post
    package var thread: Int?
    package var isRelayed: Bool
    package var isRemoved = false

    init(_ message: Message) {
        post = Post(message, isMention: false)
        thread = message.thread
        isRelayed = message.relayedBy != nil
        isRemoved = message.hiddenCode != nil
    }
}
