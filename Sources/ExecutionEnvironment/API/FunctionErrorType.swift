/// The error type that a runtime names in the header `Lambda-Runtime-Function-Error-Type`.
enum FunctionErrorType {
    static let header = "Lambda-Runtime-Function-Error-Type"

    /// `value` if it matches `(Runtime|Function)\.[A-Z][a-zA-Z]+`, else `fallback`.
    static func validated(_ value: String?, otherwise fallback: String) -> String {
        guard let value else { return fallback }
        let prefix = ["Runtime.", "Function."].first { value.hasPrefix($0) }
        guard let prefix else { return fallback }
        let name = value.utf8.dropFirst(prefix.utf8.count)
        guard name.count >= 2, let first = name.first, isUpper(first), name.allSatisfy({ isUpper($0 & ~0x20) }) else {
            return fallback
        }
        return value
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
