#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Reads a text file that a user named: a regular file, UTF-8, of bounded size.
struct TextFile {
    /// CloudFormation's largest template, in bytes: 1 MB by way of S3.
    static let maximumBytes = 1_048_576

    let text: String

    /// Throws a ``TemplateError`` that names the file.
    /// - Parameter what: what the file is to the user, such as `template`.
    static func load(_ path: String, what: String) throws(TemplateError) -> TextFile {
        guard !path.utf8.contains(0) else {
            throw TemplateError(at: nil, "the \(what)'s path holds a NUL byte")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path, what, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw TemplateError(at: nil, "\(path) is a directory, not a \(what) file")
        default: throw TemplateError(at: nil, "\(path) is not a regular file", hint: "Give the path of a file.")
        }
        guard status.st_size <= maximumBytes else { throw tooLarge(path, what) }
        let bytes = try contents(path, what)
        guard bytes.count <= maximumBytes else { throw tooLarge(path, what) }
        return TextFile(text: try decode(bytes, path: path))
    }

    /// Decodes UTF-8 and refuses what YAML and JSON do not allow, with its place. A byte order mark is dropped.
    static func decode(_ bytes: [UInt8], path: String) throws(TemplateError) -> String {
        var body = bytes[...]
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
        guard let text = String(validating: body, as: UTF8.self) else {
            let valid = String(decoding: body, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
            throw TemplateError(
                at: location(of: valid.endIndex, in: valid, path),
                "this is not UTF-8 text",
                hint: "Save the file as UTF-8."
            )
        }
        let scalars = text.unicodeScalars
        if let bad = scalars.firstIndex(where: isForbidden) {
            let code = String(scalars[bad].value, radix: 16, uppercase: true)
            throw TemplateError(
                at: location(of: bad, in: scalars[...], path),
                "the control character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) is not allowed"
            )
        }
        return text
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case ..<0x20, 0x7F: true
        default: false
        }
    }

    private static func location(
        of end: String.UnicodeScalarView.Index,
        in scalars: Substring.UnicodeScalarView,
        _ path: String
    ) -> SourceLocation {
        var location = SourceLocation(file: path, line: 1, column: 1)
        for scalar in scalars[..<end] {
            if scalar == "\n" {
                location.line += 1
                location.column = 1
            } else {
                location.column += 1
            }
        }
        return location
    }

    private static func contents(_ path: String, _ what: String) throws(TemplateError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, what, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumBytes {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, what, errno) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func tooLarge(_ path: String, _ what: String) -> TemplateError {
        TemplateError(
            at: nil,
            "\(path) is larger than 1 MB, the limit of CloudFormation",
            hint: "Is it really a \(what)?"
        )
    }

    private static func failure(_ path: String, _ what: String, _ code: Int32) -> TemplateError {
        let reason =
            switch code {
            case ENOENT, ENOTDIR: "it does not exist"
            case EACCES, EPERM: "permission denied"
            case ELOOP: "too many symbolic links"
            case ENAMETOOLONG: "its name is too long"
            default: String(cString: strerror(code))
            }
        return TemplateError(at: nil, "cannot read the \(what) \(path): \(reason)")
    }
}
