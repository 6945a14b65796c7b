import ExecutionEnvironment
import LambdaModel
import NIOCore
import NIOPosix
import Sandbox
import Synchronization
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@testable import FunctionPool

/// Provisioned environments with real processes, which do nothing; the test asks for events in their place.
struct ProvisionedPoolTests {
    /// Every launch, in order.
    private final class Launches: Sendable {
        struct Launch: Sendable {
            var address: String
            var type: FunctionEnvironment.InitializationType
        }

        private let list = Mutex<[Launch]>([])
        var all: [Launch] { list.withLock { $0 } }
        /// - Returns: how many there were before.
        func add(_ launch: Launch) -> Int {
            list.withLock { list in
                defer { list.append(launch) }
                return list.count
            }
        }
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let launches = Launches()
    /// The process that was launched first ends when there is such a file.
    private let crashFile = "/tmp/apus-provisioned-\(UInt64.random(in: 0...(.max)))"

    private func pool(_ limits: FunctionPool.Limits, fails: Bool = false) throws -> NIOLoopBound<FunctionPool> {
        let (loop, launches, crashFile) = (loop, launches, crashFile)
        return try loop.flatSubmit {
            let configuration = EnvironmentConfiguration(function: FunctionConfiguration(name: "f")) {
                (address, type) throws(LaunchFailure) in
                let number = launches.add(.init(address: address, type: type))
                if fails { throw .noEntrypoint }
                let crashes = "until [ -e $FILE ]; do sleep 0.02; done; rm $FILE; exit 1"
                let specification = LaunchSpecification(
                    executable: "/bin/sh",
                    arguments: ["sh", "-c", number == 0 ? crashes : "sleep 300"],
                    environment: ["FILE": crashFile, "PATH": "/usr/bin:/bin"],
                    workingDirectory: "/"
                )
                return LaunchPlan(specification: specification, shownPath: "/var/task/bootstrap")
            }
            let pool = FunctionPool(
                configuration: configuration,
                limits: limits,
                eventLoop: loop,
                threadPool: .singleton,
                log: FunctionLog(eventLoop: loop, threadPool: .singleton) { _ in }
            )
            let bound = NIOLoopBound(pool, eventLoop: loop)
            return pool.open().map { bound }
        }.wait()
    }

    /// As the runtime at this address does; the connection stays until it is closed.
    private func askNext(at address: String) throws -> any Channel {
        let parts = address.split(separator: ":")
        let port = try #require(parts.last.flatMap { Int($0) })
        let channel = try ClientBootstrap(group: loop).connect(host: String(parts[0]), port: port).wait()
        let request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: \(address)\r\n\r\n"
        try channel.writeAndFlush(ByteBuffer(string: request)).wait()
        return channel
    }

    private func provisioned(_ pool: NIOLoopBound<FunctionPool>) throws -> FunctionPool.Provisioned {
        try loop.submit { pool.value.provisioned }.wait()
    }

    /// Waits for what comes in its own time.
    private func eventually(_ condition: () throws -> Bool) throws {
        for _ in 0..<2000 {
            if try condition() { return }
            usleep(5000)
        }
        Issue.record("it never came about")
    }

    @Test func theirNumberHolds() throws {
        let pool = try pool(.init(environments: 3, provisioned: 2))
        try eventually { launches.all.count == 2 }
        #expect(launches.all.allSatisfy { $0.type == .provisionedConcurrency })
        #expect(try provisioned(pool) == .init(requested: 2, ready: 0, failures: 0))

        let channels = try launches.all.map { try askNext(at: $0.address) }
        try eventually { try provisioned(pool).ready == 2 }

        // One of the two crashes in its rest: its processes are started anew.
        let file = open(crashFile, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        close(file)
        try eventually { launches.all.count == 3 }
        #expect(try provisioned(pool).ready == 1)
        let third = try askNext(at: launches.all[2].address)
        try eventually { try provisioned(pool).ready == 2 }

        try loop.flatSubmit { pool.value.retire() }.wait()
        #expect(launches.all.count == 3)
        for channel in channels + [third] { try? channel.close().wait() }
    }

    @Test func theirNumberMayChange() throws {
        let pool = try pool(.init(environments: 5))
        #expect(try provisioned(pool) == .init(requested: 0, ready: 0, failures: 0))
        try loop.submit { pool.value.setProvisioned(3) }.wait()
        try eventually { launches.all.count == 3 }
        try loop.submit { pool.value.setProvisioned(1) }.wait()
        try eventually { try loop.submit { pool.value.environments.count }.wait() == 1 }
        #expect(try provisioned(pool).requested == 1)
        try loop.flatSubmit { pool.value.shutdown() }.wait()
    }

    @Test func thoseThatCannotStartAreTriedAgain() throws {
        let pool = try pool(.init(environments: 2, provisioned: 1), fails: true)
        try eventually { try provisioned(pool).failures == 1 }
        #expect(launches.all.count == 2)
        try loop.flatSubmit { pool.value.shutdown() }.wait()
    }
}
