import ExecutionEnvironment
import FunctionStore
import LambdaModel

/// What the operations of the control plane share.
struct ControlContext: Sendable {
    var region: String
    var accountID: String
    /// `ConcurrentExecutions` of the account.
    var concurrency: Int
    var records: FunctionRecords
    var code: CodeStore
    /// Where the code of a template's functions lies, by the functions' names; images have none.
    var templateCode: [String: String]
    /// Of the server, such as `http://127.0.0.1:3001`.
    var address: String
    var epochMilliseconds: @Sendable () -> Int64

    func arn(_ function: String, _ qualifier: String? = nil) -> String {
        FunctionARN(region: region, accountID: accountID, functionName: function, qualifier: qualifier).description
    }

    func layerARN(_ layer: String, version: Int? = nil) -> String {
        let arn = "arn:aws:lambda:\(region):\(accountID):layer:\(layer)"
        return version.map { arn + ":\($0)" } ?? arn
    }

    /// `CodeSha256` and `CodeSize` of a version.
    func identity(of version: StoredVersion, in function: String) -> CodeIdentity {
        switch version.code {
        case .archive(let sha256, let size): CodeIdentity(archive: sha256, size: size)
        case .path(let path): CodeIdentity(path: path)
        case .template: CodeIdentity(path: templateCode[function] ?? "")
        }
    }

    /// The service's form of a moment, such as `2026-11-28T17:00:00.000+0000`.
    static func date(_ epochMilliseconds: Int64) -> String {
        WallClock.iso8601(epochMilliseconds: epochMilliseconds).replacingSuffix("Z", by: "+0000")
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, by other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }
}
