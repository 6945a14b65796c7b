import LambdaModel

/// The place in a list that a client sends back to get the next page.
enum Marker {
    static func encode(_ key: String) -> String { Base64.encode(Array(key.utf8)) }

    /// Of a number, one that sorts as the number does.
    static func key(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 19 - digits.count)) + digits
    }

    static func decode(_ marker: String?) throws(LambdaAPIError) -> String? {
        guard let marker, !marker.isEmpty else { return nil }
        guard let key = Base64.decodedText(marker) else {
            throw .invalidParameter("Invalid Marker: it is not one that a list has answered with")
        }
        return key
    }
}
