internal import LambdaModel

/// Something that decides whether a package starts on Lambda.
package struct StartupFinding: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
        case note, warning
        /// It will not start.
        case error

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    package var severity: Severity
    /// A stable name for tools: `glibc.too-new`.
    package var code: String
    /// As the function sees it on Lambda; `nil` for a finding about the package.
    package var file: String?
    /// What is wrong, in one sentence without a full stop. No control characters.
    package var message: String
    /// What to do, the best way first; may be empty. No control characters.
    package var fixes: [String]

    package init(_ severity: Severity, _ code: String, file: String? = nil, _ message: String, fixes: [String] = []) {
        self.severity = severity
        self.code = code
        self.file = file.map(Printable.text)
        self.message = Printable.text(message)
        self.fixes = fixes.map(Printable.text)
    }

    /// From the lines of an explanation: the first says what is wrong, those that begin with `fix: ` and what follows
    /// them what to do.
    init(_ severity: Severity, _ code: String, file: String?, lines: [String]) {
        let fixes = lines.firstIndex { $0.hasPrefix("fix: ") } ?? lines.count
        self.init(
            severity,
            code,
            file: file,
            lines[..<fixes].joined(separator: "; "),
            fixes: lines[fixes...].map { String($0.drop { $0 == " " }.trimmingPrefix("fix: ")) }
        )
    }
}
