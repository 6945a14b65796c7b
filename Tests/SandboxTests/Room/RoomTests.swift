#if os(Linux)
import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// What becomes of a room from its making on, seen by who talks to its launcher.
@Suite(TestRoom.condition) struct RoomTests {
    @Test func theRoomIsToldOfBeforeItsProcesses() throws {
        let environment = try RunningEnvironment(TestRoom.specification("exit 3"))
        #expect(try environment.allMessages().map(\.summary) == ["room ready", "main started", "main exited(3)"])
    }

    private struct Visit {
        var output: [Substring]
        var namespaces: RoomNamespaces?

        /// Runs a script to its end in a new room, or in one that exists.
        init(_ specification: LaunchSpecification, again: RoomNamespaces? = nil) throws {
            let environment = try RunningEnvironment(specification, again: again)
            try #require(try environment.nextMessage() == .roomReady)
            namespaces = try environment.processes.takeRoom().namespaces
            output = environment.output().split(separator: "\n")
            _ = try environment.allMessages()
        }
    }

    private static let look = """
        cat /tmp/file; cat /proc/[0-9]*/comm | grep -c sleep; echo $PPID; readlink /proc/self/ns/mnt
        """

    /// As Lambda does when it starts a function anew in its environment.
    @Test func tmpIsKeptAndProcessesAreNew() throws {
        var specification = try TestRoom.specification(
            "echo kept >/tmp/file; setsid sleep 1000 & sleep 0.05; \(Self.look)"
        )
        let first = try Visit(specification)
        let namespaces = try #require(first.namespaces)
        #expect(first.output.prefix(3) == ["kept", "1", "1"])
        specification.arguments[2] = Self.look
        for _ in 0..<2 {
            specification.room = try TestRoom.specification("").room
            let second = try Visit(specification, again: namespaces)
            #expect(second.namespaces == nil, "they are known already")
            #expect(second.output.prefix(3) == ["kept", "0", "1"])
            #expect(second.output.count == 4 && first.output.count == 4)
            #expect(second.output[3] == first.output[3], "the same file system")
        }
    }

    @Test func anotherRoomHasATmpOfItsOwn() throws {
        let first = try Visit(TestRoom.specification("echo x >/tmp/file; ls /tmp"))
        let second = try Visit(TestRoom.specification("ls /tmp"))
        #expect(first.output == ["file"])
        #expect(second.output == [])
    }

    /// Nothing is started, nothing is left, and it is known what could not be done.
    @Test func aRoomThatCannotBeMadeSaysWhy() throws {
        var specification = try TestRoom.specification("echo started")
        specification.room?.parts.append(.bind("/no/such/file", at: "/tmp/file"))
        let room = try #require(specification.room)
        let environment = try RunningEnvironment(specification)
        let step = Int32(room.entries.count) - 1
        #expect(try environment.allMessages() == [.roomFailed(step: step, errno: ENOENT)])
        #expect(room.description(ofStep: step) == "make the sandbox: /tmp/file")
        #expect(environment.output() == "")
        #expect(HostProcess.waitUntil { environment.processes.reapIfEnded() })
        for group in room.groups { #expect(access(group.path, F_OK) != 0) }
    }

    /// Of the same group directory there can be one only.
    @Test func aGroupThatCannotBeMadeSaysWhy() throws {
        var specification = try TestRoom.specification("echo started")
        specification.room?.groups = [.init(path: "/no/such/group", version: 2)]
        specification.room?.freezer = nil
        let room = try #require(specification.room)
        let environment = try RunningEnvironment(specification)
        let messages = try environment.allMessages()
        guard case .roomFailed(let step, ENOENT)? = messages.first, messages.count == 1 else {
            Issue.record("\(messages)")
            return
        }
        #expect(room.description(ofStep: step) == "make the sandbox: control group /no/such/group")
    }

    /// Who is killed from outside (by an administrator, for lack of memory) takes all of the room along, its groups too.
    @Test(arguments: [false, true]) func aKilledLauncherLeavesNothing(isInner: Bool) throws {
        let specification = try TestRoom.specification("setsid sleep 1000 & echo ready; exec sleep 1000")
        let environment = try RunningEnvironment(specification)
        try #require(environment.nextLine() == "ready")
        let outer = environment.processes.launcherPID
        let inner = try #require(ProcessMemory.onlyChild(of: outer))
        let family = TestRoom.processes(in: environment)
        #expect(family.count == 2)
        kill(isInner ? inner : outer, SIGKILL)
        _ = try environment.allMessages()
        #expect(HostProcess.waitUntil { environment.processes.reapIfEnded() })
        for group in specification.room?.groups ?? [] { #expect(access(group.path, F_OK) != 0) }
        for process in family + [inner] { #expect(HostProcess.waitForState(process) { $0 == nil || $0 == "Z" }) }
    }

    @Test func afterItsEndThereIsNoRoomToTake() throws {
        let environment = try RunningEnvironment(TestRoom.specification("exec sleep 1000"))
        try #require(try environment.nextMessage() == .roomReady)
        environment.processes.end()
        let handover = try environment.processes.takeRoom()
        #expect(handover.namespaces == nil && handover.listener == nil)
    }
}
#endif
