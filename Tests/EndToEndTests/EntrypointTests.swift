import LambdaModel
import Testing

/// A bootstrap that cannot start: Lambda's error object on standard output, the cause in plain words on standard error.
@Suite(.serialized) struct EntrypointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var contents: [UInt8]
        var mode = 0o755
        /// What follows `RequestId: ID Error: `.
        var message: String
        /// One of these, in any case of letters, must appear in the plain explanation.
        var explanation: [String]
    }

    static let cases = [
        Case(
            testDescription: "not executable",
            contents: Array("#!/bin/sh\nexit 0\n".utf8),
            mode: 0o644,
            message: "fork/exec /var/task/bootstrap: permission denied",
            explanation: ["chmod +x", "not executable"]
        ),
        Case(
            testDescription: "empty",
            contents: [],
            message: "fork/exec /var/task/bootstrap: exec format error",
            explanation: ["empty"]
        ),
        Case(
            testDescription: "no shebang",
            contents: Array("echo hello\n".utf8),
            message: "fork/exec /var/task/bootstrap: exec format error",
            explanation: ["#!", "shebang"]
        ),
        Case(
            testDescription: "CRLF shebang",
            contents: Array("#!/bin/sh\r\nexit 0\r\n".utf8),
            message: "fork/exec /var/task/bootstrap: no such file or directory",
            explanation: ["crlf", "carriage return", "windows", "line ending"]
        ),
        Case(
            testDescription: "byte order mark",
            contents: [0xEF, 0xBB, 0xBF] + Array("#!/bin/sh\nexit 0\n".utf8),
            message: "fork/exec /var/task/bootstrap: exec format error",
            explanation: ["byte order mark", "bom"]
        ),
        Case(
            testDescription: "missing interpreter",
            contents: Array("#!/no/such/interpreter\n".utf8),
            message: "fork/exec /var/task/bootstrap: no such file or directory",
            explanation: ["/no/such/interpreter"]
        ),
        Case(
            testDescription: "truncated ELF",
            contents: Array(foreignELF.prefix(20)),
            message: "fork/exec /var/task/bootstrap: exec format error",
            explanation: ["truncated", "cut", "short", "damaged", "incomplete", "elf"]
        ),
    ]

    @Test(arguments: cases) func cannotStart(_ item: Case) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeExecutable("task/bootstrap", item.contents)
            let chmod = try await fixture.run("/bin/chmod", [String(item.mode, radix: 8), "task/bootstrap"])
            #expect(chmod.status == .exited(0))
            try expectInvalidEntrypoint(
                try await fixture.invokeCode(event: "{}"),
                message: item.message,
                explanation: item.explanation
            )
        }
    }

    @Test(Prerequisite.noForeignBinaries) func otherArchitecture() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeExecutable("task/bootstrap", Self.foreignELF)
            try expectInvalidEntrypoint(
                try await fixture.invokeCode(event: "{}"),
                message: "fork/exec /var/task/bootstrap: exec format error",
                explanation: Architecture.host == .x86_64 ? ["arm64", "aarch64"] : ["x86_64", "x86-64"]
            )
        }
    }

    @Test func missing() async throws {
        try await Fixture.with { fixture in
            try fixture.write("task/Bootstrap.txt", "")
            try expectInvalidEntrypoint(
                try await fixture.invokeCode(event: "{}"),
                message: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
                explanation: ["bootstrap"]
            )
        }
    }

    /// A usual mistake: the archive holds a directory that holds the bootstrap.
    @Test func oneDirectoryTooDeepInAnArchive() async throws {
        try await Fixture.with { fixture in
            try fixture.write("function.zip", ZipBytes.one("build/bootstrap", Array("#!/bin/sh\n".utf8)))
            try expectInvalidEntrypoint(
                try await fixture.invokeCode("function.zip", event: "{}"),
                message: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
                explanation: ["bootstrap"]
            )
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    @Test func aDirectory() async throws {
        try await Fixture.with { fixture in
            try fixture.makeDirectory("task/bootstrap")
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(try ErrorObject(outcome).errorType == "Runtime.InvalidEntrypoint")
        }
    }

    private func expectInvalidEntrypoint(
        _ outcome: ProgramOutcome,
        message: String,
        explanation: [String]
    ) throws {
        #expect(outcome.status == .exited(1), "\(outcome)")
        let error = try ErrorObject(outcome)
        #expect(error.errorType == "Runtime.InvalidEntrypoint", "\(outcome)")
        let id = try #require(outcome.log.requestIDs.first, "\(outcome)")
        #expect(error.errorMessage == "RequestId: \(id) Error: \(message)", "\(outcome)")
        // Lambda's own log lines repeat the message; the explanation must stand outside of them.
        let plain = outcome.log.lines.filter { !$0.contains(message) }.joined(separator: "\n").lowercased()
        #expect(explanation.contains(where: plain.contains), "none of \(explanation) in: \(outcome)")
    }

    /// The header of a 64-bit little-endian executable for the architecture that this machine is not, with one segment
    /// to load.
    private static let foreignELF: [UInt8] = {
        let machine: UInt8 = Architecture.host == .x86_64 ? 183 : 62
        var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        bytes += [2, 0, machine, 0, 1, 0, 0, 0]
        bytes += [0x78, 0, 0x40, 0, 0, 0, 0, 0]  // entry 0x400078
        bytes += [64, 0, 0, 0, 0, 0, 0, 0]  // program headers
        bytes += [UInt8](repeating: 0, count: 8)  // no section headers
        bytes += [0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0]
        bytes += [1, 0, 0, 0, 5, 0, 0, 0]  // PT_LOAD, readable and executable
        bytes += [UInt8](repeating: 0, count: 8)
        bytes += [0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0]
        bytes += [0x80, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]
        return bytes + [UInt8](repeating: 0, count: 8)
    }()
}
