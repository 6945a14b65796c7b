import HTTPServer
package import NIOCore
import NIOHTTP1
package import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Walks the way of an invocation once, for nothing: a server, a connection, a request, a pipe.
///
/// The first use of a generic type or of a cast to a protocol costs the Swift runtime a search through every conformance
/// of the program, 290,000 instructions each; a quarter of the instructions of a whole `apus invoke` were spent on the
/// event loop's thread, mostly so. A command that will need an environment
/// rehearses on another thread while it reads its arguments.
package enum Rehearsal {
    /// Returns at once. A failure is of no consequence: the real thing will fail for itself, and say why.
    package static func start(on eventLoop: any EventLoop, threadPool: NIOThreadPool) {
        eventLoop.execute {
            let service = NIOLoopBound(NotFound() as any HTTPService, eventLoop: eventLoop)
            let server = HTTPServer.bind(
                host: "127.0.0.1",
                port: 0,
                eventLoop: eventLoop,
                access: .local(alsoAllowed: []),
                service: service
            )
            server.whenSuccess { server in
                let port = server.port
                threadPool.runIfActive(eventLoop: eventLoop) { call(port: port) }.whenComplete { _ in
                    server.close().whenComplete { _ in }
                }
            }
            openPipe(on: eventLoop)
        }
    }

    private final class NotFound: HTTPService {
        func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
            .collect(limit: 1) { _ in exchange.respond(.notFound) { $0.add("Content-Type", fixed: "text/plain") } }
        }
    }

    /// One request over a connection of its own.
    private static func call(port: Int) {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        _ = write(descriptor, request, request.count)
        var answer = [UInt8](repeating: 0, count: 256)
        while read(descriptor, &answer, answer.count) > 0 {}
    }

    private static func openPipe(on eventLoop: any EventLoop) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (reading, writing) = (ends[0], ends[1])
        NIOPipeBootstrap(group: eventLoop).takingOwnershipOfDescriptor(input: reading).whenComplete { result in
            if case .failure = result { close(reading) }
            // The channel sees the end of the file and closes itself.
            close(writing)
        }
    }
}
