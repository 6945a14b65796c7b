import LambdaModel
import Testing

@Suite struct FunctionConfigurationTests {
    /// The defaults of `CreateFunction`.
    @Test func defaultsAreLambdas() {
        let function = FunctionConfiguration(name: "hello")
        #expect(function.timeout == 3)
        #expect(function.memorySize == 128)
        #expect(function.ephemeralStorage == 512)
        #expect(function.architecture == .x86_64)
        #expect(function.version == "$LATEST")
        #expect(function.logging.format == .text)
        #expect(function.logGroup == "/aws/lambda/hello")
        #expect(Quotas.timeoutSeconds.contains(function.timeout))
        #expect(Quotas.memoryMB.contains(function.memorySize))
        #expect(Quotas.ephemeralStorageMB.contains(function.ephemeralStorage))
    }

    /// The figures of the Lambda developer guide and of Lambda's own messages.
    @Test func quotasAreLambdas() {
        #expect(Quotas.synchronousRequestBytes == 6 * 1_048_576)
        #expect(Quotas.bufferedResponseBytes == Quotas.synchronousRequestBytes + 100)
        #expect(Quotas.asynchronousRequestBytes == 1_048_576)
        #expect(Quotas.streamedResponseBytes == 200 * 1_048_576)
        #expect(Quotas.environmentVariableBytes == 4_096)
        #expect(Quotas.timeoutSeconds == 1...900)
        #expect(Quotas.memoryMB == 128...10_240)
        #expect(Quotas.ephemeralStorageMB == 512...10_240)
        #expect(Quotas.layers == 5)
        #expect(Quotas.zippedPackageBytes == 50 * 1_048_576)
        #expect(Quotas.unzippedPackageBytes == 250 * 1_048_576)
        #expect(Quotas.initSeconds == 10)
    }

    @Test func architecturesAreSpelledAsInTemplates() {
        #expect(Architecture.allCases.map(\.rawValue) == ["x86_64", "arm64"])
        #expect(Architecture(rawValue: "amd64") == nil)
    }

    @Test(
        arguments: [
            (FunctionCode.directory(path: "a"), "a"), (.zip(path: "b.zip"), "b.zip"), (.file(path: "/c"), "/c"),
        ]
    )
    func codeHasOnePath(_ code: FunctionCode, path: String) {
        #expect(code.path == path)
    }

    @Test func anErrorShowsItsHintOnALineOfItsOwn() {
        #expect(ApusError("template.missing", "No template").description == "No template")
        #expect(ApusError("template.missing", "No template", hint: "Use -t").description == "No template\nUse -t")
    }
}
