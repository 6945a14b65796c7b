internal import CLauncher
package import LambdaModel
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The processes of one execution environment: a launcher (a small init, reaper and death watch) and below it the main
/// process and the extensions with whatever they start. All of them die when `end` is called, when this value goes away, and when Apus
/// is killed.
package final class EnvironmentProcesses: Sendable {
    /// The launcher's process id. It is reaped by `reap`.
    package let launcherPID: Int32
    /// The reading end of the launcher's messages (`LauncherMessageDecoder`). End of file: every process is dead.
    ///
    /// Non-blocking and close-on-exec, as are those for output. All belong to the caller, who closes them.
    package let statusDescriptor: Int32
    /// The reading end of the main process's standard output and standard error, which are one pipe. End of file: nothing
    /// that has it runs any more, or ever will.
    package let outputDescriptor: Int32
    /// The same for all extensions together; `nil` without extensions.
    package let extensionOutputDescriptor: Int32?

    /// What the launcher runs at its end. The main process is then the client of a container, whose processes are those in a
    /// namespace of their own.
    private let cleanup: ExtensionSpecification?
    /// The room that the processes are in, and whether it had been made before.
    let room: RoomSpecification?
    let isRoomEnteredAgain: Bool

    private struct State {
        /// The socket to the launcher; `nil` after `end`.
        var control: Int32?
        var launcher = Launcher.running
        var looksAtGroups = 0
        /// The launcher was killed, so that it could not clean up.
        var needsCleanup = false
    }

    /// Whether the launcher's id is its own, and who may reap it.
    private enum Launcher {
        /// It runs, or waits to be reaped. → `beingKilled`, `reaped`
        case running
        /// Left to `forceEnd`. → `reaped`
        case beingKilled
        case reaped
    }
    private let state: Mutex<State>

    /// Starts a launcher, which executes the specification: without extensions at once, and whether that succeeded comes as
    /// its first message; with extensions when it is asked to (`LauncherCommand.startExtensions`).
    ///
    /// Takes about a millisecond and may be called from many threads at once. Throws `LaunchFailure.host` when this
    /// machine cannot start a process (descriptors or processes used up) and `.exec` with EINVAL for strings that hold
    /// a NUL, which no process can be given, with E2BIG for too many extensions.
    ///
    /// - Parameter namespaces: of the specification's room, where it has been made by an earlier launch, with nothing
    ///   running in it; its file system is entered again then, whatever the parts say.
    package static func launch(
        _ specification: LaunchSpecification,
        again namespaces: RoomNamespaces? = nil
    ) throws(LaunchFailure) -> EnvironmentProcesses {
        let entries = try LauncherEntries.entries(for: specification, again: namespaces != nil)
        let control = try Descriptors.socketPair()
        var status = Descriptors.noPipe
        var output = Descriptors.noPipe
        var extensionOutput = Descriptors.noPipe
        // The launcher has its own copies by then.
        defer { Descriptors.close(control.launcher, status.writing, output.writing, extensionOutput.writing) }
        do {
            status = try Descriptors.pipe()
            output = try Descriptors.pipe()
            if !specification.extensions.isEmpty { extensionOutput = try Descriptors.pipe() }
            let pid = try LauncherProcess.spawn(
                APUS_LAUNCHER_NAME,
                control: control.launcher,
                status: status.writing,
                output: output.writing,
                extensionOutput: extensionOutput.writing,
                namespaces: namespaces,
                entries: entries
            )
            return EnvironmentProcesses(
                launcherPID: pid,
                statusDescriptor: status.reading,
                outputDescriptor: output.reading,
                extensionOutputDescriptor: specification.extensions.isEmpty ? nil : extensionOutput.reading,
                control: control.own,
                room: specification.room,
                isRoomEnteredAgain: namespaces != nil,
                cleanup: specification.cleanup
            )
        } catch {
            Descriptors.close(control.own, status.reading, output.reading, extensionOutput.reading)
            throw error
        }
    }

    private init(
        launcherPID: Int32,
        statusDescriptor: Int32,
        outputDescriptor: Int32,
        extensionOutputDescriptor: Int32?,
        control: Int32,
        room: RoomSpecification?,
        isRoomEnteredAgain: Bool,
        cleanup: ExtensionSpecification?
    ) {
        self.cleanup = cleanup
        self.room = room
        self.isRoomEnteredAgain = isRoomEnteredAgain
        self.launcherPID = launcherPID
        self.statusDescriptor = statusDescriptor
        self.outputDescriptor = outputDescriptor
        self.extensionOutputDescriptor = extensionOutputDescriptor
        state = Mutex(State(control: control))
    }

    deinit {
        end()
        state.withLock { state in
            // Who drops the value without `reap` gets no zombie as long as the launcher is gone already.
            if state.launcher == .running { _ = waitpid(launcherPID, nil, WNOHANG) }
        }
    }

    /// Passes a command to the launcher. Never blocks, never raises SIGPIPE, does nothing after the end.
    package func send(_ command: LauncherCommand) {
        state.withLock { state in
            guard let control = state.control, let byte = command.byte else { return }
            apus_send_command(control, byte)
            wake(state)
        }
    }

    /// A function may stop the launcher, which is its processes' parent. Who is asked for something has to be awake.
    private func wake(_ state: State) {
        if state.launcher == .running { kill(launcherPID, SIGCONT) }
    }

    /// Closes the connection to the launcher, which then kills every process and exits. May be called again.
    package func end() {
        state.withLock { state in
            if let control = state.control { Descriptors.close(control) }
            state.control = nil
            wake(state)
        }
    }

    /// Whether `end` has been called.
    var hasEnded: Bool { state.withLock { $0.control == nil } }

    /// Whether the launcher has been stopped, or is held by a tracer, so that it does nothing that it is asked for.
    package var launcherIsStopped: Bool {
        state.withLock { $0.launcher == .running && apus_launcher_is_stopped(launcherPID) != 0 }
    }

    /// For a launcher that is stopped again after `end`: kills its processes (Linux, as far as /proc shows them) and the
    /// launcher, and collects it. Blocks until that is done, which takes a second for thousands of processes.
    package func forceEnd() {
        guard take(launcher: .beingKilled) else { return }
        apus_end_launcher(launcherPID)
        waitForLauncher()
        state.withLock { $0.launcher = .reaped }
    }

    /// Collects the launcher after the end of file on `statusDescriptor`, so that no zombie stays. Blocks until the
    /// launcher has exited, which it does right after closing that descriptor. May be called again.
    package func reap() {
        guard take(launcher: .reaped) else { return }
        waitForLauncher()
    }

    /// Whether the launcher still has to be collected, which nobody but the caller does from now on.
    private func take(launcher next: Launcher) -> Bool {
        state.withLock { state in
            guard state.launcher == .running else { return false }
            state.launcher = next
            return true
        }
    }

    private func waitForLauncher() {
        var status: Int32 = 0
        while waitpid(launcherPID, &status, 0) < 0 && errno == EINTR {}
        state.withLock { $0.needsCleanup = mustCleanUp(after: status) }
        while !state.withLock({ removeGroups(&$0) }) { usleep(1_000) }
    }

    private func mustCleanUp(after status: Int32) -> Bool {
        guard cleanup != nil, case .signaled = WaitStatus.decode(status) else { return false }
        return true
    }

    /// Whether `cleanUp` has to be called: the launcher was killed, and is collected.
    package var needsCleanup: Bool { state.withLock { $0.needsCleanup } }

    /// Does what a launcher that was killed should have done itself. Blocks for as long as the command takes, ten seconds
    /// where it says nothing.
    package func cleanUp() {
        state.withLock { $0.needsCleanup = false }
        guard let cleanup else { return }
        let command = LaunchSpecification(
            executable: cleanup.executable,
            arguments: cleanup.arguments,
            environment: cleanup.environment,
            workingDirectory: cleanup.workingDirectory
        )
        guard let processes = try? EnvironmentProcesses.launch(command) else { return }
        _ = DescriptorText.readToEnd(processes.outputDescriptor, patience: 10_000)
        processes.end()
        processes.reap()
        Descriptors.close(processes.statusDescriptor, processes.outputDescriptor)
    }

    /// Seconds, at the pace of whoever looks.
    private static let mostLooksAtGroups = 10_000

    /// As the launcher has done, unless it was killed: then its processes are still dying, perhaps. Returns whether there is
    /// nothing more to wait for.
    private func removeGroups(_ state: inout State) -> Bool {
        var isBusy = false
        for group in room?.groups ?? [] where rmdir(group.path) != 0 && errno == EBUSY { isBusy = true }
        state.looksAtGroups += 1
        return !isBusy || state.looksAtGroups > Self.mostLooksAtGroups
    }

    /// Calls with the socket to the launcher; `nil` after `end`.
    func withControl<Result>(_ body: (Int32) -> Result) -> Result? {
        // Not under the lock: it may wait. The descriptor is a copy, so that nobody closes it meanwhile.
        let copy = state.withLock { state in state.control.map { fcntl($0, F_DUPFD_CLOEXEC, 8) } }
        guard let copy, copy >= 0 else { return nil }
        defer { Descriptors.close(copy) }
        return body(copy)
    }

    /// Collects the launcher if it has exited. Never blocks. Returns whether it is gone, now or since before, and its control
    /// groups with it.
    package func reapIfEnded() -> Bool {
        state.withLock { state in
            if state.launcher == .running {
                var status: Int32 = 0
                let result = waitpid(launcherPID, &status, WNOHANG)
                if result == launcherPID || (result < 0 && errno == ECHILD) { state.launcher = .reaped }
                if result == launcherPID { state.needsCleanup = mustCleanUp(after: status) }
            }
            return state.launcher == .reaped && removeGroups(&state)
        }
    }

    /// Peak resident memory, in bytes, of the processes that are alive now, the launcher excluded (see
    /// `ProcessMemory`). `nil` where it cannot be read.
    package func peakMemoryBytes() -> Int? {
        if cleanup != nil { return ProcessMemory.peakBytes(belowPid: launcherPID, inOtherNamespaces: true) }
        // In a room the launcher's only child is its first process, which is ours as well.
        let first = room == nil ? launcherPID : ProcessMemory.onlyChild(of: launcherPID)
        return first.flatMap { ProcessMemory.peakBytes(belowPid: $0) }
    }
}
