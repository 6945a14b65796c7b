import HTTPServer
import LambdaModel
import NIOCore
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Processes in a room of their own.
extension ExecutionEnvironment {
    /// `host:port`, as the processes reach it; `nil` before ``open()``.
    var runtimeAPIAddress: String? {
        if let port = configuration.privateRuntimeAPIPort { return "127.0.0.1:\(port)" }
        guard let server else { return nil }
        let host = configuration.runtimeAPIName ?? configuration.runtimeAPIHost
        return host.contains(":") ? "[\(host)]:\(server.port)" : "\(host):\(server.port)"
    }

    /// Nothing has been started yet, or has come far: who connects to the listener waits until it is served.
    func roomIsReady() {
        guard let monitor else { return }
        do throws(LaunchFailure) {
            let handover = try monitor.takeRoom()
            if let fresh = handover.namespaces { namespaces = fresh }
            if let listener = handover.listener { serve(listener) }
        } catch {
            launchFailed(error)
        }
    }

    private func serve(_ listener: Int32) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        HTTPServer.serve(
            listener: listener,
            eventLoop: eventLoop,
            access: .local(alsoAllowed: []),
            limits: Self.serverLimits,
            service: NIOLoopBound(EnvironmentAPI(environment: self), eventLoop: eventLoop)
        ).whenComplete { result in
            switch result {
            case .success(let server): bound.value.opened(server)
            case .failure(let error):
                _ = close(listener)
                let code = (error as? IOError)?.errnoCode ?? EIO
                bound.value.launchFailed(.host(code: code, operation: "serve the Runtime API in the sandbox"))
            }
        }
    }

    private func opened(_ server: HTTPServer) {
        // The processes may have ended meanwhile.
        guard monitor != nil, privateServer == nil else { return server.close().whenComplete { _ in } }
        privateServer = server
    }

    func closePrivateServer() {
        privateServer?.close().whenComplete { _ in }
        privateServer = nil
    }

    /// A child process has been killed; what the runtime makes of that is its own affair.
    func childRanOutOfMemory(_ facts: OutOfMemory) {
        outOfMemory = facts
    }
}
