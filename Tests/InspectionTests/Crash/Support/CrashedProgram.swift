import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// A program that a test builds from one source file and lets crash under a debugger, which plays the part of the
/// capture: it sees the process at the signal and writes the facts down.
final class CrashedProgram {
    let directory: String
    var program: String { directory + "/bootstrap" }
    var outputTail = ""

    /// - Parameter build: the compiler's command; it has to write `bootstrap`.
    init(source: String, named name: String, also files: [String: String] = [:], build: [String]) async throws {
        var template = Array("/tmp/apus-crash-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try write(name, source)
        for (name, text) in files { try write(name, text) }
        let outcome = try await CrashTools.run(build, in: directory)
        try #require(outcome.isSuccess, "\(outcome.error)")
    }

    deinit {
        guard let listing = opendir(directory) else { return }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink(directory + "/" + name)
        }
        closedir(listing)
        rmdir(directory)
    }

    func write(_ name: String, _ text: String) throws {
        let bytes = Array(text.utf8)
        let descriptor = open(directory + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Runs the program until its first fatal signal.
    func crash() async throws -> CrashFacts {
        try write("facts.py", Self.script)
        let outcome = try await CrashTools.run(
            ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", "run", "-x", "facts.py", program],
            in: directory
        )
        outputTail = outcome.error + "\n" + outcome.output
        return try facts(outcome.output)
    }

    /// The same on an emulated CPU, through the emulator's own debugging interface; for static programs at fixed
    /// addresses.
    func crash(emulator: String, model: String) async throws -> CrashFacts {
        try write("facts.py", Self.script)
        try write(
            "run.sh",
            """
            \(emulator) -cpu \(model) -g "$PWD/gdb.sock" ./bootstrap >/dev/null 2>&1 &
            for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -S gdb.sock ] && break; sleep 0.1; done
            gdb -nx -batch -iex 'set debuginfod enabled off' -ex "target remote $PWD/gdb.sock" -ex continue -x facts.py ./bootstrap
            kill -9 $! 2>/dev/null
            """
        )
        let outcome = try await CrashTools.run(["bash", "run.sh"], in: directory)
        var facts = try facts(outcome.output)
        facts.emulatedModel = model
        return facts
    }

    private func facts(_ text: String) throws -> CrashFacts {
        var values: [Substring: Substring] = [:]
        var frames: [CrashFacts.Frame] = []
        for line in text.split(separator: "\n") where line.hasPrefix("fact ") {
            let words = line.dropFirst(5).split(separator: " ")
            if words.count == 4, words[0] == "frame", let address = UInt64(words[1]), let bias = UInt64(words[2]) {
                frames.append(.init(address: address, module: .init(path: String(words[3]), loadBias: bias)))
            } else if words.count >= 2 {
                values[words[0]] = line.dropFirst(6 + words[0].count)
            }
        }
        let counter = try #require(values["pc"].flatMap { UInt64($0) }, "\(text)")
        var module: CrashFacts.Module?
        if let words = values["module"]?.split(separator: " "), words.count == 2, let bias = UInt64(words[0]) {
            module = .init(path: String(words[1]), loadBias: bias)
        }
        return CrashFacts(
            signal: try #require(values["signal"].flatMap { Int32($0) }, "\(text)"),
            signalCode: values["code"].flatMap { Int32($0) },
            faultAddress: values["address"].flatMap { UInt64($0) },
            processID: 4711,
            architecture: .x86_64,
            executable: program,
            programCounter: counter,
            stackPointer: values["sp"].flatMap { UInt64($0) } ?? 0,
            code: values["bytes"]?.split(separator: ",").compactMap { UInt8($0) } ?? [],
            module: module,
            returnAddresses: frames
        )
    }

    /// Writes the facts, one a line. Natively the mapped files come from /proc; under the emulator the program alone is
    /// mapped, at its own addresses.
    private static let script = #"""
        import gdb, struct
        def number(text):
            return int(gdb.parse_and_eval(text))
        def say(*words):
            print("fact", *words)
        gdb.execute("set language c")
        process = gdb.selected_inferior()
        program = gdb.current_progspace().filename
        maps = []
        if process.pid > 1 and not gdb.execute("info files", to_string=True).count("Remote"):
            starts = {}
            for line in open("/proc/%d/maps" % process.pid):
                words = line.split()
                low, high = (int(part, 16) for part in words[0].split("-"))
                path = words[5] if len(words) > 5 and words[5].startswith("/") else None
                if path and path not in starts:
                    head = open(path, "rb").read(18)
                    starts[path] = 0 if head[16] == 2 else low
                if path:
                    maps.append((low, high, path, starts[path], "x" in words[1]))
        else:
            maps.append((0x200000, 0x10000000, program, 0, True))
        def module(address):
            for low, high, path, bias, runs in maps:
                if low <= address < high and runs:
                    return path, bias
        names = {"SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7, "SIGFPE": 8, "SIGSEGV": 11}
        try:
            say("signal", number("$_siginfo.si_signo"))
            say("code", number("$_siginfo.si_code"))
            say("address", number("(unsigned long)$_siginfo._sifields._sigfault.si_addr") & (2**64 - 1))
        except gdb.error:
            text = gdb.execute("info program", to_string=True)
            say("signal", next(names[name] for name in names if name in text))
        pc = number("(unsigned long)$pc") & (2**64 - 1)
        sp = number("(unsigned long)$sp") & (2**64 - 1)
        say("pc", pc)
        say("sp", sp)
        for count in (32, 16, 8, 4, 2, 1):
            try:
                say("bytes", ",".join(str(ord(byte)) for byte in process.read_memory(pc, count)))
                break
            except gdb.MemoryError:
                pass
        if module(pc):
            say("module", module(pc)[1], module(pc)[0])
        found = 0
        for index in range(4096):
            try:
                word = struct.unpack("<Q", process.read_memory(sp + 8 * index, 8).tobytes())[0]
            except gdb.MemoryError:
                continue
            if module(word) and found < 32:
                found += 1
                say("frame", word, module(word)[1], module(word)[0])
        """#
}
