/// How a caller names a function: a name, a partial ARN or an ARN, each with or without a qualifier.
///
/// Source: AWS Lambda API reference, `Invoke`, `FunctionName`: `my-function`, `my-function:v1`, `123456789012:function:my-function`,
/// `function:my-function`, `arn:aws:lambda:us-west-2:123456789012:function:my-function`.
package struct FunctionReference: Sendable, Hashable {
    package var name: String
    package var region: String?
    package var accountID: String?
    /// A version or an alias.
    package var qualifier: String?

    /// The pattern that the API names when a value does not match it.
    package static let pattern =
        "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
        + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?"

    /// Longest value, in characters.
    package static let longest = 140

    /// `nil` for what does not match the pattern.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.longest else { return nil }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts[0] == "arn", parts.count > 1 {
            guard parts.count >= 7, Self.isPartition(parts[1]), parts[2] == "lambda", parts[5] == "function",
                Self.isRegion(parts[3])
            else { return nil }
            region = parts[3]
            parts.removeFirst(4)
            guard Self.isAccount(parts[0]) else { return nil }
        }
        if let first = parts.first, parts.count > 1, Self.isRegion(first), Self.isAccount(parts[1]) {
            region = first
            parts.removeFirst()
        }
        if let first = parts.first, parts.count > 1, Self.isAccount(first) {
            accountID = first
            parts.removeFirst()
        }
        if parts.first == "function", parts.count > 1 { parts.removeFirst() }
        guard (1...2).contains(parts.count), Self.isName(parts[0]) else { return nil }
        name = parts[0]
        guard parts.count == 2 else { return }
        guard Self.isQualifier(parts[1]) else { return nil }
        qualifier = parts[1]
    }

    /// `$LATEST`, a version's number or an alias's name.
    package static func isQualifier(_ text: String) -> Bool {
        text == "$LATEST" || (text.utf8.count <= 128 && isName(text))
    }

    /// What `CreateAlias` takes: unlike a version's number.
    package static func isAliasName(_ text: String) -> Bool {
        text.utf8.count <= 128 && isName(text)
            && !text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// `aws`, `aws-us-gov`.
    private static func isPartition(_ text: String) -> Bool {
        text.hasPrefix("aws")
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }

    private static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// `eu-central-1`, `us-gov-west-1`.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count >= 3 && parts[0].utf8.count == 2 && Int(parts[parts.count - 1]) != nil
            && parts.dropLast().allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            }
    }
}
