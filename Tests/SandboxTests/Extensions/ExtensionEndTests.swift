import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Who ends with whom: the main process and the extensions each for themselves, all of them with the environment.
@Suite struct ExtensionEndTests {
    private static let sleeping = "echo ready; exec sleep 1000"
    /// Leaves the group, the session and its parent, then says its id.
    private static let orphan = "(setsid sh -c 'trap \"\" TERM HUP INT; echo $$; exec sleep 1000' &)"

    /// Starts all and waits for the first words of each. The process ids: of the main process, then of the extensions.
    private static func start(_ environment: RunningEnvironment, extensions: Int) throws -> [Int32] {
        environment.start()
        let messages = try environment.nextMessages(extensions + 1)
        try #require(messages.last?.summary == "main started")
        #expect(environment.nextLine() == "ready")
        for _ in 0..<extensions { #expect(environment.nextExtensionLine() == "ready") }
        return [messages[extensions]].compactMap(\.startedPID) + messages.dropLast().compactMap(\.startedPID)
    }

    @Test(arguments: TracingPermission.choices)
    func theEndOfTheMainProcessLeavesTheExtensions(traced: Bool) throws {
        let environment = try RunningEnvironment(
            main: "sleep 1000 & echo $!; exit 3",
            extensions: [Self.sleeping, Self.sleeping],
            capturesCrashes: traced
        )
        environment.start()
        let messages = try environment.nextMessages(4)
        #expect(messages.map(\.summary) == ["0 started", "1 started", "main started", "main exited(3)"])
        // Its group ends with it, and so does its output.
        let child = try #require(environment.nextLine().flatMap { Int32($0) })
        #expect(HostProcess.waitForState(child) { $0 == nil })
        #expect(environment.output().isEmpty)
        let extensions = messages.prefix(2).compactMap(\.startedPID)
        #expect(extensions.allSatisfy { !HostProcess.isGone($0) })

        environment.processes.send(.killExtension(0))
        #expect(try environment.nextMessage()?.summary == "0 signaled(9)")
        #expect(!HostProcess.isGone(extensions[1]))
        environment.processes.send(.killExtension(1))
        #expect(try environment.allMessages().map(\.summary) == ["1 signaled(9)"])
    }

    @Test(arguments: TracingPermission.choices)
    func theEndOfAnExtensionLeavesTheOthers(traced: Bool) throws {
        let environment = try RunningEnvironment(
            main: Self.sleeping,
            extensions: ["sleep 1000 & echo ready; echo $! >&2; exit 4", Self.sleeping],
            capturesCrashes: traced
        )
        environment.start()
        let messages = try environment.nextMessages(4)
        #expect(Set(messages.map(\.summary)) == ["0 started", "0 exited(4)", "1 started", "main started"])
        let lines = (0..<3).compactMap { _ in environment.nextExtensionLine() }
        let child = try #require(lines.compactMap { Int32($0) }.first)
        #expect(HostProcess.waitForState(child) { $0 == nil })
        #expect(environment.nextLine() == "ready")

        environment.processes.send(.killMain)
        #expect(try environment.nextMessage()?.summary == "main signaled(9)")
        environment.processes.send(.killMain)
        environment.processes.send(.killExtension(0))
        environment.processes.send(.killExtension(7))
        environment.processes.send(.killExtension(1))
        #expect(try environment.allMessages().map(\.summary) == ["1 signaled(9)"])
        #expect(environment.extensionOutput() == "")
    }

    @Test func terminateReachesTheMainProcessAlone() throws {
        let environment = try RunningEnvironment(
            main: "trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done",
            extensions: ["trap 'exit 4' TERM; echo ready; while :; do sleep 0.01; done"]
        )
        let processes = try Self.start(environment, extensions: 1)
        environment.processes.send(.terminate)
        #expect(try environment.nextMessage()?.summary == "main exited(3)")
        environment.processes.send(.terminate)
        environment.processes.send(.killExtension(0))
        #expect(try environment.allMessages().map(\.summary) == ["0 signaled(9)"])
        #expect(processes.allSatisfy(HostProcess.isGone))
    }

    enum Ending: String, CaseIterable, Sendable { case killSent, endCalled, allExit, launcherKilled }

    @Test(arguments: Ending.allCases, TracingPermission.choices)
    func everyDescendantOfAnExtensionDies(ending: Ending, traced: Bool) throws {
        let scratch = try Scratch()
        let gate = try scratch.makeFIFO("gate")
        let main = "echo ready; read line < \(gate)"
        let environment = try RunningEnvironment(
            main: main,
            extensions: ["\(Self.orphan); read line < \(gate)", main],
            capturesCrashes: traced
        )
        environment.start()
        var family = try environment.nextMessages(3).compactMap(\.startedPID)
        #expect(environment.nextLine() == "ready")
        let lines = (0..<2).compactMap { _ in environment.nextExtensionLine() }
        family.append(try #require(lines.compactMap { Int32($0) }.first))
        #expect(Set(family).count == 4)
        #expect(family.allSatisfy { !HostProcess.isGone($0) })

        switch ending {
        case .killSent: environment.processes.send(.kill)
        case .endCalled: environment.processes.end()
        case .allExit: break
        case .launcherKilled: kill(environment.processes.launcherPID, SIGKILL)
        }
        if ending == .launcherKilled {
            // The orphan outlives it unless it is traced, as that of a main process does.
            #expect(try environment.allMessages().isEmpty)
            #expect(family.prefix(3).allSatisfy { HostProcess.waitForState($0) { $0 == nil || $0 == "Z" } })
            if traced {
                #expect(HostProcess.waitForState(family[3]) { $0 == nil || $0 == "Z" })
            } else {
                kill(family[3], SIGKILL)
            }
            return
        }
        // A line for each; the gate stays open for whoever comes to it late.
        let writer = open(gate, O_RDWR | O_CLOEXEC)
        defer { close(writer) }
        if ending == .allExit { #expect(write(writer, "\n\n\n", 3) == 3) }
        let rest = try environment.allMessages().map(\.summary)
        let end = ending == .allExit ? "exited(0)" : "signaled(9)"
        #expect(Set(rest) == ["0 \(end)", "1 \(end)", "main \(end)"])
        #expect(family.allSatisfy(HostProcess.isGone))
        #expect(environment.output().isEmpty)
        #expect(environment.extensionOutput() == "")
    }

    @Test(arguments: TracingPermission.choices)
    func stopFreezesAndContinueThawsAll(traced: Bool) throws {
        let environment = try RunningEnvironment(
            main: "\(Self.sleeping)",
            extensions: [Self.sleeping, Self.sleeping],
            capturesCrashes: traced
        )
        let processes = try Self.start(environment, extensions: 2)
        for _ in 0..<10 {
            environment.processes.send(.stop)
            #expect(processes.allSatisfy { HostProcess.waitForState($0, HostProcess.isStopped) })
            environment.processes.send(.continue)
            #expect(processes.allSatisfy { HostProcess.waitForState($0) { $0 == "S" } })
        }
        environment.processes.send(.stop)
        #expect(processes.allSatisfy { HostProcess.waitForState($0, HostProcess.isStopped) })
        // Frozen ones can be killed, one by one and together.
        environment.processes.send(.killExtension(1))
        #expect(try environment.nextMessage()?.summary == "1 signaled(9)")
        environment.processes.send(.kill)
        #expect(Set(try environment.allMessages().map(\.summary)) == ["0 signaled(9)", "main signaled(9)"])
    }

    /// Descriptors and children are counted in a process of their own.
    @Test func aHundredEnvironmentsLeaveNothing() throws {
        let scratch = try Scratch()
        let host = try LauncherHost.compile(in: scratch)
        let program = try scratch.compile(LauncherHost.nothing, name: "nothing", options: ["-static"])
        let environment = try RunningEnvironment(shell: "exec \(host) extended 100 \(program)")
        let values = environment.output().split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
        try #require(values.count == 5)
        #expect(values[0] < 4096, "a peak of \(values[0]) KB holds memory of the parent")
        #expect(values[2] == 0, "descriptors lost")
        #expect(values[3] == 0, "children left")
        #expect(values[4] == 400, "programs that ended with 0")
    }
}
