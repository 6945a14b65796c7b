#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Programs of this machine that run without anything of Apus: for what a test has to know beforehand.
enum HostProgram {
    /// Runs a command in sh with a text as its input. Its exit status; `nil` if it could not be run or was killed.
    static func status(_ command: String, input: String = "") -> Int32? {
        guard let pipe = popen(command, "w") else { return nil }
        fputs(input, pipe)
        let status = pclose(pipe)
        return status >= 0 && status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
