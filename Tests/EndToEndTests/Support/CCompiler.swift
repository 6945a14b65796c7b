/// Compiles C once for the whole test run; tests that use the same bootstrap share the bytes, never the file.
actor CCompiler {
    static let shared = CCompiler()

    private var programs: [String: Task<[UInt8], any Error>] = [:]

    /// The executable that `source` makes.
    func executable(of source: String) async throws -> [UInt8] {
        if let program = programs[source] { return try await program.value }
        let program = Task { try await Self.compile(source) }
        programs[source] = program
        return try await program.value
    }

    private static func compile(_ source: String) async throws -> [UInt8] {
        guard let gcc = Paths.program("gcc") else { throw HarnessError("gcc is not installed") }
        return try await Fixture.with { fixture in
            try fixture.write("bootstrap.c", source)
            let outcome = try await fixture.run(gcc, ["-O1", "-w", "-o", "bootstrap", "bootstrap.c"])
            guard outcome.status == .exited(0) else { throw HarnessError("gcc failed: \(outcome)") }
            return try Files.read(fixture.path("bootstrap"))
        }
    }
}
