// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// What the line mode asks for about threads, reading and search.
extension ChatRunner {
    func listThreads(_ channel: String, _ filter: ThreadFilter) async {
        do throws(ClientError) {
            let threads = try await ThreadReader.all(connection, in: channel, filter)
            mode.learn(threads)
            if threads.isEmpty { say(.noSuchThreads) }
            for thread in threads {
                show(mode.words.thread(thread, now: workplace.surroundings.now()))
            }
        } catch {
            say(.noList, error)
        }
    }

    func enterThread(_ target: String) async {
        do throws(ClientError) {
            let thread = try await connection.thread(target)
            await perform(mode.entered(thread, now: workplace.surroundings.now()))
        } catch {
            say(.notEntered, error)
        }
    }

    func createThread(_ channel: String, _ title: String) async {
        do throws(ClientError) {
            let thread = try await connection.createThread(in: channel, title: title)
            await perform(mode.entered(thread, now: workplace.surroundings.now()))
        } catch {
            say(.noNewThread, error)
        }
    }

    /// Takes back an own message; its event tells of it.
    func redact(_ target: String, _ messageID: String) async {
        do throws(ClientError) { try await connection.redact(messageID, in: target) } catch {
            say(.notDone, error)
        }
    }

    /// What was done is told by its event.
    func changeThread(_ target: String, _ deed: LineMode.ThreadDeed) async {
        do throws(ClientError) {
            switch deed {
            case .title(let title): _ = try await connection.renameThread(target, to: title)
            case .close(let reason): _ = try await connection.closeThread(target, reason: reason)
            case .reopen: _ = try await connection.reopenThread(target)
            case .pin: _ = try await connection.pinThread(target)
            case .unpin: _ = try await connection.unpinThread(target)
            case .level(let level):
                // Told to nobody else, so that no event says it.
                _ = try await connection.setLevel(level, of: target)
                say(.isDone)
            }
        } catch {
            say(.notDone, error)
        }
    }

    func markRead(_ target: String) async {
        do throws(ClientError) {
            let page = try await connection.history(of: target, .latest, count: 1)
            guard let last = page.messages.last else { return say(.nothingToRead) }
            let marker = try await connection.markRead(target, upTo: last.time)
            say(.readUpTo, [.time: mode.words.moment(marker, workplace.surroundings.now())])
        } catch {
            say(.notMarked, error)
        }
    }

    func search(_ channel: String?, _ text: String) async {
        do throws(ClientError) {
            var query = SearchRequest(text: text, limit: 10)
            query.target = channel
            let page = try await connection.search(query)
            if page.messages.isEmpty { return say(.nothingFound) }
            // The newest last, as everywhere in this mode.
            for message in page.messages.reversed() { show(message) }
            if page.next != nil {
                say(.moreIsFound, [.command: "plenary search '\(PlainText.oneLine(text))' --limit 50"])
            }
        } catch {
            say(.noSearch, error)
        }
    }
}
