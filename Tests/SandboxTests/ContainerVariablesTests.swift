import LambdaModel
import Testing

@testable import Sandbox

/// Every value arrives as it is, and none is the client's.
@Suite struct ContainerVariablesTests {
    private static let engine = ContainerEngine(kind: .podman, path: "/bin/podman")

    enum Way: Hashable { case file, inherited, refused }

    @Test(arguments: [
        ("A", "plain-1.2_3/x:y@z=w%,+", Way.file),
        ("A", "", .file),
        ("A", "two words", .inherited),
        ("A", " blank", .inherited),
        ("A", "line\nbreak", .inherited),
        ("A", "carriage\r", .inherited),
        ("A", "\"quoted\"", .inherited),
        ("A", "# no comment", .inherited),
        ("A", "$HOME", .inherited),
        ("A", "ünï", .inherited),
        ("GOOGLE_KEY", "{\n}", .inherited),
        // What would change the client goes by the file, if it can at all.
        ("PATH", "/usr/bin:/bin", .file),
        ("PATH", "/a b:/bin", .file),
        ("DOCKER_HOST", "tcp://x y", .file),
        ("LD_PRELOAD", "/a \"b\"", .file),
        ("https_proxy", "http://a b", .file),
        ("XDG_RUNTIME_DIR", "a\nb", .refused),
        ("HOME", " x", .refused),
        ("CONTAINER_HOST", "x\u{2028}y", .refused),
    ])
    func ways(name: String, value: String, expected: Way) {
        do throws(LaunchFailure) {
            let variables = try ContainerVariables([name: value], engine: Self.engine)
            switch expected {
            case .file:
                #expect(variables.fileText == "\(name)=\(value)\n")
                #expect(variables.inherited.isEmpty)
            case .inherited:
                #expect(variables.fileText.isEmpty)
                #expect(variables.inherited == [name: value])
            case .refused: Issue.record("\(variables)")
            }
        } catch {
            #expect(expected == .refused, "\(error)")
            #expect(error.lambdaMessage.contains(name))
        }
    }

    @Test func sorted() throws {
        let variables = try ContainerVariables(["B": "2", "A": "1", "C": "x y"], engine: Self.engine)
        #expect(variables.fileText == "A=1\nB=2\n")
        #expect(variables.inherited == ["C": "x y"])
    }
}
