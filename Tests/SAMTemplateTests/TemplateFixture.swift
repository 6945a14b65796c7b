#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import SAMTemplate

/// A project in a temporary directory, which is gone when the fixture is.
final class TemplateFixture {
    let directory: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "apus-template-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        directory = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    func path(_ name: String) -> String { directory + "/" + name }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let target = path(name)
        let parent = String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: target))
        return target
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }
}

/// A template with one function whose properties are `lines`, each at an indentation of six.
func functionTemplate(_ lines: String, head: String = "", tail: String = "") -> String {
    let body = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }.joined(
        separator: "\n"
    )
    return """
        Transform: AWS::Serverless-2016-10-31
        \(head)
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: .
              Handler: bootstrap
              Runtime: provided.al2023
        \(body)
        \(tail)
        """
}

func parse(_ text: String, _ options: SAMTemplate.Options = .init()) throws -> SAMTemplate {
    try SAMTemplate.parse(text, path: "template.yaml", options: options)
}

/// The diagnostics that parsing ends in; none when it succeeds.
func errors(_ text: String, _ options: SAMTemplate.Options = .init()) -> [TemplateDiagnostic] {
    do throws(TemplateError) {
        _ = try SAMTemplate.parse(text, path: "template.yaml", options: options)
        return []
    } catch {
        return error.diagnostics.filter { $0.severity == .error }
    }
}
