import LambdaModel

extension Entrypoint {
    /// On Lambda `/bin/sh` is bash, and most published bootstraps depend on it (`set -o pipefail` under `#!/bin/sh`).
    /// Where this machine's is another shell, the script gets bash under the name of sh, as it does there.
    func withLambdaShell(_ shell: () -> HostShell) -> Entrypoint {
        // What is not executable has to fail as it does on Lambda.
        guard HostFile.isExecutable(path),
            let start = HostFile.prefix(of: path, count: Shebang.kernelPrefix),
            let shebang = Shebang(fileStart: start),
            ["/bin/sh", "/usr/bin/sh"].contains(shebang.interpreter)
        else { return self }

        let shell = shell()
        guard !shell.shIsBash else { return self }
        var result = self
        guard let bash = shell.bash else {
            result.notice =
                "\(Printable.text(lambdaPath)) asks for \(shebang.interpreter), which is bash on Lambda but \(shell.name) here, "
                + "and this machine has no bash; install bash if the script fails"
            return result
        }
        result.executable = bash
        result.arguments = [shebang.interpreter] + (shebang.argument.map { [$0] } ?? []) + [path]
        result.notice =
            "\(Printable.text(lambdaPath)) runs under bash: \(shebang.interpreter) is bash on Lambda, "
            + "\(shell.name) here"
        return result
    }
}
