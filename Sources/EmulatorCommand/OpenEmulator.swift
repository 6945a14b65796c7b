import EmulatorFrontDoor
import ExecutionEnvironment
package import NIOCore

/// An emulator that takes invocations, and its log.
package struct OpenEmulator: Sendable {
    private let emulator: NIOLoopBound<Emulator>
    private let log: NIOLoopBound<FunctionLog>

    init(emulator: NIOLoopBound<Emulator>, log: NIOLoopBound<FunctionLog>) {
        self.emulator = emulator
        self.log = log
    }

    /// How long a reader of the log may take for what is left of it.
    private static let patience = TimeAmount.seconds(1)

    /// Ends the function and writes what is left of its log; nothing is left running then.
    package func close(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        eventLoop.flatSubmit {
            emulator.value.shutdown().flatMapError { _ in eventLoop.makeSucceededVoidFuture() }
        }.flatMap { log.value.flush(within: Self.patience) }
    }
}
