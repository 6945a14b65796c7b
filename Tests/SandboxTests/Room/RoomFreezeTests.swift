#if os(Linux)
import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Freezing between invocations: nothing in the room runs meanwhile.
@Suite(.serialized, TestRoom.condition) struct RoomFreezeTests {
    enum Means: CaseIterable, Sendable { case controlGroup, signals }

    /// One in the group of the main process, one in a session of its own, one that starts others all the time.
    private static let family = """
        (while :; do :; done) &
        setsid sh -c 'while :; do :; done' &
        setsid sh -c 'while :; do /bin/true; done' &
        echo ready
        while :; do :; done
        """

    @Test(arguments: Means.allCases) func nothingRunsMeanwhile(means: Means) throws {
        var specification = try TestRoom.specification(Self.family)
        if means == .signals {
            specification.room?.freezer = nil
        } else if specification.room?.freezer == nil {
            print("skipped: no control group of version 2 that this user may write to")
            return
        }
        let environment = try RunningEnvironment(specification)
        try #require(environment.nextLine() == "ready")
        let group = specification.room.flatMap { room in room.freezer.map { room.groups[$0].path } }
        for _ in 0..<3 {
            let begin = ContinuousClock.now
            environment.processes.send(.stop)
            #expect(HostProcess.waitUntil { Self.isFrozen(group, environment) })
            let frozen = ContinuousClock.now
            let before = Self.ticks(environment)
            try #require(before.count >= 4)
            // Four busy processes would take some of the clock's ticks of 10 ms.
            usleep(60_000)
            #expect(Self.ticks(environment) == before)
            let again = ContinuousClock.now
            environment.processes.send(.continue)
            #expect(HostProcess.waitUntil { !Self.isFrozen(group, environment) })
            let taken = (frozen - begin) + (ContinuousClock.now - again)
            print("freeze and thaw of a room by \(means): \(taken)")
            #expect(taken < .seconds(2))
            #expect(HostProcess.waitUntil { Self.ticks(environment) != before })
        }
    }

    /// What is frozen between invocations waits for its next event. Measured from the command to the kernel's word that nothing
    /// runs, and the same back; the best of many, as other tests run meanwhile.
    @Test(arguments: Means.allCases) func aWaitingFunctionIsFrozenAndThawedWithinAMillisecond(means: Means) throws {
        var specification = try TestRoom.specification("sleep 1000 & sleep 1000 & sleep 1000 & echo ready; wait")
        if means == .signals { specification.room?.freezer = nil }
        guard means == .signals || specification.room?.freezer != nil else {
            print("skipped: no control group of version 2 that this user may write to")
            return
        }
        let environment = try RunningEnvironment(specification)
        try #require(environment.nextLine() == "ready")
        let group = specification.room.flatMap { room in room.freezer.map { room.groups[$0].path } }
        var taken: [Duration] = []
        for _ in 0..<50 {
            let clock = ContinuousClock()
            taken.append(
                clock.measure {
                    environment.processes.send(.stop)
                    while !Self.isFrozen(group, environment) {}
                    environment.processes.send(.continue)
                    while Self.isFrozen(group, environment) {}
                }
            )
            usleep(2_000)
        }
        taken.sort()
        print("freeze and thaw of a waiting function by \(means): \(taken[25]) (median of 50), \(taken[0]) at best")
        #expect(taken[0] < .milliseconds(1))
    }

    /// A frozen room ends as any other.
    @Test(arguments: Means.allCases) func aFrozenRoomCanBeEnded(means: Means) throws {
        var specification = try TestRoom.specification(Self.family)
        if means == .signals { specification.room?.freezer = nil }
        let environment = try RunningEnvironment(specification)
        try #require(environment.nextLine() == "ready")
        environment.processes.send(.stop)
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
        #expect(HostProcess.waitUntil { environment.processes.reapIfEnded() })
    }

    private static func isFrozen(_ group: String?, _ environment: RunningEnvironment) -> Bool {
        if let group {
            let text = String(decoding: ProcFile.read(group + "/cgroup.events") ?? [], as: UTF8.self)
            return text.contains("frozen 1")
        }
        let states = TestRoom.processes(in: environment).map(HostProcess.state)
        return states.count >= 4 && states.allSatisfy { HostProcess.isStopped($0) || $0 == "Z" }
    }

    /// The processor time that each process has taken, in ticks.
    private static func ticks(_ environment: RunningEnvironment) -> [Int32: Int] {
        let pairs = TestRoom.processes(in: environment).compactMap { process -> (Int32, Int)? in
            guard let bytes = ProcFile.read("/proc/\(process)/stat") else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[end...].split(separator: " ")
            return fields.count > 13 ? (process, (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
#endif
