import NIOCore
import NIOEmbedded
import Testing

@testable import ExecutionEnvironment

struct PausableTimeoutTests {
    private let loop = EmbeddedEventLoop()
    private let timeout: PausableTimeout

    init() {
        timeout = PausableTimeout(eventLoop: loop, limit: .seconds(5))
    }

    /// Starts it and returns how often it has expired.
    private func start() -> () -> Int {
        var expired = 0
        timeout.start { expired += 1 }
        return { expired }
    }

    @Test func expiresOnce() {
        let expired = start()
        loop.advanceTime(by: .seconds(4))
        #expect(expired() == 0)
        loop.advanceTime(by: .seconds(20))
        #expect(expired() == 1)
    }

    @Test func doesNotExpireWhenStopped() {
        let expired = start()
        timeout.stop()
        timeout.pause()
        timeout.resume()
        loop.advanceTime(by: .seconds(20))
        #expect(expired() == 0)
    }

    @Test func standsStillWhilePausedAndBeginsAnew() {
        let expired = start()
        loop.advanceTime(by: .seconds(4))
        timeout.pause()
        loop.advanceTime(by: .seconds(20))
        timeout.resume()
        loop.advanceTime(by: .seconds(4))
        #expect(expired() == 0)
        loop.advanceTime(by: .seconds(1))
        #expect(expired() == 1)
    }

    @Test func startsWhilePaused() {
        timeout.pause()
        let expired = start()
        loop.advanceTime(by: .seconds(20))
        #expect(expired() == 0)
        timeout.resume()
        loop.advanceTime(by: .seconds(5))
        #expect(expired() == 1)
    }

    @Test func aResumeWithoutAPauseChangesNothing() {
        let expired = start()
        loop.advanceTime(by: .seconds(4))
        timeout.resume()
        loop.advanceTime(by: .seconds(1))
        #expect(expired() == 1)
    }
}
