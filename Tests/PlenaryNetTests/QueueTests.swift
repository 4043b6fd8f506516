// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryQueues
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(4))) struct InboxTests {
    private final class Batches: Sendable {
        let all = Mutex<[[Int]]>([])
    }

    @Test func aBurstWakesTheOwnerOnceAndKeepsItsOrder() async {
        let executor = QueueExecutor(label: "test")
        let batches = Batches()
        let inbox = Inbox<Int>(executor: executor, limit: 100) { batch in
            batches.all.withLock { $0.append(batch) }
        }
        executor.queue.suspend()
        for number in 0..<10 { #expect(inbox.post(number)) }
        #expect(inbox.post(contentsOf: [10, 11]))
        executor.queue.resume()
        await executor.isReached()
        #expect(batches.all.withLock { $0 } == [Array(0..<12)])
        #expect(inbox.post(12))
        await executor.isReached()
        #expect(batches.all.withLock { $0 }.count == 2)
    }

    @Test func aFullInboxRefusesAndTakesNothing() async {
        let executor = QueueExecutor(label: "test")
        let batches = Batches()
        let inbox = Inbox<Int>(executor: executor, limit: 3) { batch in
            batches.all.withLock { $0.append(batch) }
        }
        executor.queue.suspend()
        #expect(inbox.post(contentsOf: [1, 2]))
        #expect(!inbox.post(contentsOf: [3, 4]), "all or nothing")
        #expect(inbox.post(3), "at the limit")
        #expect(!inbox.post(4), "above it")
        executor.queue.resume()
        await executor.isReached()
        #expect(batches.all.withLock { $0 } == [[1, 2, 3]])
        #expect(inbox.post(5), "there is room again")
        await executor.isReached()
    }

    @Test func nothingIsLostBetweenManyPosters() async {
        let executor = QueueExecutor(label: "test")
        let batches = Batches()
        let inbox = Inbox<Int>(executor: executor, limit: .max) { batch in
            batches.all.withLock { $0.append(batch) }
        }
        DispatchQueue.concurrentPerform(iterations: 4) { poster in
            for number in 0..<1000 { #expect(inbox.post(poster * 1000 + number)) }
        }
        await executor.isReached()
        let all = batches.all.withLock { $0 }.flatMap { $0 }
        #expect(all.sorted() == Array(0..<4000))
        for poster in 0..<4 {
            let own = all.filter { $0 / 1000 == poster }
            #expect(own == own.sorted(), "each poster's order is kept")
        }
    }
}

/// docs/decisions/0181
@Suite(.timeLimit(.minutes(4))) struct QueueExecutorTests {
    private final class Steps: Sendable {
        private let all = Mutex<[(name: String, thread: pthread_t)]>([])

        func note(_ name: String) { all.withLock { $0.append((name, pthread_self())) } }
        var names: [String] { all.withLock { $0.map(\.name) } }
        var threads: Set<pthread_t> { all.withLock { Set($0.map(\.thread)) } }
    }

    @Test func oneThreadGoesWithWhatFollowsThroughIdleQueues() async {
        let queues = ["decide", "log", "send"].map { QueueExecutor(label: $0) }
        let steps = Steps()
        await withCheckedContinuation { done in
            queues[0].submit {
                queues[1].submit {
                    queues[2].submit {
                        steps.note("send")
                        done.resume()
                    }
                    steps.note("log")
                }
                steps.note("decide")
            }
        }
        #expect(
            steps.names == ["decide", "log", "send"], "what was submitted begins when the work before it ends"
        )
        #expect(steps.threads.count == 1)
    }

    /// Where a thread waits, only the queue that it is in waits with it.
    @Test func theQueueThatWasLeftTakesMoreWhileTheNextOneWaits() async {
        let first = QueueExecutor(label: "first")
        let second = QueueExecutor(label: "second")
        let disk = DispatchSemaphore(value: 0)
        await withCheckedContinuation { done in
            first.submit {
                second.submit {
                    done.resume()
                    disk.wait()
                }
            }
        }
        await first.isReached()
        disk.signal()
        await second.isReached()
    }

    @Test func twoThatFollowHaveAThreadEach() async {
        let first = QueueExecutor(label: "first")
        let others = [QueueExecutor(label: "one"), QueueExecutor(label: "two")]
        let meeting = DispatchSemaphore(value: 0)
        first.submit {
            // Each waits for the other, which one thread for both could not.
            others[0].submit { meeting.wait() }
            others[1].submit { meeting.signal() }
        }
        for other in others { await other.isReached() }
    }

    @Test func longWorkBeginsWhatItSubmittedBeforeItEnds() async {
        let first = QueueExecutor(label: "first")
        let second = QueueExecutor(label: "second")
        let begun = DispatchSemaphore(value: 0)
        first.submit {
            second.submit { begun.signal() }
            QueueExecutor.beginSubmitted()
            begun.wait()
        }
        await first.isReached()
    }

    @Test func aTaskThatBeganInTheWorkSubmitsAfterItsEnd() async {
        let first = QueueExecutor(label: "first")
        let second = QueueExecutor(label: "second")
        let (ended, end) = AsyncStream<Void>.makeStream()
        await withCheckedContinuation { done in
            first.submit {
                Task {
                    for await _ in ended { break }
                    second.submit { done.resume() }
                }
                first.submit { end.yield() }
            }
        }
    }

    @Test func jobsOfAnActorKeepTheirPlaceAmongWhatIsSubmitted() async {
        let owner = Owner()
        owner.executor.queue.suspend()
        owner.executor.submit { owner.assumeIsolated { $0.steps.append(1) } }
        let job = Task { await owner.append(2) }
        owner.executor.queue.resume()
        await job.value
        #expect(await owner.steps == [1, 2])
    }

    private actor Owner {
        nonisolated let executor = QueueExecutor(label: "owner")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        var steps: [Int] = []
        func append(_ step: Int) { steps.append(step) }
    }
}

extension QueueExecutor {
    /// Returns when what was submitted so far has been done.
    fileprivate func isReached() async { await withCheckedContinuation { done in submit { done.resume() } } }
}

@Suite struct DeadlineWheelTests {
    @Test func keysComeDueAtTheirTimeAndNotBefore() {
        var wheel = DeadlineWheel<String>(now: 1_000_000)
        wheel.schedule("soon", at: 1_300_000)
        wheel.schedule("later", at: 2_000_000)
        #expect(wheel.expire(now: 1_299_999).isEmpty)
        #expect(wheel.expire(now: 1_499_999).isEmpty)
        #expect(wheel.expire(now: 1_500_000) == ["soon"])
        #expect(wheel.expire(now: 1_999_999).isEmpty)
        #expect(wheel.expire(now: 2_000_000) == ["later"])
        #expect(wheel.count == 0)
    }

    @Test func aTimeAlreadyPastComesOutNext() {
        var wheel = DeadlineWheel<Int>(now: 10_000_000)
        wheel.schedule(1, at: 0)
        wheel.schedule(2, at: -5)
        #expect(wheel.expire(now: 10_250_000).sorted() == [1, 2])
    }

    @Test func keysBeyondOneTurnWait() {
        var wheel = DeadlineWheel<Int>(now: 0, granularity: 10, bucketCount: 8)
        for key in 1...100 { wheel.schedule(key, at: Int64(key) * 10) }
        var found: [Int] = []
        for time in stride(from: Int64(10), through: 1000, by: 10) {
            let due = wheel.expire(now: time)
            #expect(due == [Int(time / 10)])
            found += due
        }
        #expect(found == Array(1...100))
    }

    @Test func aLongPauseLosesNothing() {
        var wheel = DeadlineWheel<Int>(now: 0, granularity: 10, bucketCount: 8)
        for key in 1...100 { wheel.schedule(key, at: Int64(key) * 10) }
        #expect(wheel.expire(now: 100_000).sorted() == Array(1...100))
        #expect(wheel.count == 0)
    }
}

@Suite struct ClockTests {
    @Test func aManualClockStandsUntilItIsMoved() {
        let manual = ManualClock(wall: 5, monotonic: 7)
        let clock = manual.clock
        #expect(clock.now() == 5 && clock.monotonic() == 7)
        manual.advance(microseconds: 10)
        #expect(clock.now() == 15 && clock.monotonic() == 17)
        manual.setWall(0)
        #expect(clock.now() == 0 && clock.monotonic() == 17)
    }

    @Test func theSystemsMonotonicClockNeverGoesBack() {
        var last = Clock.system.monotonic()
        for _ in 0..<1000 {
            let now = Clock.system.monotonic()
            #expect(now >= last)
            last = now
        }
    }
}
