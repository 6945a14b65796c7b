/// What keeps a function apart from this machine, by the name that the command line has for it.
enum Backend: String, CaseIterable, Sendable {
    case process, sandbox
}
