import LambdaModel
import Testing

@Suite struct ProcessExitTests {
    @Test(
        arguments: [
            (.exited(0), "Runtime exited without providing a reason"),
            (.exited(1), "Runtime exited with error: exit status 1"),
            (.exited(127), "Runtime exited with error: exit status 127"),
            (.exited(255), "Runtime exited with error: exit status 255"),
            (.signaled(4), "Runtime exited with error: signal: illegal instruction"),
            (.signaled(5), "Runtime exited with error: signal: trace/breakpoint trap"),
            (.signaled(6), "Runtime exited with error: signal: aborted"),
            (.signaled(8), "Runtime exited with error: signal: floating point exception"),
            (.signaled(9), "Runtime exited with error: signal: killed"),
            (.signaled(11), "Runtime exited with error: signal: segmentation fault"),
            (.signaled(15), "Runtime exited with error: signal: terminated"),
            (.signaled(0), "Runtime exited with error: signal: signal 0"),
            (.signaled(64), "Runtime exited with error: signal: signal 64"),
        ] as [(ProcessExit.Status, String)]
    )
    func speaksAsLambdaDoes(_ status: ProcessExit.Status, message: String) {
        #expect(ProcessExit(status: status).lambdaMessage == message)
    }

    #if os(Linux)
    @Test(
        arguments: [
            (7, "bus error"), (10, "user defined signal 1"), (12, "user defined signal 2"), (17, "child exited"),
            (31, "bad system call"),
        ] as [(Int32, String)]
    )
    func namesSignalsByTheirNumberOnLinux(_ number: Int32, name: String) {
        #expect(SignalName.lambdaName(of: number) == name)
    }
    #endif

    /// Every signal of the first 31 has a name of its own.
    @Test func noTwoSignalsShareAName() {
        let names = (Int32(1)...31).map(SignalName.lambdaName(of:))
        #expect(Set(names).count == names.count)
    }
}
