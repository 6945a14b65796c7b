/// What keeps a function apart from this machine, by the name that the command line has for it.
enum Backend: String, CaseIterable, Sendable {
    case process, sandbox

    /// Those that this machine has.
    static let possible: [Backend] = allCases.filter { $0 == .process || Caller.withSandbox.contains(.own) }
}
