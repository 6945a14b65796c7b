import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// An environment under test, read with blocking calls that end when its processes do.
final class RunningEnvironment {
    let processes: EnvironmentProcesses
    private var decoder = LauncherMessageDecoder()
    private var messages: [LauncherMessage] = []
    private var pendingOutput = ""

    init(_ specification: LaunchSpecification) throws {
        processes = try EnvironmentProcesses.launch(specification)
    }

    convenience init(
        shell script: String,
        arguments: [String] = [],
        environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"],
        directory: String = "/",
        capturesCrashes: Bool = false
    ) throws {
        var specification = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", script, "sh"] + arguments,
            environment: environment,
            workingDirectory: directory
        )
        specification.capturesCrashes = capturesCrashes
        try self.init(specification)
    }

    deinit {
        processes.end()
        close(processes.statusDescriptor)
        close(processes.outputDescriptor)
        processes.reap()
    }

    /// The next message, or `nil` when every process is dead.
    func nextMessage() throws -> LauncherMessage? {
        while messages.isEmpty {
            guard let bytes = Self.read(processes.statusDescriptor) else {
                try decoder.finish()
                return nil
            }
            messages = try bytes.withUnsafeBytes { try decoder.append($0) }
        }
        return messages.removeFirst()
    }

    func allMessages() throws -> [LauncherMessage] {
        var result: [LauncherMessage] = []
        while let message = try nextMessage() { result.append(message) }
        return result
    }

    /// The next whole line of output, or `nil` at its end.
    func nextLine() -> String? {
        while true {
            if let end = pendingOutput.firstIndex(of: "\n") {
                defer { pendingOutput.removeSubrange(...end) }
                return String(pendingOutput[..<end])
            }
            guard let bytes = Self.read(processes.outputDescriptor) else { return nil }
            pendingOutput += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The rest of the output, up to the death of the last process that could write.
    func output() -> String {
        while let bytes = Self.read(processes.outputDescriptor) {
            pendingOutput += String(decoding: bytes, as: UTF8.self)
        }
        return pendingOutput
    }

    /// In ms: only a process that should be dead, and is not, makes a test wait for so long.
    private static let patience: Int32 = 60_000

    /// Some bytes, or `nil` at the end of the file.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            if count == 0 { return nil }
            guard errno == EAGAIN else { return nil }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, patience) > 0 else {
                Issue.record("nothing more to read, and no end of the file")
                return nil
            }
        }
    }
}

extension LauncherMessage {
    /// The status of an `exited`.
    var exitStatus: ProcessExit.Status? {
        if case .exited(let exit) = self { exit.status } else { nil }
    }

    var startedPID: Int32? {
        if case .started(let pid) = self { pid } else { nil }
    }
}
