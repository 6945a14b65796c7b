package import LambdaModel

/// The programs, libraries and scripts of a package and its layers, found in directories on this machine.
///
/// An archive is unpacked by whoever has it; this reads directories, or one file alone.
package struct PackageContents: Sendable, Hashable {
    /// One file that may be executed or loaded.
    package struct Artifact: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable {
            case program, sharedObject, script
            /// A bootstrap or an extension that is none of these: empty, text without `#!`, a program of another system.
            case other
        }

        package enum Role: String, Sendable, Hashable {
            /// What Lambda starts.
            case bootstrap
            /// An external extension: Lambda starts it before the bootstrap.
            case `extension`
            /// Whatever else lies in the package.
            case file
        }

        package var kind: Kind
        package var role: Role
        /// On this machine.
        package var path: String
        /// As the function sees it on Lambda: `/var/task/bootstrap`; for a file alone the path that was given.
        package var shownPath: String
        /// Whether its permissions allow to execute it.
        package var isExecutable: Bool
        /// In bytes.
        package var size: UInt64

        /// Reads an ELF file whole.
        package func image() throws(ELFImage.Failure) -> ELFImage {
            try ELFImage(path: path)
        }
    }

    /// A directory on this machine and what it is on Lambda.
    package struct Root: Sendable, Hashable {
        package var path: String
        /// `/var/task`, or `/opt` for a layer.
        package var lambdaPath: String

        package init(path: String, lambdaPath: String) {
            self.path = path
            self.lambdaPath = lambdaPath
        }
    }

    /// The task root first, then the layers, the winning one first; empty for a file alone.
    package var roots: [Root]
    /// The bootstrap first, then extensions, then the rest in the order of their paths.
    package var artifacts: [Artifact]
    /// Sentences about what was not looked at: too many files, a directory that cannot be read.
    package var omissions: [String]
    /// Where a file of a name lies first, symbolic links included: `libx.so.1` → `/var/task/lib/libx.so.1`.
    var places: [String: String]

    /// One file, whatever package it may belong to.
    package init(file path: String) throws(ApusError) {
        roots = []
        omissions = []
        places = [:]
        guard let artifact = ArtifactReader.artifact(path: path, shownPath: path, role: .bootstrap),
            (try? BinaryFile(path: path)) != nil
        else {
            throw ApusError(
                "inspect.unreadable",
                "cannot read \(Printable.text(path)): it is no regular file, or not yours to read"
            )
        }
        artifacts = [artifact]
    }

    /// A package and its layers.
    ///
    /// - Parameters:
    ///   - taskRoot: the directory that is /var/task on Lambda.
    ///   - layerRoots: the directories that together are /opt, the winning one first.
    package init(taskRoot: String, layerRoots: [String] = []) {
        roots = [Root(path: taskRoot, lambdaPath: "/var/task")] + layerRoots.map { Root(path: $0, lambdaPath: "/opt") }
        let search = PackageSearch(roots: roots)
        artifacts = search.artifacts
        omissions = search.omissions
        places = search.places
    }

    /// Whether it is one file, of which nobody has said where it will lie and how it will be started.
    var isFileAlone: Bool { roots.isEmpty }

    /// Where a path of Lambda lies on this machine; `nil` when no root holds it.
    func localPath(of lambdaPath: String) -> String? {
        let whole = Self.normalised(lambdaPath)
        for root in roots where whole.hasPrefix(root.lambdaPath + "/") {
            let path = root.path + whole.dropFirst(root.lambdaPath.count)
            if FileFacts(path: path) != nil { return path }
        }
        return nil
    }

    /// An absolute path without `.` and `..`.
    static func normalised(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.map { "/" + $0 }.joined()
    }

    /// What Lambda starts; `nil` where the package has none.
    package var bootstrap: Artifact? { artifacts.first { $0.role == .bootstrap } }
}
