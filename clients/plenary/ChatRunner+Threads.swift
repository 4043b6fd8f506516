// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What the line mode asks for about threads, reading and search.
extension ChatRunner {
    func listThreads(_ channel: String, _ filter: ThreadFilter) async {
        do throws(ClientError) {
            let threads = try await ThreadReader.all(connection, in: channel, filter)
            mode.learn(threads)
            if threads.isEmpty { show("There are no such threads.") }
            for thread in threads {
                show(LineText.thread(thread, workplace.time, now: workplace.surroundings.now()))
            }
        } catch {
            show("No list: \(LineText.reason(error)).")
        }
    }

    func enterThread(_ target: String) async {
        do throws(ClientError) {
            let thread = try await connection.thread(target)
            await perform(mode.entered(thread, now: workplace.surroundings.now()))
        } catch {
            show("Not entered: \(LineText.reason(error)).")
        }
    }

    func createThread(_ channel: String, _ title: String) async {
        do throws(ClientError) {
            let thread = try await connection.createThread(in: channel, title: title)
            await perform(mode.entered(thread, now: workplace.surroundings.now()))
        } catch {
            show("No new thread: \(LineText.reason(error)).")
        }
    }

    /// What was done is told by its event.
    func changeThread(_ target: String, _ deed: LineMode.ThreadDeed) async {
        do throws(ClientError) {
            switch deed {
            case .title(let title): _ = try await connection.renameThread(target, to: title)
            case .close(let reason): _ = try await connection.closeThread(target, reason: reason)
            case .reopen: _ = try await connection.reopenThread(target)
            }
        } catch {
            show("Not done: \(LineText.reason(error)).")
        }
    }

    func markRead(_ target: String) async {
        do throws(ClientError) {
            let page = try await connection.history(of: target, .latest, count: 1)
            guard let last = page.messages.last else { return show("There is nothing to read.") }
            let marker = try await connection.markRead(target, upTo: last.time)
            show("Read up to \(workplace.time.short(marker, now: workplace.surroundings.now())).")
        } catch {
            show("Not marked: \(LineText.reason(error)).")
        }
    }

    func search(_ channel: String?, _ text: String) async {
        do throws(ClientError) {
            var query = SearchRequest(text: text, limit: 10)
            query.target = channel
            let page = try await connection.search(query)
            if page.messages.isEmpty { return show("Nothing was found.") }
            // The newest last, as everywhere in this mode.
            for message in page.messages.reversed() { show(message) }
            if page.next != nil {
                show("There is more: plenary search '\(PlainText.oneLine(text))' --limit 50")
            }
        } catch {
            show("No search: \(LineText.reason(error)).")
        }
    }
}
