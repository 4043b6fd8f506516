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

    func renderTopic(of channel: Channel, to session: Session) -> [Line] {
        let name = Text(channel.name.spelling)
        guard let topic = channel.topic else { return [numeric(.noTopic, session, [name], say: .noTopic)] }
        return [
            numeric(.topic, session, [name], topic.text),
            numeric(.topicWhoTime, session, [name, topic.setter, Text(String(topic.time.seconds))]),
        ]
    }
}
