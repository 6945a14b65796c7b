/// What a function does not have where it runs, though this machine has it.
package struct StartSurroundings: Sendable {
    /// Whether a path of this machine leads to the same file for the function.
    package var isVisible: @Sendable (_ path: String) -> Bool
    /// Whether the function runs as a user who owns nothing here.
    package var isOtherUser: Bool
    /// Where the function runs, for messages.
    package var place: String

    package init(
        isOtherUser: Bool,
        place: String = "the sandbox",
        isVisible: @escaping @Sendable (_ path: String) -> Bool
    ) {
        self.place = place
        self.isOtherUser = isOtherUser
        self.isVisible = isVisible
    }

    /// This machine as it is.
    package static let host = StartSurroundings(isOtherUser: false) { _ in true }
}

/// A bootstrap that would start on this machine as it is, but not in a room of its own: as on Lambda.
struct RoomRefusal {
    var path: String
    /// The errno of `execve`.
    var code: Int32
    var surroundings: StartSurroundings

    /// `nil` when the room has nothing to do with it.
    var lines: [String]? {
        switch code {
        case 2: linkLines ?? interpreterLines
        case 13: modeLines
        default: nil
        }
    }

    private var linkLines: [String]? {
        guard let target = FileFacts.linkTarget(path), let real = FileFacts.realPath(path) else { return nil }
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        guard !surroundings.isVisible(real), !real.hasPrefix(directory) else { return nil }
        return [
            "\(path) is a symbolic link to \(target), which lies outside of the function's directory: "
                + "there is nothing for it in \(surroundings.place), nor on Lambda",
            "fix: copy the file instead of linking to it (cp -L), or pass the file itself: --code \(real)",
        ]
    }

    private var interpreterLines: [String]? {
        guard let interpreter, FileFacts(path: interpreter) != nil, !surroundings.isVisible(interpreter) else {
            return nil
        }
        return [
            "\(path) asks for \(interpreter), which is on this machine but not in \(surroundings.place), nor on Lambda",
            "fix: use an interpreter of Amazon Linux, or put it into the package or a layer (/opt/bin)",
            "     to run it on this machine as it is: --backend process",
        ]
    }

    private var interpreter: String? {
        guard let file = try? BinaryFile(path: path), let format = try? BootstrapFormat(of: file) else { return nil }
        return switch format {
        case .script(let header): header.interpreter
        case .elf(_, let interpreter, _): interpreter
        default: nil
        }
    }

    private var modeLines: [String]? {
        guard surroundings.isOtherUser, let facts = FileFacts(path: path), facts.isExecutable,
            !facts.isExecutableByAll
        else { return nil }
        return [
            "\(path) is closed to other users (mode \(facts.octalMode)): in \(surroundings.place), as on Lambda, "
                + "a user who owns nothing runs it",
            "fix: chmod -R go+rX on the function's directory; a zip keeps these modes",
        ]
    }
}
