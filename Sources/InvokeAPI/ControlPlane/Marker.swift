import ExecutionEnvironment

/// The place in a list that a client sends back to get the next page.
enum Marker {
    static func encode(_ key: String) -> String { Base64.encode(Array(key.utf8)) }

    static func decode(_ marker: String?) throws(LambdaAPIError) -> String? {
        guard let marker, !marker.isEmpty else { return nil }
        guard let key = Base64.decodedText(marker) else {
            throw .invalidParameter("Invalid Marker: it is not one that a list has answered with")
        }
        return key
    }
}
