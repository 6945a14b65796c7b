internal import LambdaModel

/// Go's own report of a signal that it does not turn into a panic. Its runtime handles the signal, prints this to
/// standard error and exits with status 2, so that nobody outside sees the signal.
struct GoCrashReport: Sendable, Hashable {
    /// `SIGILL`.
    var signalName: String
    var signal: Int32
    var programCounter: UInt64
    var code: [UInt8]
    var frames: [Frame]

    struct Frame: Sendable, Hashable {
        var function: String
        var file: String?
        var line: Int?
        var address: UInt64?
    }

    private static let signals: [(line: String, name: String, number: Int32)] = [
        ("SIGILL: illegal instruction", "SIGILL", 4),
        ("SIGTRAP: trace trap", "SIGTRAP", 5),
    ]

    /// The report within the end of a process's output; `nil` when there is none.
    init?(outputTail: String) {
        let lines = OutputLines.last(4000, of: outputTail)
        guard
            let start = lines.lastIndex(where: { line in Self.signals.contains { line.hasPrefix($0.line) } }),
            let known = Self.signals.first(where: { lines[start].hasPrefix($0.line) }),
            let second = lines[start...].dropFirst().first, let counter = Self.programCounter(second)
        else { return nil }
        signalName = known.name
        signal = known.number
        programCounter = counter
        code = lines[start...].dropFirst(2).prefix(3).lazy.compactMap(Self.instructionBytes).first ?? []
        frames = Self.frames(lines[start...].dropFirst(2))
    }

    /// `PC=0x457d00 m=0 sigcode=2`.
    private static func programCounter(_ line: String) -> UInt64? {
        guard line.hasPrefix("PC=0x") else { return nil }
        return UInt64(line.dropFirst(5).prefix { $0 != " " }, radix: 16)
    }

    /// `instruction bytes: 0xc4 0xe2 …` (Go 1.12 and later).
    private static func instructionBytes(_ line: String) -> [UInt8]? {
        let label = "instruction bytes:"
        guard line.hasPrefix(label) else { return nil }
        return line.dropFirst(label.count).split(separator: " ").prefix(32).compactMap {
            UInt8($0.dropFirst(2), radix: 16)
        }
    }

    /// The first goroutine is the one that died: pairs of `main.work(0x1)` and `\t/src/main.go:5 +0x34`.
    private static func frames(_ lines: ArraySlice<String>) -> [Frame] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("goroutine ") }) else { return [] }
        var result: [Frame] = []
        for line in lines[start...].dropFirst().prefix(66) {
            if line.hasPrefix("goroutine ") { break }
            if !line.hasPrefix("\t") {
                result.append(Frame(function: function(line)))
            } else if var last = result.popLast() {
                (last.file, last.line, last.address) = place(line)
                result.append(last)
            }
        }
        return result
    }

    /// The name before the arguments; a method's receiver has brackets of its own: `main.(*T).f(0x1)`.
    private static func function(_ line: String) -> String {
        guard line.hasSuffix(")"), let open = line.lastIndex(of: "(") else { return line }
        return String(line[..<open])
    }

    private static func place(_ line: String) -> (String?, Int?, UInt64?) {
        let words = line.dropFirst().split(separator: " ")
        let address = words.first { $0.hasPrefix("pc=0x") }.flatMap { UInt64($0.dropFirst(5), radix: 16) }
        // A directory's name may hold blanks; the offset and the registers after the place have fixed forms.
        let place = words.prefix { !$0.hasPrefix("+0x") && !$0.hasPrefix("fp=") }.joined(separator: " ")
        guard let colon = place.lastIndex(of: ":") else { return (place, nil, address) }
        return (String(place[..<colon]), Int(place[place.index(after: colon)...]), address)
    }

    /// The report as facts of a crash of the program in `executable`, as far as the report tells them.
    func facts(executable: String?, loadBias: UInt64, architecture: Architecture, emulatedModel: String?) -> CrashFacts
    {
        let module = executable.map { CrashFacts.Module(path: $0, loadBias: loadBias) }
        return CrashFacts(
            signal: signal,
            architecture: architecture,
            emulatedModel: emulatedModel,
            executable: executable,
            programCounter: programCounter,
            code: code,
            module: module,
            returnAddresses: frames.dropFirst().compactMap { frame in
                frame.address.map { CrashFacts.Frame(address: $0, module: module) }
            }
        )
    }
}
