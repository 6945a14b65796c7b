import ExecutionEnvironment
import FunctionStore
import LambdaModel
import Testing

@testable import InvokeAPI

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A control plane over a store of its own, without a server.
final class TestPlane {
    let path: String
    let plane: ControlPlane
    private let clock = StepClock()

    init() throws {
        var name = Array("/tmp/apus-plane-XXXXXX".utf8CString)
        mkdtemp(&name)
        path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        let state = try StateDirectory(path: path + "/state")
        let clock = clock
        plane = ControlPlane(
            context: ControlContext(
                region: "us-east-1",
                accountID: "123456789012",
                concurrency: 1_000,
                records: FunctionRecords(try StoreDatabase(in: state)),
                code: try CodeStore(in: state),
                templateCode: [:],
                address: "http://127.0.0.1:3001",
                epochMilliseconds: { clock.next() }
            )
        )
    }

    deinit { _ = system("rm -rf '\(path)'") }

    /// A directory with a bootstrap that has this text.
    func directory(_ text: String) throws -> String {
        let directory = path + "/code-\(text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff })"
        mkdir(directory, 0o755)
        let file = try #require(fopen(directory + "/bootstrap", "w"))
        fputs(text, file)
        fclose(file)
        chmod(directory + "/bootstrap", 0o755)
        return directory
    }

    /// - Parameter query: as in a target, without its question mark.
    func perform(
        _ operation: String,
        _ parameters: [String: String] = [:],
        query: String = "",
        body: String = ""
    ) throws -> ControlPlane.Answer {
        try plane.perform(
            #require(ControlOperation.all[operation]),
            parameters: parameters,
            target: "/?" + query,
            body: Array(body.utf8)
        )
    }

    func answer(
        _ operation: String,
        _ parameters: [String: String] = [:],
        query: String = "",
        body: String = ""
    ) throws -> JSONValue {
        try perform(operation, parameters, query: query, body: body).body ?? .null
    }

    /// - Returns: the type of the error, or the empty text where there is none.
    func error(
        _ operation: String,
        _ parameters: [String: String] = [:],
        query: String = "",
        body: String = ""
    ) throws -> String {
        do throws(LambdaAPIError) {
            _ = try plane.perform(
                try operationNamed(operation),
                parameters: parameters,
                target: "/?" + query,
                body: Array(body.utf8)
            )
            return ""
        } catch {
            return error.type
        }
    }

    private func operationNamed(_ name: String) throws(LambdaAPIError) -> ControlOperation {
        guard let operation = ControlOperation.all[name] else { throw .notImplemented(name) }
        return operation
    }

    /// Creates a function of a directory with that bootstrap; its code is kept as an archive.
    @discardableResult func create(_ name: String, _ text: String = "one", _ more: String = "") throws -> JSONValue {
        let archive = path + "/\(name).zip"
        let kept = try plane.context.code.pack(try directory(text))
        _ = system("cp '\(plane.context.code.archivePath(of: kept.sha256))' '\(archive)'")
        return try answer(
            "CreateFunction",
            body: """
                {"FunctionName": "\(name)", "Runtime": "provided.al2023", "Handler": "app",
                 "Role": "arn:aws:iam::123456789012:role/r", "Code": {"S3Bucket": "file", "S3Key": "\(archive)"}\(more)}
                """
        )
    }
}

/// Each look at it is one second later.
private final class StepClock: @unchecked Sendable {
    private var time: Int64 = 1_790_000_000_000
    /// The plane calls it from one thread alone.
    func next() -> Int64 {
        time += 1_000
        return time
    }
}
