import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// The lines that can be read from a descriptor.
private final class DescriptorLines {
    private let descriptor: Int32
    private var pending = ""

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func next() -> String? {
        while true {
            if let end = pending.firstIndex(of: "\n") {
                defer { pending.removeSubrange(...end) }
                return String(pending[..<end])
            }
            guard let bytes = RunningEnvironment.read(descriptor) else { return nil }
            pending += String(decoding: bytes, as: UTF8.self)
        }
    }

    func rest() -> String {
        while let bytes = RunningEnvironment.read(descriptor) { pending += String(decoding: bytes, as: UTF8.self) }
        return pending
    }
}

/// An environment under test, read with blocking calls that end when its processes do.
final class RunningEnvironment {
    let processes: EnvironmentProcesses
    private var decoder = LauncherMessageDecoder()
    private var messages: [LauncherMessage] = []
    private let lines: DescriptorLines
    private let extensionLines: DescriptorLines?

    init(_ specification: LaunchSpecification, again namespaces: RoomNamespaces? = nil) throws {
        processes = try EnvironmentProcesses.launch(specification, again: namespaces)
        lines = DescriptorLines(processes.outputDescriptor)
        extensionLines = processes.extensionOutputDescriptor.map { DescriptorLines($0) }
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
        processes.extensionOutputDescriptor.map { _ = close($0) }
        processes.reap()
    }

    /// Shell scripts as main process and extensions; the index of an extension is its `$1`.
    convenience init(
        main script: String,
        extensions: [String],
        capturesCrashes: Bool = false,
        environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
    ) throws {
        var specification = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: environment,
            workingDirectory: "/"
        )
        specification.capturesCrashes = capturesCrashes
        specification.extensions = extensions.enumerated().map { index, script in
            ExtensionSpecification(
                executable: "/bin/sh",
                arguments: ["sh", "-c", script, "sh", String(index)],
                environment: environment,
                workingDirectory: "/"
            )
        }
        try self.init(specification)
    }

    /// Asks for everything to be started. The extensions come first.
    func start() {
        processes.send(.startExtensions)
        processes.send(.startMain)
    }

    /// The next messages, of which there must be so many.
    func nextMessages(_ count: Int) throws -> [LauncherMessage] {
        try (0..<count).map { _ in try #require(try nextMessage()) }
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
    func nextLine() -> String? { lines.next() }

    /// The rest of the output, up to the death of the last process that could write.
    func output() -> String { lines.rest() }

    /// The same for the extensions' output.
    func nextExtensionLine() -> String? { extensionLines?.next() }
    func extensionOutput() -> String? { extensionLines?.rest() }

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
        switch self {
        case .started(let pid), .extensionStarted(_, let pid): pid
        default: nil
        }
    }

    /// Without the figures that no test can know: what happened to whom.
    var summary: String {
        switch self {
        case .started: "main started"
        case .execFailed(let code): "main failed \(code)"
        case .exited(let exit): "main \(exit.status)"
        case .crashed(let facts): "crash \(facts.signal)"
        case .extensionStarted(let index, _): "\(index) started"
        case .extensionExecFailed(let index, let code): "\(index) failed \(code)"
        case .extensionExited(let index, let exit): "\(index) \(exit.status)"
        case .roomFailed(let step, let code): "room failed at \(step): \(code)"
        case .roomReady: "room ready"
        case .outOfMemory: "out of memory"
        }
    }
}
