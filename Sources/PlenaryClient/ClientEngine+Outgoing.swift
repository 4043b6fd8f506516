// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The queue of outgoing messages: in order, each until its echo has come.
extension ClientEngine {
    /// Takes a message over. Its fate is told by `.delivery` events; `.forget` follows when it is settled.
    package mutating func enqueue(_ message: OutgoingMessage, _ now: Moment) -> [EngineOutput] {
        guard outgoing.count < ClientLimits.outgoingLimit else {
            let failure = ClientError.queueIsFull(limit: ClientLimits.outgoingLimit)
            emit(.delivery(token: message.token, message, .failed(failure)))
            outputs.append(.forget(token: message.token))
            return takeOutputs()
        }
        guard !outgoing.contains(where: { $0.token == message.token }) else { return [] }
        outgoing.append(message)
        emit(.delivery(token: message.token, message, .queued))
        pump(now)
        return takeOutputs()
    }

    /// Gives a waiting message up; one that is under way is left alone. True when it was taken out.
    package mutating func withdraw(token: String) -> Bool {
        guard flights[token] == nil, let index = outgoing.firstIndex(where: { $0.token == token }) else {
            return false
        }
        outgoing.remove(at: index)
        return true
    }

    /// Sends what waits, as far as it may be sent now.
    mutating func pump(_ now: Moment) {
        guard isOnline, openJoins.isEmpty, !trackers.values.contains(where: { $0.sync != nil }) else {
            return
        }
        while isOnline, flights.count < ClientLimits.sendWindowLimit,
            let message = outgoing.first(where: { flights[$0.token] == nil })
        {
            if !session.confirmsMessages {
                fail(message, .unsupported("this server does not confirm messages (echo-message)"))
                continue
            }
            if message.wasSent, !session.recognisesTokens {
                // The history, where there is one, did not show it: it has not arrived, unless the history
                // could not be read.
                guard session.capabilities.contains("draft/chathistory") else {
                    fail(message, .deliveryUnknown)
                    continue
                }
            }
            let channel = session.divided(message.target).channel
            let key = session.features.fold(channel)
            if session.features.isChannel(channel), session.channels[key] == nil, !refusedJoins.contains(key)
            {
                let before = outputs
                outputs = []
                outputs = before + join(nil, channel, now)
                return
            }
            post(message, now)
        }
    }

    private mutating func post(_ message: OutgoingMessage, _ now: Moment) {
        do {
            let (ids, steps) = try session.post(message)
            for id in ids { purposes[id] = (.part(token: message.token), nil) }
            flights[message.token] = Flight(openPartCount: ids.count)
            emit(.delivery(token: message.token, message, .sending))
            carryOut(steps, now)
        } catch {
            fail(message, error)
        }
    }

    mutating func finishPart(_ token: String, _ result: Result<Reply, ClientError>, _ now: Moment) {
        guard var flight = flights[token] else { return }
        flight.openPartCount -= 1
        switch result {
        case .failure(let error):
            flight.failure = flight.failure ?? error
        case .success(let reply):
            if let refusal = reply.refusal {
                flight.failure = flight.failure ?? .refused(refusal)
            } else if let echo = reply.messages.last(where: { $0.isOwn }) {
                let first = flight.echo
                flight.echo = echo
                if let first { flight.echo?.id = first.id }
            } else {
                flight.failure = flight.failure ?? .protocolViolation("the server did not echo a message")
            }
        }
        flights[token] = flight
        guard flight.openPartCount == 0, let message = outgoing.first(where: { $0.token == token }) else {
            return
        }
        if let failure = flight.failure {
            fail(message, failure)
        } else if let echo = flight.echo {
            succeed(message, echo)
        }
        pump(now)
    }

    /// An own message seen in the history settles one that was under way when a connection broke, where the
    /// server has no tokens to tell it by. (With tokens it is sent again and answered by its first echo.)
    mutating func settle(with message: Message) {
        guard !session.recognisesTokens,
            let waiting = outgoing.first(where: {
                $0.wasSent && flights[$0.token] == nil && $0.text == message.text
                    && isPlace($0.target, of: message)
            })
        else { return }
        succeed(waiting, message)
    }

    private func isPlace(_ target: String, of message: Message) -> Bool {
        let place = session.divided(target)
        guard session.isSameName(place.channel, message.conversation) else { return false }
        return place.thread == nil || place.thread == message.thread ?? 0
    }

    private mutating func succeed(_ message: OutgoingMessage, _ echo: Message) {
        remove(message)
        emit(.delivery(token: message.token, message, .delivered(echo)))
    }

    private mutating func fail(_ message: OutgoingMessage, _ error: ClientError) {
        remove(message)
        emit(.delivery(token: message.token, message, .failed(error)))
    }

    private mutating func remove(_ message: OutgoingMessage) {
        outgoing.removeAll { $0.token == message.token }
        flights[message.token] = nil
        outputs.append(.forget(token: message.token))
    }
}
