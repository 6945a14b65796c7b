import LambdaModel
import Testing

@testable import ExecutionEnvironment

struct CrashCaptureTests {
    @Test(arguments: CrashCapturePolicy.allCases)
    func armsItselfByItsPolicyAlone(policy: CrashCapturePolicy) {
        var capture = CrashCapture(policy: policy)
        #expect(capture.isArmed == (policy == .always))
        capture.mainProcessEnded(.exited(1))
        #expect(capture.isArmed == (policy == .always))
        capture.mainProcessEnded(.signaled(11))
        #expect(capture.isArmed == (policy != .never))
        capture.mainProcessEnded(.exited(0))
        #expect(capture.isArmed == (policy != .never))
    }

    @Test(arguments: [
        (ProcessExit.Status.exited(0), false), (.exited(1), false), (.exited(2), false), (.exited(4), false),
        (.exited(127), false), (.exited(128), false), (.exited(129), false), (.exited(130), false),
        (.exited(132), true), (.exited(133), true), (.exited(134), true), (.exited(135), true), (.exited(136), true),
        (.exited(137), false), (.exited(138), false), (.exited(139), true), (.exited(143), false), (.exited(159), true),
        (.exited(255), false),
        (.signaled(1), false), (.signaled(2), false), (.signaled(4), true), (.signaled(5), true), (.signaled(6), true),
        (.signaled(7), true), (.signaled(8), true), (.signaled(9), false), (.signaled(11), true),
        (.signaled(13), false),
        (.signaled(15), false), (.signaled(31), true),
    ])
    func tellsCrashesFromOtherEnds(status: ProcessExit.Status, isCrash: Bool) {
        #expect(CrashCapture.isCrash(status) == isCrash)
    }
}
