import Testing

/// A running emulator and the address where it takes invocations.
struct RunningEmulator: Sendable {
    /// Where the options stand: images put them behind the program as well.
    enum OptionPlace: Sendable {
        case beforeTheProgram
        case behindIt
    }

    struct Answer: Hashable, Sendable {
        var status: Int
        var body: String
    }

    static let path = "/2015-03-31/functions/function/invocations"

    var fixture: Fixture
    var address: String
    var running: RunningProgram

    /// Starts `apus rie` with a program of the fixture's and its arguments, waits until it listens, and ends it after
    /// `body`; nothing may be left of it then.
    ///
    /// - Parameter command: the first word is a path in the project's directory.
    static func with(
        _ command: [String],
        in fixture: Fixture,
        options: OptionPlace = .beforeTheProgram,
        more: [String] = [],
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (RunningEmulator) async throws -> Void
    ) async throws {
        let address = "127.0.0.1:\(try freePort())"
        let addresses = [
            "--runtime-interface-emulator-address", address, "--runtime-api-address=127.0.0.1:\(try freePort())",
        ]
        let program = [fixture.path(command[0])] + command.dropFirst()
        let words = options == .beforeTheProgram ? addresses + more + program : program + addresses + more
        let outcome = try await fixture.apus(["rie"] + words, environment: environment) { running in
            defer { running.signal(.terminate) }
            let emulator = RunningEmulator(fixture: fixture, address: address, running: running)
            try await emulator.waitUntilItListens()
            try await body(emulator)
        }
        #expect(outcome.status == .exited(143) || outcome.status == .exited(0), "\(outcome)")
        try await eventually("no process") { fixture.processes().isEmpty }
        #expect(try fixture.temporaryFiles() == [])
    }

    func waitUntilItListens() async throws {
        try await eventually("a listening emulator; stderr: \(running.errorText)") {
            let probe = try await fixture.run(Paths.program("curl") ?? "", ["-s", "http://\(address)/"])
            return probe.status == .exited(0)
        }
    }

    /// The answer to an invocation: status and body.
    func invoke(_ event: String, path: String = RunningEmulator.path, headers: [String] = []) async throws -> Answer {
        let outcome = try await fixture.program(
            Paths.program("curl") ?? "",
            ["-sS", "--data-binary", "@-", "-w", "\n%{http_code}"] + headers.flatMap { ["-H", $0] }
                + ["http://" + address + path],
            stdin: Array(event.utf8)
        ).run()
        #expect(outcome.status == .exited(0), "\(outcome)")
        let end = outcome.text.lastIndex(of: "\n") ?? outcome.text.startIndex
        return Answer(status: Int(outcome.text[end...].dropFirst()) ?? 0, body: String(outcome.text[..<end]))
    }

    /// Invokes the function and compares the answer.
    func expect(
        _ event: String,
        status: Int = 200,
        body: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await invoke(event)
        #expect(answer == Answer(status: status, body: body), "\(running.errorText)", sourceLocation: location)
    }

    /// Invokes the function with the numbers from 0 on, all at once.
    func invokeAtOnce(_ count: Int) async throws -> [Int: Answer] {
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for number in 0..<count {
                group.addTask { (number, try await invoke("\(number)")) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
