/// One pass over all code, without regard to what is reached: calls, and addresses that are formed or accessed.
struct ARM64Sweep: Sendable {
    /// A direct call or an address, with the instruction that makes it. Sorted by what it refers to.
    struct Reference: Sendable {
        var target: UInt64
        /// In the image's words.
        var index: Int
    }

    private(set) var calls: [Reference] = []
    /// Addresses outside code.
    private(set) var data: [Reference] = []
    /// Instructions that read an identification register.
    private(set) var identifications: [Int] = []
    /// Instructions that tag memory.
    private(set) var tagging: [Int] = []

    init(_ image: ARM64Image) {
        var addresses = [UInt64](repeating: 0, count: 32)
        for range in image.ranges {
            var known: UInt32 = 0
            for offset in 0..<range.count {
                let index = range.start + offset
                let word = image.words[index]
                step(word, index, range.address &+ UInt64(offset) &* 4, image, &addresses, &known)
            }
        }
        calls.sort { $0.target < $1.target }
        data.sort { $0.target < $1.target }
    }

    private mutating func step(
        _ word: UInt32,
        _ index: Int,
        _ address: UInt64,
        _ image: ARM64Image,
        _ addresses: inout [UInt64],
        _ known: inout UInt32
    ) {
        let d = Int(word & 31)
        let n = Int(word >> 5 & 31)
        switch word >> 25 & 15 {
        case 8, 9:
            let kind = word & 0x1F00_0000
            if kind == 0x1000_0000 {
                addresses[d] = Self.target(word, at: address)
                known |= 1 << UInt32(d)
                if word >> 31 == 0 { note(addresses[d], index, image) }
            } else if word & 0xFF80_0000 == 0x9100_0000, known & 1 << UInt32(n) != 0 {
                let shift: UInt64 = word & 1 << 22 == 0 ? 0 : 12
                addresses[d] = addresses[n] &+ UInt64(word >> 10 & 0xFFF) << shift
                known |= 1 << UInt32(d)
                note(addresses[d], index, image)
            } else {
                known &= ~(1 << UInt32(d))
            }
        case 10, 11:
            if ARM64Word.readsIdentification(word) { identifications.append(index) }
            guard case .call(let distance) = ARM64Word.flow(word) else { return }
            calls.append(Reference(target: address &+ UInt64(bitPattern: Int64(distance) * 4), index: index))
            // The procedure call standard keeps x19 and up.
            known &= 0xFFF8_0000
        case 4, 6, 12, 14:
            if ARM64Word.tagsMemory(word) { tagging.append(index) }
            if word & 0x3B00_0000 == 0x3900_0000, known & 1 << UInt32(n) != 0 {
                note(addresses[n] &+ ARM64Sweep.scaledOffset(word), index, image)
            }
            known &= ~(1 << UInt32(d))
        case 5, 13: known &= ~(1 << UInt32(d))
        default: break
        }
    }

    private mutating func note(_ target: UInt64, _ index: Int, _ image: ARM64Image) {
        guard image.file.isMapped(address: target), !image.isCode(target) else { return }
        data.append(Reference(target: target, index: index))
    }

    /// Of `adr` and `adrp`.
    @inline(__always)
    static func target(_ word: UInt32, at address: UInt64) -> UInt64 {
        let distance = Int64(ARM64Word.signed(word, from: 5, bits: 19) << 2 | Int(word >> 29 & 3))
        return word >> 31 == 1
            ? (address & ~0xFFF) &+ UInt64(bitPattern: distance << 12) : address &+ UInt64(bitPattern: distance)
    }

    /// Of a load or store with an unsigned offset, in bytes.
    @inline(__always)
    static func scaledOffset(_ word: UInt32) -> UInt64 {
        var scale = UInt64(word >> 30)
        // Vectors of 128 bits: size 00 with the upper bit of opc.
        if word & 1 << 26 != 0, word & 1 << 23 != 0 { scale = 4 }
        return UInt64(word >> 10 & 0xFFF) << scale
    }

    /// The references to addresses of a range.
    static func references(_ list: [Reference], to range: Range<UInt64>) -> ArraySlice<Reference> {
        list[first(list, from: range.lowerBound)..<first(list, from: range.upperBound)]
    }

    static func references(_ list: [Reference], to address: UInt64) -> ArraySlice<Reference> {
        let start = first(list, from: address)
        return list[start...].prefix { $0.target == address }
    }

    /// The index of the first reference to an address or a higher one.
    static func first(_ list: [Reference], from address: UInt64) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].target < address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
