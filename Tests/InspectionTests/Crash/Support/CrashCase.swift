import LambdaModel
import Testing

@testable import Inspection

/// A program that crashes, and what has to be said of it.
struct CrashCase: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var source: String
    var build: [String]
    var signal: Int32
    var cause: String
    /// Each must occur in the lines.
    var expected: [String]

    var testDescription: String { name }

    static func context(_ crashed: CrashedProgram, cpu: String = "lambda-x86_64") throws -> CrashContext {
        var context = CrashContext(cpu: try #require(CPUProfile.named.first { $0.name == cpu }))
        context.outputTail = crashed.outputTail
        context.sourceDirectories = [crashed.directory]
        context.toolPath = CrashTools.searchPath
        // Other tests keep the processors, and the threads that wait for the tool.
        context.symbolizerLimit = .seconds(60)
        return context
    }

    /// Builds it, lets it crash, and compares.
    func check() async throws {
        let crashed = try await CrashedProgram(source: source, named: file, build: build)
        let facts = try await crashed.crash()
        let diagnosis = await CrashDiagnosis.diagnose(facts, context: try Self.context(crashed))
        let text = diagnosis.explanation.lines.joined(separator: "\n")
        #expect(facts.signal == signal)
        #expect(diagnosis.cause.code == cause, "\(text)")
        for expected in expected { #expect(text.contains(expected), "\(text)") }
        #expect(!text.contains("this CPU ("), "\(text)")
        #expect(diagnosis.explanation.lines.allSatisfy { $0.count <= 110 }, "\(text)")
        try expectJSON(diagnosis.explanation.json)
    }
}

/// A text that is not exactly one JSON value fails.
func expectJSON(_ text: String) throws {
    #expect(throws: Never.self) { try JSONSyntax.validate(Array(text.utf8)) }
}
