/// Compiles C once for the whole test run; tests that use the same bootstrap share the bytes, never the file.
actor CCompiler {
    static let shared = CCompiler()

    private struct Key: Hashable {
        var source: String
        var isStatic: Bool
        var compiler: String
    }

    private var programs: [Key: Task<[UInt8], any Error>] = [:]

    /// The executable that `source` makes; a static one runs where there are no libraries.
    func executable(
        of source: String,
        isStatic: Bool = false,
        by compiler: String = "gcc"
    ) async throws -> [UInt8] {
        let key = Key(source: source, isStatic: isStatic, compiler: compiler)
        if let program = programs[key] { return try await program.value }
        let program = Task { try await Self.compile(key) }
        programs[key] = program
        return try await program.value
    }

    private static func compile(_ key: Key) async throws -> [UInt8] {
        guard let gcc = Paths.program(key.compiler) else { throw HarnessError("\(key.compiler) is not installed") }
        return try await Fixture.with { fixture in
            try fixture.write("bootstrap.c", key.source)
            let options = ["-O1", "-w"] + (key.isStatic ? ["-static"] : [])
            let outcome = try await fixture.run(gcc, options + ["-o", "bootstrap", "bootstrap.c"])
            guard outcome.status == .exited(0) else { throw HarnessError("gcc failed: \(outcome)") }
            return try Files.read(fixture.path("bootstrap"))
        }
    }
}
