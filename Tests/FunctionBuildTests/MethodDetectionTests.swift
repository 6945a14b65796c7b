import LambdaModel
import Testing

@testable import FunctionBuild

/// The names of the files in a code's directory, and the method that they mean.
@Suite struct MethodDetectionTests {
    struct Case: Sendable {
        var names: Set<String>
        var script: Bool?
        var target: Bool?
        var method: BuildMethod
        var because: String?
    }

    private static let cases: [Case] = [
        Case(names: [], method: .copy),
        Case(names: ["README.md", "index.html"], method: .copy),
        Case(names: ["Makefile"], target: true, method: .makefile, because: "Makefile"),
        Case(names: ["Makefile"], target: false, method: .copy),
        // SAM's target wins over all that lies beside it.
        Case(
            names: ["Makefile", "Cargo.toml", "bootstrap"],
            script: true,
            target: true,
            method: .makefile,
            because: "Makefile"
        ),
        Case(names: ["Cargo.toml", "Makefile"], target: false, method: .rust, because: "Cargo.toml"),
        Case(names: ["bootstrap"], script: true, method: .shell, because: "bootstrap"),
        Case(names: ["bootstrap", "function.sh"], script: true, method: .shell, because: "bootstrap"),
        Case(names: ["bootstrap", "go.mod"], script: true, method: .shell, because: "bootstrap"),
        // A finished program: sources beside it may be no more than that; a manifest says that it is built.
        Case(names: ["bootstrap", "main.c"], script: false, method: .copy),
        Case(names: ["bootstrap", "main.go", "go.mod"], script: false, method: .go, because: "go.mod"),
        Case(names: ["go.mod", "main.go"], method: .go, because: "go.mod"),
        Case(names: ["main.go"], method: .go, because: "*.go"),
        Case(names: ["Package.swift", "Sources"], method: .swift, because: "Package.swift"),
        Case(names: ["main.swift"], method: .swift, because: "*.swift"),
        Case(names: ["build.zig", "build.zig.zon", "src"], method: .zig, because: "build.zig"),
        Case(names: ["main.zig"], method: .zig, because: "*.zig"),
        Case(names: ["CMakeLists.txt", "Makefile", "main.c"], target: false, method: .c, because: "CMakeLists.txt"),
        Case(names: ["Makefile", "main.c"], target: false, method: .c, because: "*.c"),
        Case(names: ["main.c", "start.s"], method: .c, because: "*.c"),
        Case(names: ["main.c", "more.cpp"], method: .c, because: "*.cpp"),
        Case(names: ["bootstrap.asm"], method: .nasm, because: "*.asm"),
        Case(names: ["a.nasm"], method: .nasm, because: "*.nasm"),
        Case(names: ["a.s"], method: .gas, because: "*.s"),
        Case(names: ["a.S", "README"], method: .gas, because: "*.S"),
    ]

    @Test(arguments: cases) func namesDecide(_ test: Case) {
        let detection = MethodDetection(
            names: test.names,
            bootstrapIsScript: test.script,
            makefileHasTarget: test.target
        )
        #expect(detection.method == test.method)
        #expect(detection.because == test.because)
    }

    @Test(
        arguments: [
            ("go1.x", .go), ("Go", .go), ("c", .c), ("CPP", .c), ("c++", .c), ("cmake", .c), ("nasm", .nasm),
            ("gas", .gas),
            ("zig", .zig), ("swift", .swift), ("shell", .shell), ("none", .copy), ("makefile", .makefile),
            ("dotnet8", .unsupported("dotnet8")), ("", .unspecified),
        ] as [(String, BuildMethod)]
    )
    func namesOfMethods(name: String, method: BuildMethod) {
        #expect(BuildMethod(name: name) == method)
    }

    @Test(arguments: ["makefile", "rust-cargolambda", "go1.x", "swift", "c", "nasm", "gas", "zig", "shell", "none"])
    func aNameMeansItself(name: String) {
        #expect(BuildMethod(name: name).name == name)
    }

    @Test func aProgramInCPlusPlusIsCalledSo() {
        #expect(MethodDetection(names: ["a.cc"]).methodName == "cpp")
        #expect(MethodDetection(names: ["a.c"]).methodName == "c")
    }
}
