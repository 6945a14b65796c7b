import HTTPServer
import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// Every refusal of the Extensions API, and what the registry knows after each call.
struct ExtensionRegistryTests {
    private static func refusal(_ body: () throws(APIRefusal) -> Void) -> String? {
        do throws(APIRefusal) {
            try body()
            return nil
        } catch {
            return "\(error.status.code) \(error.type): \(error.message)"
        }
    }

    @Test(
        arguments: [
            ("", ["INVOKE"], "403 Extension.InvalidExtensionName: Empty extension name"),
            ("ext", ["INVOKE", "SHUTDOWN"], nil),
            ("ext", [], nil),
            ("ext", ["INVOKE", "INVOKE"], nil),
            ("ext", ["invoke"], "403 Extension.InvalidEventType: invoke: ErrorInvalidEventType"),
            ("ext", ["INVOKE", "RESTORE"], "403 Extension.InvalidEventType: RESTORE: ErrorInvalidEventType"),
            ("in", ["INVOKE"], nil),
            (
                "in", ["SHUTDOWN"],
                "403 Extension.InvalidEventType: SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
            ),
        ] as [(String, [String], String?)]
    )
    func registrations(name: String, events: [String], expected: String?) {
        var registry = ExtensionRegistry(external: ["ext"])
        let refusal = Self.refusal { () throws(APIRefusal) in
            try registry.register(name: name, events: events, identifier: "1")
        }
        #expect(refusal == expected)
        #expect((registry.entry("1") != nil) == (expected == nil))
    }

    @Test func aNameIsLimited() {
        var registry = ExtensionRegistry()
        let refusal = Self.refusal { () throws(APIRefusal) in
            try registry.register(name: String(repeating: "n", count: 256), events: [], identifier: "1")
        }
        #expect(refusal == "403 Extension.InvalidExtensionName: The extension name is longer than 255 bytes")
    }

    @Test func tenOfThemAreEnough() throws {
        var registry = ExtensionRegistry(external: ["e1", "e2"])
        for number in 3...10 { try registry.register(name: "i\(number)", events: [], identifier: "\(number)") }
        let refusal = Self.refusal { () throws(APIRefusal) in
            try registry.register(name: "i11", events: [], identifier: "11")
        }
        #expect(refusal == "403 Extension.TooManyExtensions: Extension limit (10) reached")
        // The external ones have their places.
        try registry.register(name: "e1", events: [], identifier: "1")
    }

    @Test func aNameRegistersOnce() throws {
        var registry = ExtensionRegistry(external: ["ext"])
        try registry.register(name: "ext", events: [], identifier: "1")
        try registry.register(name: "in", events: [], identifier: "2")
        #expect(
            Self.refusal { () throws(APIRefusal) in try registry.register(name: "ext", events: [], identifier: "3") }
                == "403 Extension.InvalidExtensionState: extension ext may not register in the state Registered"
        )
        #expect(
            Self.refusal { () throws(APIRefusal) in try registry.register(name: "in", events: [], identifier: "3") }
                == "403 Extension.InvalidExtensionState: Extension with this name already registered"
        )
    }

    @Test func registrationCloses() {
        var registry = ExtensionRegistry(external: ["ext"])
        registry.closeRegistration()
        for name in ["ext", "in"] {
            let refusal = Self.refusal { () throws(APIRefusal) in
                try registry.register(name: name, events: [], identifier: "1")
            }
            #expect(refusal == "403 Extension.RegistrationClosed: Extension registration closed already")
        }
    }

    /// A call by whoever is unknown.
    @Test func unknownIdentifiers() {
        var registry = ExtensionRegistry(external: ["ext"])
        let expected = "403 Extension.UnknownExtensionIdentifier: Unknown extension x"
        #expect(Self.refusal { () throws(APIRefusal) in _ = try registry.askedNext("x") } == expected)
        #expect(
            Self.refusal { () throws(APIRefusal) in try registry.reportedInitError("x", type: "T") } == expected
        )
        #expect(
            Self.refusal { () throws(APIRefusal) in try registry.reportedExitError("x", type: "T") } == expected
        )
    }

    /// An error counts once, may be repeated, and nothing else may follow.
    @Test func reportedErrors() throws {
        var registry = ExtensionRegistry(external: ["a", "b"])
        try registry.register(name: "a", events: ["INVOKE"], identifier: "a")
        try registry.register(name: "b", events: ["INVOKE"], identifier: "b")
        try registry.reportedInitError("a", type: "First")
        try registry.reportedInitError("a", type: "Second")
        #expect(registry.entry("a")?.errorType == "First")
        #expect(registry.entry("a")?.state == .initError)
        #expect(
            Self.refusal { () throws(APIRefusal) in _ = try registry.askedNext("a") }
                == "403 Extension.InvalidExtensionState: extension a may not ask for an event in the state InitError"
        )
        #expect(Self.refusal { () throws(APIRefusal) in try registry.reportedExitError("a", type: "T") } != nil)
        _ = try registry.askedNext("b")
        #expect(Self.refusal { () throws(APIRefusal) in try registry.reportedInitError("b", type: "T") } != nil)
        try registry.reportedExitError("b", type: "First")
        try registry.reportedExitError("b", type: "Second")
        #expect(registry.entry("b")?.errorType == "First")
        #expect(registry.exited(1)?.before.state == .exitError)
        #expect(registry.entry("b")?.state == .exited)
        #expect(registry.entry("b")?.errorType == "First")
        #expect(registry.exited(1) == nil)
        #expect(registry.exited(7) == nil)
    }
}
