internal import CZydis

/// Finds the extent of functions that no table tells of: assembly without sizes, and stripped C libraries without
/// unwind tables. A function is followed until the path ends and no branch seen so far leads further.
enum X86GapFunctions {
    /// More instructions than any function without a table has; bounds the work on hostile files.
    private static let limit = 20_000

    /// The function that begins at an address in a gap; `nil` where no code begins.
    ///
    /// With `strict` anything that compilers do not write makes it data: for addresses that are only pointed to.
    static func function(_ image: X86Image, at start: UInt64, before limitAddress: UInt64, strict: Bool) -> X86Function?
    {
        let end = min(limitAddress, codeEnd(image, start))
        guard end > start, let count = Int(exactly: min(end - start, UInt64(limit) * 8)),
            let range = image.file.fileRange(ofAddress: start, count: count)
        else { return nil }
        return image.file.bytes.withUnsafeBufferPointer { bytes in
            follow(UnsafeBufferPointer(rebasing: bytes[range]), start, strict)
        }
    }

    private static func follow(_ code: UnsafeBufferPointer<UInt8>, _ start: UInt64, _ strict: Bool) -> X86Function? {
        let end = start &+ UInt64(code.count)
        var position = 0
        var farthest = start
        while position < code.count, let base = code.baseAddress {
            var instruction = X86Instruction()
            guard
                apus_x86_decode(base + position, code.count - position, start &+ UInt64(position), &instruction, 1) == 1
            else { break }
            let kind = UInt32(instruction.kind)
            if kind == APUS_X86_INVALID.rawValue || kind == APUS_X86_PRIVILEGED.rawValue {
                guard !strict, position > 0 else { return nil }
                break
            }
            position += Int(instruction.length)
            let next = start &+ UInt64(position)
            if instruction.isDirect, kind != APUS_X86_CALL.rawValue,
                instruction.target > farthest, instruction.target < end, instruction.target &- start < 1 << 16
            {
                // An unconditional jump forward may be a tail call to the next function, a branch stays inside.
                if kind == APUS_X86_BRANCH.rawValue || instruction.target &- next < 1 << 10 {
                    farthest = instruction.target
                }
            }
            if !instruction.runsOn, kind != APUS_X86_CALL.rawValue, kind != APUS_X86_PADDING.rawValue, next > farthest {
                return X86Function(start: start, end: next, label: Int.max)
            }
        }
        return strict || position == 0 ? nil : X86Function(start: start, end: start &+ UInt64(position), label: Int.max)
    }

    private static func codeEnd(_ image: X86Image, _ address: UInt64) -> UInt64 {
        image.code.first { $0.contains(address) }?.upperBound ?? 0
    }
}
