import Subprocess

/// How a program ended and what it wrote.
struct ProgramOutcome: Sendable, CustomStringConvertible {
    enum Status: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    let status: Status
    let standardOutput: [UInt8]
    let standardError: String

    init(status: TerminationStatus, standardOutput: [UInt8], standardError: String) {
        self.status =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let number): .signaled(number)
            }
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// Standard output as text.
    var text: String { String(decoding: standardOutput, as: UTF8.self) }

    /// What `apus invoke` printed without the newline that it adds.
    var response: [UInt8] {
        standardOutput.last == UInt8(ascii: "\n") ? standardOutput.dropLast() : standardOutput
    }

    /// The log of the function and of the platform.
    var log: PlatformLog { PlatformLog(text: standardError) }

    /// Printed by `#expect` when a test fails.
    var description: String {
        "status: \(status)\nstdout: \(text.prefix(2_000))\nstderr: \(standardError.prefix(4_000))"
    }
}
