/// Checks JSON text (RFC 8259) without building anything from it: payloads are passed on verbatim, so only their
/// validity is of interest, and a payload may be 6 MB.
package struct JSONSyntax {
    /// Where and why a text is not JSON.
    package struct Failure: Error, Sendable, Hashable {
        /// Offset in bytes of the offending byte (of a misspelt literal, its first); the text's length where the
        /// end came too early.
        package let offset: Int
        /// What was expected there.
        package let expected: String
    }

    /// Nesting deeper than this is refused, so that a hostile payload cannot exhaust a runtime's stack unseen.
    package static let maximumDepth = 10_000

    private enum Container { case array, object }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var open: [Container] = []

    /// Returns normally when `bytes` is exactly one JSON value, white space around it allowed.
    package static func validate(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        var syntax = JSONSyntax(bytes: bytes)
        try syntax.document()
    }

    /// The same for bytes in an array.
    package static func validate(_ bytes: [UInt8]) throws(Failure) {
        let failure = bytes.withUnsafeBufferPointer { buffer -> Failure? in
            do throws(Failure) {
                try validate(buffer)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Iterative rather than recursive: depth is the payload's choice, our stack is not.
    private mutating func document() throws(Failure) {
        repeat {
            skipWhiteSpace()
            let opened = try value()
            if opened { continue }
            try closeContainers()
        } while !open.isEmpty
        skipWhiteSpace()
        guard offset == bytes.count else { throw failure("the end of the text") }
    }

    /// Reads a scalar, or opens a container up to its first value; `true` when a value must follow.
    private mutating func value() throws(Failure) -> Bool {
        switch peek() {
        case UInt8(ascii: "{"):
            try push(.object)
            if skip(UInt8(ascii: "}")) {
                open.removeLast()
                return false
            }
            try key()
            return true
        case UInt8(ascii: "["):
            try push(.array)
            if skip(UInt8(ascii: "]")) {
                open.removeLast()
                return false
            }
            return true
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try number()
        }
        return false
    }

    /// After a complete value: closes containers until a comma announces another value, or none is open.
    private mutating func closeContainers() throws(Failure) {
        while let container = open.last {
            skipWhiteSpace()
            if take(UInt8(ascii: ",")) {
                skipWhiteSpace()
                if container == .object { try key() }
                return
            }
            let end = container == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
            guard take(end) else { throw failure(container == .object ? "a comma or }" : "a comma or ]") }
            open.removeLast()
        }
    }

    private mutating func push(_ container: Container) throws(Failure) {
        guard open.count < Self.maximumDepth else { throw failure("at most \(Self.maximumDepth) levels of nesting") }
        open.append(container)
        offset += 1
    }

    private mutating func key() throws(Failure) {
        guard peek() == UInt8(ascii: "\"") else { throw failure("a member name in double quotes") }
        try string()
        skipWhiteSpace()
        guard take(UInt8(ascii: ":")) else { throw failure("a colon") }
    }

    private mutating func string() throws(Failure) {
        let start = offset
        var isASCII = true
        offset += 1
        while offset < bytes.count {
            skipPlainText()
            guard let byte = peek() else { break }
            if byte == UInt8(ascii: "\"") {
                offset += 1
                if !isASCII { try checkUTF8(from: start) }
                return
            }
            if byte < 0x20 { throw failure("no control character in a string") }
            offset += 1
            if byte == UInt8(ascii: "\\") { try escape() }
            guard byte >= 0x80 else { continue }
            isASCII = false
            while let byte = peek(), byte >= 0x80 { offset += 1 }
        }
        throw failure("a closing double quote")
    }

    /// Goes on over printable ASCII without quotes and backslashes, eight bytes at a time; may stop short of the first other
    /// byte at the end of the text. Nearly all of a large payload is such text, and one byte at a time it takes longer than the
    /// whole rest of the invocation.
    private mutating func skipPlainText() {
        guard let start = UnsafeRawPointer(bytes.baseAddress) else { return }
        // On the stack, not behind `self`: a store for every eight bytes would be most of the work.
        var position = offset
        let last = bytes.count - 8
        defer { offset = position }
        while position <= last {
            let marks = Self.marks(UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            guard marks == 0 else {
                position += marks.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
    }

    /// The highest bit of each byte that is no plain text. It is set where a byte is not ASCII, or where a subtraction has
    /// gone below zero: under a control character, a quote or a backslash. A borrow can only mark bytes behind such a one.
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let others = word | (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones)
        return others & (ones &* 0x80)
    }

    private mutating func escape() throws(Failure) {
        guard let byte = peek() else { throw failure("an escape") }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 1
        case UInt8(ascii: "u"):
            offset += 1
            for _ in 0..<4 {
                guard let digit = peek(), Self.isHexDigit(digit) else { throw failure("four hexadecimal digits") }
                offset += 1
            }
        default: throw failure("an escape such as \\n")
        }
    }

    private func checkUTF8(from start: Int) throws(Failure) {
        let slice = UnsafeBufferPointer(rebasing: bytes[start..<offset])
        guard String(validating: slice, as: UTF8.self) == nil else { return }
        throw Failure(offset: start + Self.lengthOfValidUTF8(slice), expected: "UTF-8")
    }

    private static func lengthOfValidUTF8(_ slice: UnsafeBufferPointer<UInt8>) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = slice.makeIterator()
        var length = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { length += scalar.count }
        return length
    }

    private mutating func number() throws(Failure) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) {
            guard try digits() > 0 else { throw failure("a JSON value") }
        }
        if take(UInt8(ascii: ".")) {
            guard try digits() > 0 else { throw failure("a digit after the decimal point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard try digits() > 0 else { throw failure("a digit in the exponent") }
        }
    }

    private mutating func digits() throws(Failure) -> Int {
        let start = offset
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        return offset - start
    }

    private mutating func literal(_ text: StaticString) throws(Failure) {
        let end = offset + text.utf8CodeUnitCount
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard end <= self.bytes.count, self.bytes[offset..<end].elementsEqual(bytes) else {
            throw failure("a JSON value")
        }
        offset = end
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    /// Skips white space, then takes `byte` if it is next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        return take(byte)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private func failure(_ expected: String) -> Failure {
        Failure(offset: offset, expected: expected)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
