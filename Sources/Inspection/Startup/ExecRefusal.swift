internal import LambdaModel

/// A bootstrap that is there and that the kernel refused: why.
struct ExecRefusal {
    /// Where the file is read.
    var file: String
    /// What it is called in the explanation.
    var path: String
    /// The errno of `execve`; on Linux and macOS alike 2 ENOENT, 8 ENOEXEC, 13 EACCES.
    var code: Int32
    var architecture: Architecture
    var host: Architecture

    init(path: String, shownPath: String? = nil, code: Int32, architecture: Architecture, host: Architecture) {
        file = path
        self.path = shownPath ?? path
        self.code = code
        self.architecture = architecture
        self.host = host
    }

    var lines: [String] {
        guard let facts = FileFacts(path: file) else {
            return ["\(path) is not there any more", "fix: build the function again"]
        }
        guard facts.kind == .regular else {
            return [
                "\(path) is not a regular file but a \(facts.kind == .directory ? "directory" : "special file")",
                "fix: put an executable file of that name in its place",
            ]
        }
        if code == 13 && !facts.isExecutable { return notExecutable(facts) }
        return lines(facts) ?? [
            "the kernel refused to execute \(path): \(ErrnoName.lambdaName(of: code))"
        ] + general
    }

    private func notExecutable(_ facts: FileFacts) -> [String] {
        [
            "\(path) is not executable (mode \(facts.octalMode))",
            "fix: chmod +x bootstrap",
            "     git keeps it with: git update-index --chmod=+x bootstrap",
            "     a zip file made on Windows, or by a library that stores no modes, loses it: zip on Linux or macOS",
        ]
    }

    private func lines(_ facts: FileFacts) -> [String]? {
        guard let file = try? BinaryFile(path: file), let format = try? BootstrapFormat(of: file) else { return nil }
        switch format {
        case .empty:
            return [
                "\(path) is empty (0 bytes)",
                "fix: build it again; the build step that writes it has failed or was interrupted",
            ]
        case .elf(let header, let interpreter, let isComplete):
            return elf(header, interpreter: interpreter, isComplete: isComplete)
        case .brokenELF(let failure):
            return broken(failure)
        case .script(let header):
            return ScriptRefusal(path: path, header: header).lines
        case .machO:
            return ["\(path) is a program for macOS, not for Linux"] + rebuild
        case .windows:
            return ["\(path) is a program for Windows, not for Linux"] + rebuild
        case .zip:
            return [
                "\(path) is a zip archive, not a program",
                "fix: unpack it; the program inside has to be named bootstrap",
            ]
        case .text:
            return [
                "\(path) is a text file without a first line such as #!/bin/sh, so the kernel does not know what runs it",
                "fix: make the first line the path of the interpreter, for example #!/bin/bash",
            ]
        case .unknown:
            return ["\(path) is neither a Linux program nor a script", "fix: build it for Linux"] + rebuildLines
        }
    }

    private func elf(_ header: ELFHeader, interpreter: String?, isComplete: Bool) -> [String]? {
        guard isComplete else { return broken(.truncated) }
        if header.kind == .relocatable {
            return ["\(path) is an object file, not a linked program", "fix: link it (leave out -c)"]
        }
        guard let built = header.architecture else { return foreign(header) }
        if built != architecture {
            return [
                "\(path) is built for \(built.rawValue), but the function is configured for \(architecture.rawValue)",
                "fix: set Architectures: [\(built.rawValue)] (or --architecture \(built.rawValue)), or build for \(architecture.rawValue):",
            ] + rebuildLines
        }
        if built != host && code == 8 {
            return [
                "\(path) is built for \(built.rawValue), as the function is configured, but this machine is \(host.rawValue)",
                "fix: install an emulator (apt-get install qemu-user-static binfmt-support), or build for \(host.rawValue) "
                    + "and set Architectures: [\(host.rawValue)]",
            ]
        }
        if let interpreter, code == 2 { return missingLoader(interpreter) }
        return nil
    }

    private func foreign(_ header: ELFHeader) -> [String] {
        if !header.is64Bit {
            return ["\(path) is a 32-bit program (\(header.machine.name)); Lambda runs 64-bit programs"] + rebuild
        }
        let order = header.isLittleEndian ? "" : ", big-endian"
        return [
            "\(path) is built for \(header.machine.name)\(order), but the function is configured for "
                + architecture.rawValue
        ] + rebuild
    }

    private func broken(_ failure: ELFHeader.Failure) -> [String] {
        let reason =
            switch failure {
            case .notELF, .truncated: "is cut off: it ends before what its own header promises"
            case .malformed(let what): "is damaged (\(what))"
            }
        return ["\(path) is a program that \(reason)", "fix: build it again, or copy it again in binary mode"]
    }

    private func missingLoader(_ interpreter: String) -> [String]? {
        guard FileFacts(path: interpreter) == nil else { return nil }
        var result = ["\(path) asks for the dynamic loader \(interpreter), which is not on this machine"]
        if interpreter.contains("ld-musl") {
            result += [
                "it was built against musl (Alpine); Lambda's Amazon Linux has no musl loader either",
                "fix: link it statically (-static; Rust: -C target-feature=+crt-static), or build it against glibc",
            ]
        } else if interpreter.hasPrefix("/nix/") || interpreter.hasPrefix("/gnu/") {
            result += [
                "it was built with Nix or Guix; Lambda does not have that loader either",
                "fix: link it statically, or build it in an Amazon Linux container",
            ]
        } else {
            result += ["fix: link it statically, or install the loader's package (Debian: libc6)"]
        }
        return result
    }

    private var general: [String] {
        switch code {
        case 2: ["fix: check that the interpreter or loader it asks for exists"]
        case 7: ["fix: environment variables and arguments are too large; Lambda allows 4 KB of variables"]
        case 8: ["fix: build it for \(architecture.rawValue) Linux"] + rebuildLines
        case 11: ["fix: the limit of processes is reached; see `ulimit -u`"]
        case 13:
            ["fix: check that its directory is not mounted noexec, and that its interpreter or loader is executable"]
        case 26: ["fix: another program is still writing it; try again when the build is done"]
        default: []
        }
    }

    private var rebuild: [String] { ["fix: build it for \(architecture.rawValue) Linux:"] + rebuildLines }

    private var rebuildLines: [String] { RebuildAdvice.lines(for: architecture).map { "     " + $0 } }
}
