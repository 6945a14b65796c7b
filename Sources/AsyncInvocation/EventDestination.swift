import LambdaModel

/// Where a destination's ARN leads on this machine.
enum EventDestination: Hashable {
    /// A function that is here.
    case function(name: String, qualifier: String?)
    /// A file of the state directory, for what only AWS has.
    case file(String)

    init(arn: String, functionName: (FunctionReference) -> String?) {
        if arn.hasPrefix("arn:"), let reference = FunctionReference(arn), let name = functionName(reference) {
            self = .function(name: name, qualifier: reference.qualifier)
        } else {
            self = .file(Self.fileName(arn))
        }
    }

    /// `sqs-NAME.jsonl`, `sns-…`, `events-…`, `s3-…`, `lambda-…`; what may not be part of a file's name is a `_`.
    static func fileName(_ arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return "other-" + safe(arn) + ".jsonl" }
        // `event-bus/NAME`, `function:NAME:QUALIFIER`
        var resource = parts[5]
        for prefix in ["event-bus/", "function:"] where resource.hasPrefix(prefix) {
            resource = resource.dropFirst(prefix.count)
        }
        return safe(parts[2]) + "-" + safe(resource) + ".jsonl"
    }

    private static func safe(_ text: some StringProtocol) -> String {
        let bytes = text.utf8.prefix(100).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
