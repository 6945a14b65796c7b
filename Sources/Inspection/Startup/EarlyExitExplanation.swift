package import LambdaModel

/// Why a function that did start ended at once: what the dynamic loader or the shell said.
package enum EarlyExitExplanation {
    /// Explains an exit by the last output of the processes; empty when there is nothing to add to it.
    package static func explain(_ status: ProcessExit.Status, outputTail: String) -> [String] {
        guard case .exited(let code) = status, code != 0 else { return [] }
        // The last words first: what came earlier did not end the process.
        for line in outputTail.split(whereSeparator: \.isNewline).reversed().prefix(200) {
            let text = line.prefix(1024)
            if let lines = missingLibrary(text) ?? missingVersion(text) ?? missingCommand(text, code)
                ?? otherShell(text)
            {
                return lines.map(Printable.text)
            }
        }
        return []
    }

    /// glibc: `error while loading shared libraries: X: cannot open …`; musl: `Error loading shared library X: …`.
    private static func missingLibrary(_ line: Substring) -> [String]? {
        for label in ["error while loading shared libraries: ", "Error loading shared library "] {
            guard let rest = line.after(label) else { continue }
            let name = rest.prefix { $0 != ":" }
            let reason = rest.dropFirst(name.count)
            if reason.contains("wrong ELF class") || reason.contains("Exec format error") {
                return [
                    "the shared library \(name) is for another architecture than the program",
                    "fix: package the library of the function's own architecture",
                ]
            }
            return [
                "the shared library \(name) is missing",
                "fix: put it into lib/ of the package or of a layer (LD_LIBRARY_PATH names both), or link it statically",
            ]
        }
        return nil
    }

    /// glibc's loader: ``version `GLIBC_2.38' not found (required by …)``.
    private static func missingVersion(_ line: Substring) -> [String]? {
        guard let rest = line.after("version `"), rest.contains("' not found") else { return nil }
        let version = rest.prefix { $0 != "'" }
        if version.hasPrefix("GLIBCXX_") || version.hasPrefix("CXXABI_") {
            return [
                "the program needs \(version) of libstdc++, which is newer than the one here",
                "fix: link with -static-libstdc++ -static-libgcc, or build on an older system",
            ]
        }
        return [
            "the program needs \(version), but the C library here is older: it was built on a newer system",
            "Lambda has glibc 2.34 (provided.al2023) and 2.26 (provided.al2)",
            "fix: build in an Amazon Linux container, link statically (musl), or name the version: "
                + "cargo lambda build --target x86_64-unknown-linux-gnu.2.34",
        ]
    }

    /// Shells exit 127 after `curl: command not found` or `curl: not found`.
    private static func missingCommand(_ line: Substring, _ code: Int32) -> [String]? {
        guard code == 127 else { return nil }
        if let program = missingProgram(ofEnv: line) {
            return [
                "the program \(program), which the first line of the script asks for, was not found in PATH",
                "fix: install it here; on Lambda it has to be part of Amazon Linux, of the package or of a layer (/opt/bin)",
            ]
        }
        for ending in [": command not found", ": not found"] where line.hasSuffix(ending) {
            let name = line.dropLast(ending.count).split(separator: " ").last ?? ""
            guard !name.isEmpty else { return nil }
            return [
                "the command \(name) was not found in PATH",
                "fix: install it here; on Lambda it has to be part of Amazon Linux, of the package or of a layer (/opt/bin)",
            ]
        }
        return nil
    }

    /// `/usr/bin/env: ‘python9’: No such file or directory`, whatever quotes the locale has.
    private static func missingProgram(ofEnv line: Substring) -> String? {
        guard let rest = line.after("env: "), rest.hasSuffix(": No such file or directory") else { return nil }
        let quotes: Set<Character> = ["'", "‘", "’", "\""]
        let name = rest.dropLast(": No such file or directory".count).filter { !quotes.contains($0) }
        return name.isEmpty ? nil : name
    }

    /// dash, asked for an option of bash.
    private static func otherShell(_ line: Substring) -> [String]? {
        guard line.hasSuffix("set: Illegal option -o pipefail") else { return nil }
        return [
            "the script needs bash, but this machine's /bin/sh is another shell; on Lambda /bin/sh is bash",
            "fix: install bash, or make the first line #!/bin/bash",
        ]
    }
}

extension Substring {
    /// What follows the first occurrence of a text.
    fileprivate func after(_ label: String) -> Substring? {
        firstRange(of: label).map { self[$0.upperBound...] }
    }
}
