/// One thing that the doctor has looked at.
struct DoctorCheck: Sendable {
    enum State: String, Sendable {
        /// It is there and works.
        case ok
        /// It is there; whether it works was not tried.
        case found
        /// It works, but not fully, or something is odd.
        case warning
        case missing
    }

    /// What tools know it by; stable.
    var name: String
    var state: State
    /// What was found, or what is wrong: one line.
    var detail: String
    var version: String?
    var path: String?
    /// What it is good for; shown where it is missing.
    var purpose: String?
    /// How to get it, or what else to do; shown where it is not `ok`.
    var remedy: String?
    /// Whether Apus cannot run functions at all without it.
    var isRequired = false

    init(
        _ name: String,
        _ state: State,
        _ detail: String = "",
        version: String? = nil,
        path: String? = nil,
        purpose: String? = nil,
        remedy: String? = nil,
        isRequired: Bool = false
    ) {
        self.name = name
        self.state = state
        self.detail = PlainText.line(detail)
        self.version = version.map(PlainText.line)
        self.path = path.map(PlainText.line)
        self.purpose = purpose
        self.remedy = remedy
        self.isRequired = isRequired
    }
}

/// Checks that belong together, under a title of their own.
struct DoctorGroup: Sendable {
    /// What tools know it by; stable.
    var name: String
    var title: String
    var checks: [DoctorCheck]
}
