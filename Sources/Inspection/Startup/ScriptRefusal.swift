/// A script that the kernel refused.
struct ScriptRefusal {
    var path: String
    var header: ScriptHeader

    /// `nil` when nothing is wrong with the first line.
    var lines: [String]? {
        formLines ?? interpreterLines(header.interpreter ?? "")
    }

    /// What is wrong on any machine; `nil` where it is the form of a first line.
    var formLines: [String]? {
        let interpreter = header.interpreter ?? ""
        if header.hasByteOrderMark {
            return [
                "\(path) begins with a UTF-8 byte order mark, so the kernel does not see its #! line",
                "fix: sed -i '1s/^\\xEF\\xBB\\xBF//' bootstrap",
                "     and save the file as UTF-8 without BOM",
            ]
        }
        if header.hasCarriageReturn {
            return [
                "\(path) has Windows line ends: its first line asks for the program \"\(whole)\", which does not exist",
                "fix: sed -i 's/\\r$//' bootstrap",
                "     git keeps it with a line in .gitattributes: bootstrap text eol=lf",
            ]
        }
        guard !interpreter.isEmpty else {
            return [
                "\(path) begins with #! but names no interpreter", "fix: make the first line #!/bin/sh, for example",
            ]
        }
        if header.isCutOff {
            return [
                "the first line of \(path) is too long: the kernel reads 256 bytes of it, and the interpreter's path does not "
                    + "end there",
                "fix: name an interpreter with a shorter path",
            ]
        }
        return nil
    }

    private func interpreterLines(_ interpreter: String) -> [String]? {
        guard interpreter.hasPrefix("/") else {
            return [
                "\(path) asks for the interpreter \(interpreter), which is no absolute path",
                "fix: write the whole path, for example #!/bin/sh or #!/usr/bin/env \(interpreter)",
            ]
        }
        guard let facts = FileFacts(path: interpreter) else {
            return [
                "\(path) asks for the interpreter \(interpreter), which is not on this machine",
                "fix: install it, or correct the first line; on Lambda too it has to be there: in Amazon Linux, "
                    + "in the package or in a layer",
            ]
        }
        guard facts.kind == .regular, facts.isExecutable else {
            return [
                "\(path) asks for the interpreter \(interpreter), which is not an executable file",
                "fix: correct the first line",
            ]
        }
        return nil
    }

    private var whole: String {
        (header.interpreter ?? "") + (header.argument.map { " " + $0 } ?? "")
    }
}
