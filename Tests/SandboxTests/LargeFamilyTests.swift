import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// More processes than the launcher reaps at a time while an environment runs.
@Suite struct LargeFamilyTests {
    @Test(arguments: TracingPermission.choices)
    func hundredsOfProcessesEndTogether(traced: Bool) throws {
        let scratch = try Scratch()
        let program = try scratch.compile(
            """
            #include <sys/wait.h>
            #include <unistd.h>
            int main(void) {
                for (int index = 0; index < 600; index++) {
                    pid_t child = fork();
                    if (child < 0) break;
                    if (child > 0) { waitpid(child, 0, 0); continue; }
                    setsid();
                    if (fork() != 0) _exit(0);
                    for (;;) pause();
                }
                write(1, "ready\\n", 6);
                for (;;) pause();
            }
            """,
            name: "family"
        )
        let environment = try RunningEnvironment(shell: "exec \(program)", capturesCrashes: traced)
        #expect(environment.nextLine() == "ready")
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
        #expect(environment.output().isEmpty)
    }
}
