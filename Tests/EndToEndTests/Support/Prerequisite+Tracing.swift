import Testing

extension Prerequisite {
    /// A process may trace its child (a container's seccomp filter, Yama). Found out without Apus, whose failure would be
    /// taken for a prohibition.
    static let tracing: ConditionTrait = .enabled("this machine does not permit ptrace") {
        guard Paths.program("gcc") != nil else { return true }
        return try await Fixture.with { fixture in
            try fixture.write("probe.c", probe)
            let compiler = try #require(Paths.program("gcc"))
            let built = try await fixture.run(compiler, ["probe.c", "-o", "probe"])
            guard built.status == .exited(0) else { return true }
            return try await fixture.run("./probe", []).status != .exited(refused)
        }
    }

    private static let refused: Int32 = 77

    private static let probe = """
        #include <signal.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(void) {
            pid_t child = fork();
            if (child < 0) return 1;
            if (child == 0) for (;;) pause();
            long result = ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_EXITKILL);
            kill(child, SIGKILL);
            waitpid(child, 0, 0);
            return result == 0 ? 0 : \(refused);
        }

        """
}
