import Foundation
import FunctionBuild
import LambdaModel
import Synchronization

/// A project in a temporary directory whose name has blanks and letters beyond ASCII; removed with the value.
final class Project: Sendable {
    let path: String
    private let collected = Mutex<[BuildEvent]>([])

    init() throws {
        path = NSTemporaryDirectory() + "apus build tests ü " + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/tmp", withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func list(_ name: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path + "/" + name).sorted()
    }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    func linkTarget(_ name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)
    }

    /// Directories for building that are still there; none may be after a build.
    func leftovers() throws -> [String] {
        let built =
            exists(".aws-sam/build")
            ? try FileManager.default.contentsOfDirectory(atPath: path + "/.aws-sam/build") : []
        let temporary = try FileManager.default.contentsOfDirectory(atPath: path + "/tmp")
        return built.filter { $0.hasPrefix(".") } + temporary
    }

    var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TMPDIR": path + "/tmp", "HOME": path]
    }

    func builder(
        jobs: Int = 2,
        useCache: Bool = true,
        environment: [String: String] = [:]
    ) -> FunctionBuilder {
        FunctionBuilder(
            buildDirectory: path + "/.aws-sam/build",
            cacheDirectory: path + "/.aws-sam/apus-cache",
            jobs: jobs,
            useCache: useCache,
            environment: self.environment.merging(environment) { $1 }
        )
    }

    func request(
        _ logicalID: String = "Hello",
        code: String = "src",
        method: BuildMethod = .unspecified
    ) -> BuildRequest {
        BuildRequest(
            logicalID: logicalID,
            code: .directory(path: code),
            method: method,
            templateDirectory: path
        )
    }

    @discardableResult
    func build(_ request: BuildRequest, builder: FunctionBuilder? = nil) async throws -> BuildResult {
        try await build([request], builder: builder)[0]
    }

    func build(_ requests: [BuildRequest], builder: FunctionBuilder? = nil) async throws -> [BuildResult] {
        try await (builder ?? self.builder()).build(requests) { event in
            self.collected.withLock { $0.append(event) }
        }
    }

    /// The events since the last call.
    func events() -> [BuildEvent] {
        collected.withLock { events in
            defer { events = [] }
            return events
        }
    }

    /// The lines that tools wrote since the last call.
    func lines() -> [String] {
        events().compactMap { if case .output(_, let line) = $0 { line } else { nil } }
    }

    /// Runs the build, which must fail.
    func failure(_ request: BuildRequest, builder: FunctionBuilder? = nil) async throws -> BuildFailure {
        do {
            _ = try await build(request, builder: builder)
        } catch let failure as BuildFailure {
            return failure
        }
        throw Unexpected()
    }

    struct Unexpected: Error {}
}
