// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretTopics(_ line: Line) throws(Refusal) -> [Command] {
        guard let topic = line.parameters[parameter: 1] else {
            return [.topics(.show(channel: line.parameters[0]))]
        }
        return [.topics(.set(channel: line.parameters[0], topic: topic))]
    }

    /// The topic that somebody set, else the channel's title in the reader's language.
    func shownTopic(of channel: Channel, to session: Session) -> Text? {
        channel.topic?.text ?? channel.title(in: session.language)
    }

    func renderTopic(of channel: Channel, to session: Session) -> [Line] {
        let name = channel.name.text
        guard let shown = shownTopic(of: channel, to: session) else {
            return [numeric(.noTopic, session, [name], say: .noTopic)]
        }
        let line = numeric(.topic, session, [name], shown)
        guard let topic = channel.topic else { return [line] }
        return [
            line, numeric(.topicWhoTime, session, [name, topic.setter, Text(String(topic.time.seconds))]),
        ]
    }
}
