/// Tells from a file's first bytes whether it can be executed or loaded.
enum ArtifactReader {
    /// `nil` for a file that is neither, unless it has a role of its own, and for one that cannot be read.
    static func artifact(
        path: String,
        shownPath: String,
        role: PackageContents.Artifact.Role
    ) -> PackageContents.Artifact? {
        guard let facts = FileFacts(path: path), facts.kind == .regular else { return nil }
        var artifact = PackageContents.Artifact(
            kind: .other,
            role: role,
            path: path,
            shownPath: shownPath,
            isExecutable: facts.isExecutable,
            size: 0
        )
        guard let file = try? BinaryFile(path: path), let start = try? file.prefix(ELFHeader.maximumSize) else {
            // What Lambda starts is there, though it cannot be read: that is a finding of its own.
            return role == .file ? nil : artifact
        }
        artifact.size = file.size
        artifact.kind = kind(fileStart: start, path: path)
        guard role == .file else { return artifact }
        switch artifact.kind {
        case .program, .sharedObject: return isDebugInformation(path) ? nil : artifact
        // A text without x bit that begins with #! is a script for somebody else, not a program of the function.
        case .script: return facts.isExecutable ? artifact : nil
        case .other: return nil
        }
    }

    private static func kind(fileStart: [UInt8], path: String) -> PackageContents.Artifact.Kind {
        if fileStart.starts(with: [0x23, 0x21]) || fileStart.starts(with: [0xef, 0xbb, 0xbf, 0x23, 0x21]) {
            return .script
        }
        guard fileStart.starts(with: ELFHeader.magic) else { return .other }
        guard let header = try? ELFHeader(fileStart: fileStart) else { return .program }
        switch header.kind {
        case .sharedObject: return isLibrary(header, path) ? .sharedObject : .program
        case .executable: return .program
        case .relocatable, .core, .other: return .other
        }
    }

    /// What `objcopy --only-keep-debug` writes has the headers of a program and none of its content.
    private static func isDebugInformation(_ path: String) -> Bool {
        [".debug", ".dbg", ".dwp"].contains { path.hasSuffix($0) }
    }

    /// A position-independent program and a library have the same type; only the program has a loader, or an entry point
    /// without being called by a library's name.
    private static func isLibrary(_ header: ELFHeader, _ path: String) -> Bool {
        guard let file = try? BinaryFile(path: path), let segments = try? ELFProgramHeaders(of: header, in: file) else {
            return false
        }
        if let interpreter = try? segments.interpreter(in: file), !interpreter.isEmpty {
            // libc.so.6 itself can be executed too.
            return isLibraryName(path)
        }
        return header.entry == 0 || isLibraryName(path)
    }

    /// `libx.so`, `libx.so.1`, a module of Python (`.so`) or of Node.js (`.node`).
    private static func isLibraryName(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".so") || name.contains(".so.") || name.hasSuffix(".node")
    }
}
