import LambdaModel

/// The event of an invocation, from a file or standard input, checked as Lambda's front door checks it.
enum EventInput {
    /// - Parameter source: a path, `-` for standard input, `nil` for the empty object.
    /// - Throws: `ApusError` when it cannot be read, is not JSON or is over Lambda's 6 MB.
    static func read(from source: String?) throws(ApusError) -> [UInt8] {
        guard let source else { return Array("{}".utf8) }
        let name = source == "-" ? "standard input" : source
        let bytes = try ByteSource.read(source, limit: Quotas.synchronousRequestBytes, what: "event")
        guard bytes.count <= Quotas.synchronousRequestBytes else {
            throw ApusError(
                "event.tooLarge",
                "the event in \(name) is too large: Request must be smaller than \(Quotas.synchronousRequestBytes) "
                    + "bytes for the InvokeFunction operation"
            )
        }
        do throws(JSONSyntax.Failure) {
            try JSONSyntax.validate(bytes)
        } catch {
            let place = TextPosition(offset: error.offset, in: bytes)
            throw ApusError(
                "event.notJSON",
                "the event in \(name) is not JSON: line \(place.line), column \(place.column): expected \(error.expected)",
                hint: "Lambda takes JSON events only; a text is JSON when it stands in double quotes."
            )
        }
        return bytes
    }
}
