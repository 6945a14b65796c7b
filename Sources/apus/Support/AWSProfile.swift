import LambdaModel

/// A profile of the AWS command line's own files, read only when `--profile` asks for it.
///
/// Source: AWS CLI user guide, "Configuration and credential file settings".
struct AWSProfile {
    let name: String
    let region: String?
    private let values: [String: String]

    /// - Throws: `ApusError` when neither file has the profile.
    init(named name: String) throws(ApusError) {
        self.name = name
        let variables = HostEnvironment.variables
        let home = variables["HOME"] ?? ""
        let credentials = variables["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials"
        let config = variables["AWS_CONFIG_FILE"] ?? home + "/.aws/config"
        let configSection = name == "default" ? "default" : "profile \(name)"
        let fromConfig = Self.section(configSection, ofFile: config)
        let fromCredentials = Self.section(name, ofFile: credentials)
        guard fromConfig != nil || fromCredentials != nil else {
            throw ApusError(
                "profile.unknown",
                "there is no AWS profile '\(name)' in \(credentials) or \(config)",
                hint: "`aws configure --profile \(name)` makes one."
            )
        }
        values = (fromConfig ?? [:]).merging(fromCredentials ?? [:]) { _, credential in credential }
        region = values["region"]
    }

    /// - Throws: `ApusError` when the profile has no keys of its own (single sign-on, an assumed role, a program).
    func credentials() throws(ApusError) -> FunctionEnvironment.Credentials {
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw ApusError(
                "profile.noKeys",
                "the AWS profile '\(name)' holds no access keys itself",
                hint: "Write them to a profile first: aws configure export-credentials --profile \(name)"
            )
        }
        return FunctionEnvironment.Credentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: values["aws_session_token"]
        )
    }

    private static func section(_ wanted: String, ofFile path: String) -> [String: String]? {
        guard let bytes = try? ByteSource.read(path, limit: 1 << 20, what: "AWS profile") else { return nil }
        return section(wanted, of: String(decoding: bytes, as: UTF8.self))
    }

    /// The keys of one section of an INI text; `nil` when it is not there.
    static func section(_ wanted: String, of text: String) -> [String: String]? {
        var result: [String: String]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmingBlanks
            if trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
                let name = trimmed[trimmed.index(after: trimmed.startIndex)..<end].trimmingBlanks
                isInside = name.split(separator: " ").joined(separator: " ") == wanted
                if isInside, result == nil { result = [:] }
            } else if isInside, let equals = trimmed.firstIndex(of: "=") {
                let key = trimmed[..<equals].trimmingBlanks.lowercased()
                result?[key] = String(trimmed[trimmed.index(after: equals)...].trimmingBlanks)
            }
        }
        return result
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    fileprivate var trimmingBlanks: SubSequence {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
