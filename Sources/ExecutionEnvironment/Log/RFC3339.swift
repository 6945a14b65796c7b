/// Times as RFC 3339 writes them.
enum RFC3339 {
    /// Whether a text is such a time: `2024-11-02T16:51:31.587199Z`, with any number of decimals and an offset or `Z`.
    static func isTime(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard number(&rest, digits: 4, then: "-") != nil,
            let month = number(&rest, digits: 2, then: "-"),
            let day = number(&rest, digits: 2, then: "T"),
            let hour = number(&rest, digits: 2, then: ":"),
            let minute = number(&rest, digits: 2, then: ":"),
            let second = number(&rest, digits: 2, then: nil)
        else { return false }
        guard 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60 else { return false }
        return skipFraction(&rest) && isOffset(rest)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int, then end: Unicode.Scalar?) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        if let end {
            // The T may be written small, or as a blank.
            let accepted: [UInt8] = end == "T" ? Array("Tt ".utf8) : [UInt8(ascii: end)]
            guard let next = rest.first, accepted.contains(next) else { return nil }
            rest = rest.dropFirst()
        }
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func skipFraction(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: ".") else { return true }
        let decimals = rest.dropFirst().prefix(while: isDigit)
        rest = rest.dropFirst(1 + decimals.count)
        return !decimals.isEmpty
    }

    private static func isOffset(_ text: ArraySlice<UInt8>) -> Bool {
        if text.count == 1 { return text.first == UInt8(ascii: "Z") || text.first == UInt8(ascii: "z") }
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        var rest = text.dropFirst()
        guard let hours = number(&rest, digits: 2, then: ":"), let minutes = number(&rest, digits: 2, then: nil) else {
            return false
        }
        return hours < 24 && minutes < 60 && rest.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
