/// The log lines that Lambda writes, found again in what Apus wrote to standard error.
struct PlatformLog: Sendable {
    let lines: [String]

    init(text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    func lines(startingWith prefix: String) -> [String] {
        lines.filter { $0.hasPrefix(prefix) }
    }

    /// The request ids of START, END and REPORT, in the order of the lines; one invocation gives three equal ones.
    var requestIDs: [String] {
        lines.compactMap { line in
            for keyword in ["START", "END", "REPORT"] {
                let prefix = keyword + " RequestId: "
                guard line.hasPrefix(prefix) else { continue }
                return String(line.dropFirst(prefix.count).prefix { $0 != " " && $0 != "\t" })
            }
            return nil
        }
    }

    /// The fields of the REPORT line by name, such as `Duration` → `1.23 ms`.
    var report: [String: String] {
        guard let line = lines(startingWith: "REPORT RequestId: ").first else { return [:] }
        return Self.fields(of: line)
    }

    /// The fields of each INIT_REPORT line.
    var initReports: [[String: String]] {
        lines(startingWith: "INIT_REPORT ").map { Self.fields(of: String($0.dropFirst("INIT_REPORT ".count))) }
    }

    private static func fields(of line: String) -> [String: String] {
        var result: [String: String] = [:]
        for field in line.split(separator: "\t") {
            let parts = field.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            result[String(parts[0])] = String(parts[1].drop { $0 == " " })
        }
        return result
    }
}
