/// A function in C that looks around where it runs, and answers with what it has seen.
enum RoomProbe {
    /// What `statements` say, by name, is the response to every event. They run once, in the init phase, and may use:
    /// - `say(name, format, …)`
    /// - `TRY(name, call)` says `done`, or the name of the error number of a call that returns -1.
    /// - `opens(path, flags)` for TRY
    static func source(_ declarations: String = "", _ statements: String) -> String {
        CBootstrap.source(
            prelude + declarations,
            main: statements + "\nfor (;;) { next(); respond(answer, answer_length); }"
        )
    }

    /// Reads what was said.
    static func parse(_ text: String) -> [String: String] {
        let lines = text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(lines.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") }) { first, _ in first }
    }

    private static let prelude = #"""
        #include <errno.h>
        #include <stdarg.h>
        #include <sys/resource.h>
        #include <sys/stat.h>
        #include <sys/statvfs.h>
        static char answer[1 << 18];
        static size_t answer_length;
        static void say(const char *name, const char *format, ...) {
            va_list values;
            va_start(values, format);
            answer_length += snprintf(answer + answer_length, sizeof answer - answer_length, "%s=", name);
            answer_length += vsnprintf(answer + answer_length, sizeof answer - answer_length, format, values);
            answer_length += snprintf(answer + answer_length, sizeof answer - answer_length, "\n");
            va_end(values);
        }
        static void say_result(const char *name, long result) {
            const char *error = strerrorname_np(errno);
            say(name, "%s", result >= 0 ? "done" : error ? error : "unknown");
        }
        #define TRY(name, call) do { errno = 0; say_result(name, (long)(call)); } while (0)
        static long opens(const char *path, int flags) {
            int file = open(path, flags | O_CLOEXEC, 0644);
            if (file >= 0) close(file);
            return file;
        }

        """#
}

extension Fixture {
    /// Runs a probe, and returns what it has said.
    func probe(
        _ declarations: String = "",
        _ statements: String,
        _ options: [String] = []
    ) async throws -> [String: String] {
        let source = RoomProbe.source(declarations, statements)
        try await writeExecutable("task/bootstrap", try await CCompiler.shared.executable(of: source))
        let outcome = try await invokeCode(event: "{}", options)
        guard outcome.status == .exited(0) else { throw HarnessError("the probe failed: \(outcome)") }
        return RoomProbe.parse(outcome.text)
    }
}
