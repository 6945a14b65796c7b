import LambdaModel

/// Reading a subscription from a request's body.
extension TelemetrySubscription {
    /// In bytes; a real subscription takes some hundred.
    static let maximumBodyBytes = 64 * 1024

    /// Members that Lambda does not know are passed over.
    init(json: [UInt8], api: TelemetryAPIKind) throws(APIRefusal) {
        guard json.count <= Self.maximumBodyBytes else {
            throw .invalidSubscription(api, ["the request body is longer than \(Self.maximumBodyBytes) bytes"])
        }
        let body: JSONValue
        do throws(JSONValue.Failure) {
            body = try JSONValue(json: json)
        } catch {
            throw .invalidSubscription(api, ["the request body \(error.reason)"])
        }
        guard case .object = body else { throw .invalidSubscription(api, ["the request body is not a JSON object"]) }
        try self.init(body: body, api: api)
    }

    private init(body: JSONValue, api: TelemetryAPIKind) throws(APIRefusal) {
        var reader = SubscriptionReader(api: api)
        let destination = reader.destination(body["destination"])
        let schema = reader.schema(body["schemaVersion"])
        let streams = reader.streams(body["types"])
        let buffering = reader.buffering(body["buffering"])
        guard let destination, let schema, reader.problems.isEmpty else {
            throw .invalidSubscription(api, reader.problems)
        }
        self.init(api: api, schema: schema, streams: streams, buffering: buffering, destination: destination)
    }
}
