package import ExecutionEnvironment
import FunctionPool
import HTTPServer
package import LambdaModel
package import NIOCore
package import NIOPosix

/// The drop-in for `aws-lambda-rie`: one function behind one port.
package final class Emulator {
    private let pool: FunctionPool
    private let server: HTTPServer

    private init(pool: FunctionPool, server: HTTPServer) {
        self.pool = pool
        self.server = server
    }

    /// Opens both ports. The function starts with the first invocation, as in RIE.
    ///
    /// - Parameters:
    ///   - explainCrash: puts a crash into words for the log; processes are looked at from the first death by a
    ///     signal on. `nil`: they are not.
    ///   - explanationExecutor: where that is done; `nil`: on Swift's own threads.
    ///   - trace: takes a line an invocation and an answer, on the event loop. `nil`: none is made.
    /// - Returns: fails with an `ApusError` when an address cannot be bound. The result belongs to `eventLoop`.
    package static func start(
        _ environment: EmulatorEnvironment,
        frontDoor: Address,
        runtimeAPI: Address,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        onLaunchFailure: ((LaunchFailure) -> Void)? = nil,
        explainCrash: CrashExplainer? = nil,
        explanationExecutor: (any TaskExecutor)? = nil,
        trace: ((String) -> Void)? = nil
    ) -> EventLoopFuture<NIOLoopBound<Emulator>> {
        var configuration = EnvironmentConfiguration(
            function: environment.function,
            runtimeAPIHost: runtimeAPI.host,
            runtimeAPIPort: runtimeAPI.port
        ) { (address, _) throws(LaunchFailure) in
            try environment.launchPlan(runtimeAPI: address)
        }
        configuration.explainCrash = explainCrash
        configuration.explanationExecutor = explanationExecutor
        if explainCrash != nil { configuration.capturesCrashes = .afterFirstCrash }
        let pool = FunctionPool(
            configuration: configuration,
            eventLoop: eventLoop,
            threadPool: threadPool,
            log: log,
            onLaunchFailure: onLaunchFailure
        )
        let service = EmulatorService(pool: pool, invokedFunctionARN: environment.invokedFunctionARN, trace: trace)
        let bound = NIOLoopBound((pool, service as any HTTPService), eventLoop: eventLoop)
        return pool.open().flatMapErrorThrowing { error in
            throw ListenError.make(runtimeAPI, option: "--runtime-api-address", error)
        }.flatMap {
            HTTPServer.bind(
                host: frontDoor.host,
                port: frontDoor.port,
                eventLoop: eventLoop,
                // Images publish the port; what stands before it is theirs to decide.
                access: .any,
                service: NIOLoopBound(bound.value.1, eventLoop: eventLoop)
            ).flatMapError { error in
                bound.value.0.shutdown().flatMapThrowing {
                    throw ListenError.make(frontDoor, option: "--runtime-interface-emulator-address", error)
                }
            }
        }.map { server in
            NIOLoopBound(Emulator(pool: bound.value.0, server: server), eventLoop: eventLoop)
        }
    }

    /// The front door's port, as bound.
    package var port: Int { server.port }

    /// Ends the function, whose callers are told so, and then stops to listen.
    package func shutdown() -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: pool.eventLoop)
        return pool.shutdown().flatMap { bound.value.server.close() }
    }
}
