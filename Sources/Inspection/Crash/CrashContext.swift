package import LambdaModel

/// What is known of a function beside the facts of its crash.
package struct CrashContext: Sendable {
    /// The CPU that the function ran on: this machine's, or the emulated one.
    package var cpu: CPUProfile
    package var build: BuildDriver
    /// The end of what the processes wrote to the log, at most `usefulTail` bytes of it are read.
    package var outputTail: String
    /// Directories that source files are shown relative to: the task directory, `CodeUri`.
    package var sourceDirectories: [String]
    /// `PATH`, where symbolizers and demanglers are looked for.
    package var toolPath: String?
    /// How long llvm-symbolizer or addr2line may take.
    package var symbolizerLimit = Self.symbolizerLimit
    static let symbolizerLimit = Duration.seconds(8)
    /// The analysis of a file on this machine, from the cache where it is there; `nil` where it cannot be analysed.
    package var analyse: (@Sendable (_ path: String) async -> CPUAnalysis?)?

    /// How much of the log's end is worth handing in, in bytes: Go's own crash report prints every goroutine after the
    /// lines that matter.
    package static let usefulTail = 65_536

    package init(
        cpu: CPUProfile,
        build: BuildDriver = .unknown,
        outputTail: String = "",
        sourceDirectories: [String] = [],
        toolPath: String? = nil,
        analyse: (@Sendable (_ path: String) async -> CPUAnalysis?)? = nil
    ) {
        self.cpu = cpu
        self.build = build
        self.outputTail = outputTail
        self.sourceDirectories = sourceDirectories
        self.toolPath = toolPath
        self.analyse = analyse
    }
}
