import ExecutionEnvironment
import FunctionStore
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Takes the code that a request brings: a zip in the request itself, or a file or directory of this machine.
///
/// There is no S3 here. The bucket `file` stands for this machine, and the key in it is an absolute path: a zip is copied, a
/// directory is used where it is, so that what is built into it is what runs next.
struct CodeUpload {
    static let localBucket = "file"

    private let context: ControlContext

    init(_ context: ControlContext) {
        self.context = context
    }

    /// - Returns: `nil` when the request has no code.
    func take(_ upload: ControlOperation.Upload, from input: JSONValue) throws(LambdaAPIError) -> StoredCode? {
        let source =
            switch upload {
            case .members: input
            case .structure(let name): input[name] ?? .object([])
            }
        let bucket = source["S3Bucket"]?.stringValue
        if let text = source["ZipFile"]?.stringValue {
            guard bucket == nil, source["ImageUri"] == nil else {
                throw .invalidParameter("Please do not provide other FunctionCode parameters when providing a ZipFile.")
            }
            guard let zip = Base64.decode(text) else {
                throw LambdaAPIError(400, "SerializationException", "ZipFile is not base64")
            }
            return try keep(zip)
        }
        guard source["ImageUri"] == nil else {
            throw .invalidParameter("Apus runs container images from templates, not from CreateFunction")
        }
        guard let bucket else { return nil }
        guard bucket == Self.localBucket else {
            throw .invalidParameter(
                "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: there is no S3 here; "
                    + "the bucket '\(Self.localBucket)' stands for this machine, and the key is then an absolute path"
            )
        }
        return try local(source["S3Key"]?.stringValue ?? "")
    }

    private func local(_ path: String) throws(LambdaAPIError) -> StoredCode {
        var status = stat()
        guard path.hasPrefix("/"), stat(path, &status) == 0 else {
            throw .invalidParameter("The S3Key '\(path)' is no absolute path of a file or directory on this machine")
        }
        if status.st_mode & S_IFMT == S_IFDIR { return .path(path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largestLocalZip,
            let bytes = FileBytes.read(path, limit: Self.largestLocalZip)
        else { throw .invalidParameter("The S3Key '\(path)' is no zip archive of at most 250 MB") }
        return try keep(bytes, limit: Self.largestLocalZip)
    }

    /// From S3 a zip may be as large as what is in it.
    private static let largestLocalZip = Quotas.unzippedPackageBytes

    private func keep(_ zip: [UInt8], limit: Int = Quotas.zippedPackageBytes) throws(LambdaAPIError) -> StoredCode {
        guard !zip.isEmpty else { throw .invalidParameter("Uploaded file must be a non-empty zip") }
        guard zip.count <= limit else {
            throw LambdaAPIError(
                413,
                "RequestEntityTooLargeException",
                "Zipped size must be smaller than \(limit) bytes"
            )
        }
        do throws(ApusError) {
            return .archive(sha256: try context.code.take(zip), size: zip.count)
        } catch {
            switch error.code {
            case "archive.too-large":
                throw .invalidParameter("Unzipped size must be smaller than \(Quotas.unzippedPackageBytes) bytes")
            case "archive.not-zip", "archive.damaged", "archive.unsafe-entry", "archive.unsupported":
                throw .invalidParameter(
                    "Could not unzip uploaded file. Please check your file, then try to upload again. (\(Self.reason(error)))"
                )
            default:
                throw LambdaAPIError(500, "ServiceException", error.message, fault: "Service")
            }
        }
    }

    /// Without the name of our own file in front.
    private static func reason(_ error: ApusError) -> String {
        guard let colon = error.message.firstRange(of: ".zip: ") else { return error.message }
        return String(error.message[colon.upperBound...])
    }
}
