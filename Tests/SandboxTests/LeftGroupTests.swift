import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// A process that has left the group that it was started in, as job control does, is still the one that is asked.
@Suite struct LeftGroupTests {
    /// Goes to the group of a child of its own.
    private static let source = """
        #include <signal.h>
        #include <unistd.h>
        static void end(int number) { (void)number; _exit(7); }
        int main(void) {
            signal(SIGTERM, end);
            pid_t child = fork();
            if (child == 0) for (;;) pause();
            if (setpgid(child, child) != 0 || setpgid(0, child) != 0) return 1;
            if (write(1, "left\\n", 5) != 5) return 2;
            for (;;) pause();
        }
        """

    @Test func commandsReachIt() throws {
        let scratch = try Scratch()
        let program = try scratch.compile(Self.source, name: "left")
        for command in [LauncherCommand.terminate, .killMain] {
            let environment = try RunningEnvironment(main: "exec \(program)", extensions: ["exec \(program)"])
            environment.start()
            #expect(environment.nextLine() == "left")
            #expect(environment.nextExtensionLine() == "left")
            #expect(try environment.nextMessages(2).map(\.summary) == ["0 started", "main started"])
            environment.processes.send(command)
            let end = command == .terminate ? "main exited(7)" : "main signaled(9)"
            #expect(try environment.nextMessage()?.summary == end)
            environment.processes.send(.killExtension(0))
            #expect(try environment.allMessages().map(\.summary) == ["0 signaled(9)"])
        }
    }
}
