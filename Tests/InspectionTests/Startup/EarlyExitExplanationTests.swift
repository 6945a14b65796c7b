import LambdaModel
import Testing

@testable import Inspection

@Suite struct EarlyExitExplanationTests {
    @Test(arguments: [
        (
            127,
            "/var/task/bootstrap: error while loading shared libraries: libpq.so.5: cannot open shared object file: "
                + "No such file or directory\n",
            "the shared library libpq.so.5 is missing"
        ),
        (
            127, "./b: error while loading shared libraries: libx.so: wrong ELF class: ELFCLASS32\n",
            "libx.so is for another architecture"
        ),
        (
            127, "Error loading shared library libfoo.so.1: No such file or directory (needed by ./bootstrap)",
            "the shared library libfoo.so.1 is missing"
        ),
        (
            1, "./b: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./b)\n",
            "the program needs GLIBC_2.38"
        ),
        (1, "./b: libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by ./b)\n", "-static-libstdc++"),
        (127, "/var/task/bootstrap: line 5: curl: command not found\n", "the command curl was not found"),
        (127, "./bootstrap: 5: jq: not found\n", "the command jq was not found"),
        (2, "./bootstrap: 2: set: Illegal option -o pipefail\n", "/bin/sh is bash"),
        (127, "first\nx: e\u{1B}: command not found\nlast words\n", "e\\u{1b}"),
    ])
    func explains(code: Int32, output: String, expected: String) {
        let text = EarlyExitExplanation.explain(.exited(code), outputTail: output).joined(separator: "\n")
        #expect(text.contains(expected), "\(text)")
        #expect(text.contains("fix: "))
    }

    @Test(arguments: [
        (ProcessExit.Status.exited(1), "Traceback: something\n"),
        (.exited(1), "x: command not found\n"),
        (.exited(1), ""),
        (.exited(127), ": not found"),
        (.exited(0), "error while loading shared libraries: x: y"),
        (.signaled(11), "error while loading shared libraries: x: y"),
    ])
    func saysNothingWithoutCause(status: ProcessExit.Status, output: String) {
        #expect(EarlyExitExplanation.explain(status, outputTail: output).isEmpty)
    }
}
