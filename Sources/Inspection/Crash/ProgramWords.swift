internal import LambdaModel

/// What a dying program said of its own death, found in the end of its output.
struct ProgramWords: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case swiftTrap, rustPanic, assertion, heapDamage, stackSmashing, bufferOverflow, uncaughtException
        case stackOverflow, outOfMemory, other
    }

    var kind: Kind
    /// One line, without control characters, at most 240 characters.
    var text: String

    private static let maximumLines = 200

    /// The last words that are known to go before an end, within the last 200 lines.
    init?(outputTail: String) {
        let lines = OutputLines.last(Self.maximumLines, of: outputTail)
        for index in lines.indices.reversed() {
            guard let kind = Self.kind(of: lines[index]) else { continue }
            self.kind = kind
            text = Self.text(lines, index, kind)
            return
        }
        return nil
    }

    init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// Texts of the C libraries, the C++ runtimes, Rust's and Swift's standard libraries.
    private static let marks: [(text: String, kind: Kind)] = [
        (" has overflowed its stack", .stackOverflow),
        ("*** stack smashing detected ***", .stackSmashing),
        ("*** buffer overflow detected ***", .bufferOverflow),
        ("terminate called ", .uncaughtException),
        ("libc++abi: terminating", .uncaughtException),
        ("pure virtual method called", .uncaughtException),
        ("double free or corruption", .heapDamage),
        ("corrupted size vs. prev_size", .heapDamage),
        ("corrupted double-linked list", .heapDamage),
        ("munmap_chunk(): ", .heapDamage),
        ("malloc(): ", .heapDamage), ("malloc_consolidate(): ", .heapDamage), ("realloc(): ", .heapDamage),
        ("free(): ", .heapDamage), ("calloc(): ", .heapDamage), ("tcache_thread_shutdown(): ", .heapDamage),
        ("Fatal error: ", .swiftTrap), ("Precondition failed: ", .swiftTrap),
        ("Assertion `", .assertion), ("Assertion failed: ", .assertion),
        ("memory allocation of ", .outOfMemory),
        ("fatal runtime error: stack overflow", .stackOverflow), ("fatal runtime error: ", .other),
        ("Fatal glibc error: ", .other),
    ]

    private static func kind(of line: String) -> Kind? {
        // Without a message Swift writes no colon behind it.
        if line.hasSuffix(": Fatal error") || line.hasSuffix(": Precondition failed") { return .swiftTrap }
        // `thread 'main' panicked at …`; since Rust 1.91 with the thread's number before the verb.
        if line.hasPrefix("thread '"), line.contains(" panicked at ") { return .rustPanic }
        return marks.first { line.contains($0.text) }?.kind
    }

    /// Rust writes the place on one line and the message on the next; C++ its message on the line after the type.
    private static func text(_ lines: [String], _ index: Int, _ kind: Kind) -> String {
        var text = lines[index]
        let next = index + 1 < lines.count ? lines[index + 1] : ""
        switch kind {
        case .rustPanic where text.hasSuffix(":") && !next.hasPrefix("note: "):
            text += " " + next
        case .uncaughtException where next.hasPrefix("  what():"):
            text += next.dropFirst()
        default: break
        }
        return String(Printable.text(text).drop { $0 == " " }.prefix(240))
    }
}
