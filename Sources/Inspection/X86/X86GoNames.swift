/// What the names of Go's functions tell.
enum X86GoNames {
    /// Whether a function of Go's table belongs to Go's standard library, whose assembly runs only after a check of the CPU: its import
    /// path has no dot in the first element, as every path of a module outside the library has.
    static func isStandard(_ name: String) -> Bool {
        let path = name.prefix { $0 != "(" && $0 != "[" }
        // Assembly of the runtime that is shared by several packages (aeshashbody, countbody).
        guard let dot = path.firstIndex(of: ".") else { return true }
        if name.hasPrefix("vendor/") || name.hasPrefix("golang.org/x/crypto") || name.hasPrefix("golang.org/x/sys") {
            return true
        }
        guard !name.hasPrefix("main."), !name.hasPrefix("_") else { return false }
        // The first element ends at a slash; a dot before that is a host's name, or ends a path of one element.
        guard let slash = path.firstIndex(of: "/") else { return oneElement.contains(String(path[..<dot])) }
        return dot > slash
    }

    /// Whether a function has to do with asking the CPU.
    static func asksForCPU(_ name: String) -> Bool {
        name.contains("cpu") || name.hasPrefix("runtime.rt0") || name == "runtime.check"
    }

    /// Packages of the standard library whose path has one element and that hold assembly, or inline it.
    private static let oneElement: Set<String> = [
        "runtime", "reflect", "syscall", "sync", "math", "strings", "bytes", "os", "io", "fmt", "net", "time", "sort",
        "strconv",
        "unicode", "bufio", "context", "errors", "log", "path", "flag", "hash", "crypto", "regexp", "slices", "maps",
        "iter",
        "unique", "type", "go", "mime", "html", "embed", "expvar", "plugin", "testing", "text", "image", "index",
        "archive",
        "compress", "container", "database", "debug", "encoding",
    ]
}
