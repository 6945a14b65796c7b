import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// A program that ran under the launcher's eyes to its end.
struct CrashCapture {
    var pid: Int32 = 0
    var crashes: [CrashFacts] = []
    var status: ProcessExit.Status?
    var lines: [String] = []

    /// From the lines of a ``CrashProgram``: where the function begins that is to fault, and the one that calls it.
    var place: UInt64 { address(after: "at ") }
    var caller: UInt64 { address(after: "caller ") }
    /// The load biases of all its modules.
    var modules: [UInt64] {
        lines.filter { $0.hasPrefix("module ") }.compactMap { UInt64(Self.word(1, of: $0), radix: 16) }
    }
    /// The program itself, which comes first among the modules.
    var program: CrashFacts.Module? {
        guard let bias = modules.first, let path = crashes.first?.executable else { return nil }
        return CrashFacts.Module(path: path, loadBias: bias)
    }

    init(_ program: String, _ arguments: [String], environment: [String: String] = ["PATH": "/usr/bin:/bin"]) throws {
        var specification = LaunchSpecification(
            executable: program,
            arguments: [program] + arguments,
            environment: environment,
            workingDirectory: "/"
        )
        specification.capturesCrashes = true
        let running = try RunningEnvironment(specification)
        lines = running.output().split(separator: "\n").map(String.init)
        for message in try running.allMessages() {
            switch message {
            case .started(let pid): self.pid = pid
            case .crashed(let facts):
                #expect(status == nil, "a crash after the exit that it led to")
                crashes.append(facts)
            case .exited(let exit): status = exit.status
            case .execFailed(let code): Issue.record("execve failed: \(code)")
            case .extensionStarted, .extensionExecFailed, .extensionExited: Issue.record("there is no extension")
            case .roomFailed, .roomReady, .outOfMemory: Issue.record("there is no room")
            }
        }
    }

    private func address(after label: String) -> UInt64 {
        let line = lines.first { $0.hasPrefix(label) }
        return line.flatMap { UInt64($0.dropFirst(label.count), radix: 16) } ?? 0
    }

    private static func word(_ index: Int, of line: String) -> Substring {
        let words = line.split(separator: " ")
        return index < words.count ? words[index] : ""
    }
}
