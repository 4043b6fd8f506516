// SPDX-License-Identifier: Apache-2.0

/// Something that happens on the day, at its time.
struct DemoMoment {
    /// Seconds since 1 January 1970 UTC.
    var time: Int64
    var deed: DemoDeed
}

enum DemoDeed {
    /// Somebody posts; who reads on knows the message by its key.
    case post(DemoPost)
    /// Somebody posts and is refused with this code.
    case refusedPost(by: Int, channel: String, text: String, code: String)
    /// The meeting platform tells the relay of something.
    case platform(PlatformMessage)
    /// The thread of a message begins.
    case thread(by: Int, of: Int, title: String)
    case translate(DemoTranslation)
    case floor(FloorDeed)
    case session(by: Staff, channel: String, words: [String])
    /// The server loses its power, and is started again so many seconds later.
    case powerCut(seconds: Int64)
    case mark(DemoMark)
    case answer(by: Int, form: String, [String: String])
    /// Nothing but the time passes: what happens by itself happens.
    case pass
}

/// People with a task.
enum Staff: String, CaseIterable {
    case secretariat, chair, rapporteur, interpreter, relay
}

struct DemoPost {
    var key: Int
    var by: Int
    var channel: String
    var text: String
    var language: DemoLanguage
    var kind: String?
    var references: [String] = []
    /// The key of the message whose thread it belongs to.
    var thread: Int?
}

/// What comes from the meeting platform's chat.
struct PlatformMessage {
    enum Audience { case everyone, one }
    /// How the platform delivers it.
    enum Delivery {
        case once
        /// The same event so many times more, as a platform does whose answer got lost.
        case repeated(Int)
        /// It comes only so many seconds after it was written.
        case late(Int64)
        /// Signed by somebody else.
        case forged
        /// The platform loses it; only the saved chat has it.
        case lost
    }

    var key: Int
    var channel: String
    var id: String
    var sender: Int
    var text: String
    var audience = Audience.everyone
    var delivery = Delivery.once
}

struct DemoTranslation {
    var of: Int
    var language: DemoLanguage
    var provenance: String
    var text: String
}

/// Deeds at the speakers' list.
enum FloorDeed {
    case request(by: Int, channel: String, words: String)
    /// Somebody on the platform, whom the relay inscribes.
    case remoteRequest(person: Int, channel: String)
    case withdraw(by: Int, channel: String)
    case manage(channel: String, words: [String])
    case reply(by: Int, channel: String, statement: Int)
}

struct DemoMark {
    var channel: String
    var sources: [Int]
    var kind: String
    var theme: String
    var summary: String
}
