import Glibc
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct ProcessMemoryTests {
    /// Touches MB megabytes, gives them back, forks as often as asked, says so and waits.
    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            size_t size = (size_t)atoi(argv[1]) << 20;
            for (int more = atoi(argv[2]); more > 0; more--) if (fork() > 0) break;
            volatile char *memory = malloc(size);
            for (size_t offset = 0; offset < size; offset += 1024) memory[offset] = 1;
            free((void *)memory);
            write(1, "ready\\n", 6);
            pause();
        }
        """

    @Test(arguments: [(16, 0), (64, 0), (32, 2)])
    func measuresThePeakOfATree(megabytes: Int, forks: Int) throws {
        // The parent's own memory must not count.
        let ballast = UnsafeMutableRawPointer.allocate(byteCount: 100 << 20, alignment: 16)
        defer { ballast.deallocate() }
        memset(ballast, 1, 100 << 20)

        let scratch = try Scratch()
        let program = try scratch.compile(Self.source, name: "program", options: ["-static"])
        let environment = try RunningEnvironment(
            LaunchSpecification(
                executable: program,
                arguments: ["program", String(megabytes), String(forks)],
                environment: [:],
                workingDirectory: "/"
            )
        )
        let pid = try #require(try environment.nextMessage()?.startedPID)
        for _ in 0...forks { #expect(environment.nextLine() == "ready") }
        let expected = (forks + 1) * megabytes << 20
        let range = expected...(expected + (forks + 1) * 4 << 20)
        let ofTree = try #require(ProcessMemory.peakBytes(ofTree: pid))
        #expect(range.contains(ofTree))
        #expect(environment.processes.peakMemoryBytes() == ofTree)

        environment.processes.send(.kill)
        guard case .exited(let exit) = try environment.allMessages().last else {
            Issue.record("no exit")
            return
        }
        // The main process alone; its peak includes no memory of this process either, which is larger by far.
        #expect(exit.peakMemoryBytes >= megabytes << 20)
        #expect(exit.peakMemoryBytes < (megabytes + 64) << 20)
        #expect(ProcessMemory.peakBytes(ofTree: pid) == nil)
        environment.processes.reap()
        #expect(environment.processes.peakMemoryBytes() == nil)
    }

    @Test func readsNumbersOutOfProcFiles() {
        let text = Array("Name:\tVmHWM: x\nVmPeak:\t  1 kB\nVmHWM:\t  1234 kB\nVmRSS: 5 kB\n".utf8)
        #expect(ProcFile.number(after: "\nVmHWM:", in: text) == 1234)
        #expect(ProcFile.number(after: "VmNone:", in: text) == nil)
        #expect(ProcFile.numbers(in: Array("12 345 6 ".utf8)) == [12, 345, 6])
        #expect(ProcFile.numbers(in: []) == [])
    }
}
