import NIOCore
import NIOPosix

@testable import HTTPServer

/// A server with a ``ScriptedService`` on a free port of loopback; gone, with its thread, when the value is.
final class TestServer {
    let events = Events<String>()
    let server: HTTPServer
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    var port: Int { server.port }

    init(
        access: HTTPAccessPolicy = .local(alsoAllowed: []),
        limits: HTTPServerLimits = HTTPServerLimits()
    ) throws {
        let loop = group.next()
        let events = events
        server = try loop.flatSubmit {
            HTTPServer.bind(
                host: "127.0.0.1",
                port: 0,
                eventLoop: loop,
                access: access,
                limits: limits,
                service: NIOLoopBound(ScriptedService(events: events), eventLoop: loop)
            )
        }.wait()
    }

    deinit {
        try? server.close().wait()
        try? group.syncShutdownGracefully()
    }

    func client(receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(port: port, receiveBuffer: receiveBuffer)
    }

    /// Sends bytes on a connection of their own and reads the one answer.
    func answer(to bytes: String, toHead: Bool = false) throws -> RawResponse {
        let client = try client()
        client.send(bytes)
        return try client.readResponse(toHead: toHead)
    }
}
