/// Where a function's code or a layer's content lies on this machine.
package enum FunctionCode: Sendable, Hashable {
    /// A directory that is the task root (or the layer root) as it stands.
    case directory(path: String)
    /// A zip archive whose top is the task root.
    case zip(path: String)
    /// One executable file, which takes the place of `bootstrap`.
    case file(path: String)

    /// The path on this machine, absolute or relative to the working directory.
    package var path: String {
        switch self {
        case .directory(let path), .zip(let path), .file(let path): path
        }
    }
}
