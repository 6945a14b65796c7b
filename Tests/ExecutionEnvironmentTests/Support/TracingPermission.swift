#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if os(Linux)

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
        return status(of: command, input: probe) != refused
    }()

    /// Runs a command in sh. Its exit status; `nil` if it could not be run or was killed.
    private static func status(of command: String, input: String) -> Int32? {
        guard let pipe = popen(command, "w") else { return nil }
        fputs(input, pipe)
        let status = pclose(pipe)
        return status >= 0 && status & 0x7F == 0 ? status >> 8 & 0xFF : nil
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

#endif
