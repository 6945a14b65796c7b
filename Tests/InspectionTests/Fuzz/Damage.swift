/// Damages files the same way at every run: bits, integers at the limits of their range, cuts, copies.
struct Damage {
    private var state: UInt64

    /// - Parameter seed: not 0.
    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15
    }

    /// Marsaglia's xorshift64.
    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    private mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// One to eight changes.
    mutating func damaged(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...below(8) where !bytes.isEmpty { change(&bytes) }
        return bytes
    }

    /// The beginning of one file and the end of another.
    mutating func spliced(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        first.prefix(below(first.count + 1)) + second.suffix(below(second.count + 1))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = self.place(in: bytes)
        switch below(20) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: next()), count: below(4096))
        case 2: copy(in: &bytes, to: place)
        case 3...8: bytes[place] ^= 1 << UInt8(below(8))
        case 9: bytes[place] = UInt8(truncatingIfNeeded: next())
        default: integer(in: &bytes, at: place)
        }
    }

    /// Headers and tables decide more than code does, and they lie at both ends.
    private mutating func place(in bytes: [UInt8]) -> Int {
        switch below(4) {
        case 0: below(min(bytes.count, 256))
        case 1: below(min(bytes.count, 4096))
        case 2: bytes.count - 1 - below(min(bytes.count, 4096))
        default: below(bytes.count)
        }
    }

    private mutating func copy(in bytes: inout [UInt8], to place: Int) {
        let from = self.place(in: bytes)
        let count = min(below(64), bytes.count - max(from, place))
        bytes.replaceSubrange(place..<place + count, with: Array(bytes[from..<from + count]))
    }

    private mutating func integer(in bytes: inout [UInt8], at place: Int) {
        let size = pick([2, 4, 8])
        let value: UInt64 = pick([
            0, 1, 2, 7, 8, 24, 64, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 62, .max >> 1, 1 << 63,
            .max - 7, .max, UInt64(bytes.count), UInt64(bytes.count) &- 1, UInt64(bytes.count) + 1, next(),
        ])
        let start = place / size * size
        for index in 0..<size where start + index < bytes.count {
            bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }
}
