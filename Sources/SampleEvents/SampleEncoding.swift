import Crypto
import LambdaModel

/// How a value stands in an event.
enum SampleEncoding: String, CaseIterable {
    case base64
    /// Percent-encoded as in a path: S3 sends keys like that.
    case url
    /// The digest that SQS sends with a body, in hexadecimal digits.
    case md5

    func encode(_ value: String) -> String {
        switch self {
        case .base64: Base64.encode(Array(value.utf8))
        case .url: value.utf8.map(Self.percentEncoded).joined()
        case .md5: Insecure.MD5.hash(data: Array(value.utf8)).map(Self.hexadecimal).joined()
        }
    }

    private static func percentEncoded(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            String(UnicodeScalar(byte))
        // RFC 3986's other unreserved characters, and the slash, which parts a key like a path.
        case _ where "-._~/".utf8.contains(byte): String(UnicodeScalar(byte))
        default: "%" + hexadecimal(byte).uppercased()
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
