import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A directory of a test's own, removed afterwards with all that is in it. It holds
/// `project` (the working directory), `tmp` (the only TMPDIR of what runs here), `home` and the streams of programs.
final class Fixture: Sendable {
    /// Unique on this machine, so that it also tells the processes of this test from all others.
    let root: String
    /// What `apus invoke` is told to use; `nil`: nothing, so that it takes its default.
    let backend: Backend?
    /// Who runs `apus`.
    let caller: Caller
    private let runs = Atomic<Int>(0)

    /// Makes a fixture, hands it to `body` and removes it, whatever happens.
    static func with<Result: Sendable>(
        _ backend: Backend? = nil,
        as caller: Caller = .own,
        _ body: (Fixture) async throws -> Result
    ) async throws -> Result {
        let fixture = try Fixture(backend, caller)
        defer { fixture.remove() }
        return try await body(fixture)
    }

    private init(_ backend: Backend?, _ caller: Caller) throws {
        self.backend = backend
        self.caller = caller
        let temporary = FileManager.default.temporaryDirectory.path(percentEncoded: false)
        let base = temporary.hasSuffix("/") ? String(temporary.dropLast()) : temporary
        root = base + "/e2e-" + UUID().uuidString.lowercased()
        for directory in ["project", "tmp", "home", "streams"] {
            try makeDirectory(root + "/" + directory)
        }
        guard let user = caller.user else { return }
        for directory in ["tmp", "home"] {
            try FileManager.default.setAttributes([.ownerAccountID: user], ofItemAtPath: root + "/" + directory)
        }
    }

    private func remove() {
        // What a failed test has left running.
        for process in processes() { SignalNumber.kill.send(to: process) }
        // A test may have taken write permissions away.
        makeWritable(root)
        try? FileManager.default.removeItem(atPath: root)
    }

    private func makeWritable(_ directory: String) {
        try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory)
        for name in (try? Files.names(in: directory)) ?? [] where isDirectory(directory + "/" + name) {
            makeWritable(directory + "/" + name)
        }
    }

    // MARK: Files

    /// The absolute path of a file of the project; absolute paths stay as they are.
    func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : root + "/project/" + name
    }

    /// Writes a file, with the directories that lead to it.
    func write(_ name: String, _ bytes: [UInt8], mode: Int = 0o644) throws {
        try makeDirectory(String(path(name).prefix(through: path(name).lastIndex(of: "/") ?? name.startIndex)))
        try Files.write(bytes, to: path(name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        try write(name, Array(text.utf8), mode: mode)
    }

    /// Writes a file that is executed.
    ///
    /// Another process writes it: were it this one, a child forked meanwhile by another test could still hold the file
    /// open for writing when it is executed, which the kernel answers with ETXTBSY.
    func writeExecutable(_ name: String, _ bytes: [UInt8]) async throws {
        try write(name + ".source", bytes)
        let outcome = try await run(
            "/bin/sh",
            [
                "-c", #"cp "$1.source" "$1" && chmod 755 "$1" && rm "$1.source""#, "sh", path(name),
            ]
        )
        guard outcome.status == .exited(0) else { throw HarnessError("writing \(name): \(outcome)") }
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    func makeLink(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }

    /// Copies a directory of the repository into the project's directory, or into one below it.
    func copyFromRepository(_ name: String, to directory: String = ".") throws {
        let source = Paths.repository + "/" + name
        try makeDirectory(directory)
        for entry in try Files.names(in: source) where entry != ".aws-sam" {
            try FileManager.default.copyItem(atPath: source + "/" + entry, toPath: path(directory) + "/" + entry)
        }
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Files.read(path(name)), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { Files.exists(path(name)) }

    private func isDirectory(_ path: String) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        return type == .typeDirectory
    }

    // MARK: Programs

    /// A program with this fixture's surroundings: a small environment, HOME and TMPDIR of its own.
    func program(
        _ executable: String,
        _ arguments: [String],
        stdin: [UInt8] = [],
        environment: [String: String] = [:],
        timeLimit: Duration = .seconds(60)
    ) throws -> Program {
        let streams = root + "/streams/\(runs.add(1, ordering: .relaxed).newValue)"
        try makeDirectory(streams)
        let own = ProcessInfo.processInfo.environment
        var base = [
            "PATH": own["PATH"] ?? "/usr/bin:/bin",
            "HOME": root + "/home", "TMPDIR": root + "/tmp", "LANG": "C.UTF-8",
        ]
        base["TSAN_OPTIONS"] = own["TSAN_OPTIONS"]
        // A command ends by exit() on a thread of its own, and LeakSanitizer takes what that thread's stack holds for lost.
        base["ASAN_OPTIONS"] = "detect_leaks=0"
        return Program(
            path: executable,
            arguments: arguments,
            environment: base.merging(environment) { $1 },
            directory: root + "/project",
            standardInput: stdin,
            timeLimit: timeLimit,
            streams: streams
        )
    }

    func run(_ executable: String, _ arguments: [String]) async throws -> ProgramOutcome {
        try await program(executable, arguments).run()
    }

    // MARK: What is left behind

    /// Files of Apus's or of the function's in the temporary directory.
    func temporaryFiles() throws -> [String] {
        try Files.names(in: root + "/tmp")
    }

    /// Living processes that belong to this test.
    func processes() -> [Int32] {
        ProcessTable.processes(mentioning: root)
    }
}
