import LambdaModel

/// An operation of the control plane: what it takes, and what it does.
struct ControlOperation: Sendable {
    typealias Action = @Sendable (inout ControlCall) throws -> JSONValue?

    /// How a request brings code.
    enum Upload: Sendable {
        /// `ZipFile` and `S3Bucket` in the request itself.
        case members
        /// The same in a structure of it.
        case structure(String)
    }

    let input: [InputMember]
    let status: Int
    let upload: Upload?
    let action: Action

    init(_ input: [InputMember], status: Int = 200, upload: Upload? = nil, _ action: @escaping Action) {
        self.input = input
        self.status = status
        self.upload = upload
        self.action = action
    }

    /// The largest body, in bytes. The service's own 70,167,211 is 50 MB in base64 and something besides.
    var bodyLimit: Int { upload == nil ? 1_048_576 : 70_167_211 }
}
