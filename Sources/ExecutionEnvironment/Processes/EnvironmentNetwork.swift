import NIOCore
import NIOPosix
import Sandbox

/// The network in which the present processes of an environment listen: this machine's, or one of their own.
///
/// Belongs to its event loop.
final class EnvironmentNetwork {
    private let isPrivate: Bool
    private let threadPool: NIOThreadPool
    /// Those who can make sockets in it.
    var processes: EnvironmentProcesses?

    init(isPrivate: Bool, threadPool: NIOThreadPool) {
        self.isPrivate = isPrivate
        self.threadPool = threadPool
    }

    /// Connects to what listens in the network at the time of each call.
    func connector(on eventLoop: any EventLoop) -> LoopbackConnector {
        guard isPrivate else { return .thisMachine }
        return LoopbackConnector { [weak self] port in
            guard let self, let processes = self.processes else {
                return eventLoop.makeFailedFuture(TelemetryDeliveryError.closed)
            }
            // A socket is asked for and comes back, which takes as long as the launcher does.
            return self.threadPool.runIfActive(eventLoop: eventLoop) { try processes.connect(toPort: port) }
        }
    }
}
