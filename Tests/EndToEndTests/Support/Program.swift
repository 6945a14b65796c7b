import Subprocess
import SystemPackage

/// Runs a program as a user's shell would: with arguments, an environment of its own, a directory and a time limit.
struct Program: Sendable {
    var path: String
    var arguments: [String] = []
    /// The whole environment: nothing is inherited.
    var environment: [String: String] = [:]
    var directory: String
    var standardInput: [UInt8] = []
    /// Past it, the program and its process group are killed and `run` throws.
    var timeLimit: Duration = .seconds(60)
    /// Where the three standard streams are kept, a directory that belongs to this run alone.
    ///
    /// They are files rather than pipes, so that a process left behind with an open descriptor cannot hold the test up.
    var streams: String

    /// Runs to the end. `body` may look on and interfere meanwhile.
    func run(
        _ body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramOutcome {
        try await withThrowingTaskGroup(of: ProgramOutcome?.self) { group in
            group.addTask { try await launch(body) }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                return nil
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() ?? nil else {
                throw HarnessError("\(path) \(arguments) ran longer than \(timeLimit); stderr: \(errorText)")
            }
            return outcome
        }
    }

    private func launch(
        _ body: @escaping @Sendable (RunningProgram) async throws -> Void
    ) async throws -> ProgramOutcome {
        try Files.write(standardInput, to: inputPath)
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        let result = try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: environment.compactMap { key, value in
                        Environment.Key(rawValue: key).map { ($0, value) }
                    }
                )
            ),
            workingDirectory: FilePath(directory),
            platformOptions: options,
            input: .fileDescriptor(
                try .open(FilePath(inputPath), .readOnly),
                closeAfterSpawningProcess: true
            ),
            output: .fileDescriptor(try Self.create(outputPath), closeAfterSpawningProcess: true),
            error: .fileDescriptor(try Self.create(errorPath), closeAfterSpawningProcess: true)
        ) { execution in
            try await body(RunningProgram(processID: execution.processIdentifier.value, program: self))
        }
        return try ProgramOutcome(
            status: result.terminationStatus,
            standardOutput: Files.read(outputPath),
            standardError: errorText
        )
    }

    /// What the program has written to standard error so far.
    var errorText: String {
        String(decoding: (try? Files.read(errorPath)) ?? [], as: UTF8.self)
    }

    /// What the program has written to standard output so far.
    var outputText: String {
        String(decoding: (try? Files.read(outputPath)) ?? [], as: UTF8.self)
    }

    private var inputPath: String { streams + "/stdin" }
    private var outputPath: String { streams + "/stdout" }
    private var errorPath: String { streams + "/stderr" }

    private static func create(_ path: String) throws -> FileDescriptor {
        try .open(FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    }
}
