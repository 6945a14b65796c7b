#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Whether a process may trace its child here (a container's seccomp filter, Yama). Found out without the launcher, whose
/// failure would be taken for a prohibition and skip the very tests that should find it.
enum TracingPermission {
    static let reason = "this machine does not permit ptrace"

    static let isGiven: Bool = {
        let command = """
            compiler=$(command -v cc || command -v clang) && place=$(mktemp -d) || exit 1
            "$compiler" -x c -o "$place/probe" - && "$place/probe"
            result=$?; rm -r "$place"; exit $result
            """
        // Where the probe could not be made, the tests say what is missing.
        return HostProgram.status(command, input: probe) != refused
    }()

    /// For tests that run their cases with and without a tracer.
    static let choices: [Bool] = {
        if isGiven { return [false, true] }
        print("skipped: cases with a tracer (\(reason))")
        return [false]
    }()

    /// Root may, and whoever runs under no Yama.
    static let mayTraceParent: Bool =
        isGiven && (geteuid() == 0 || HostProgram.status("grep -qx 0 /proc/sys/kernel/yama/ptrace_scope") == 0)

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
