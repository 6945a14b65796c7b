import LambdaModel
import Testing

@testable import Inspection

/// Programs of each language, built here: what they say of themselves, and that a package with one of them as its
/// bootstrap earns only what it deserves.
@Suite struct ProgramFactsTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var source: (name: String, text: String)
        /// `OUT` stands for the path of the program.
        var command: [String]
        /// That are not named in the command as a word of their own.
        var tools: [String] = []
        var language: BuildLanguage
        /// How the compiler's own words begin.
        var compiler: String?
        var linkage: ProgramFacts.Linkage
        var cLibrary: ProgramFacts.CLibrary?
        /// `nil`: it depends on how the C library or the standard library was built.
        var hasDebugInfo: Bool? = false
        var isStripped = false
        /// Findings for Lambda, besides those that depend on how new this machine's glibc is.
        var codes: [String] = []
    }

    private static let c = (name: "main.c", text: "#include <stdio.h>\nint main(void) { puts(\"x\"); return 0; }\n")
    private static let cxx = (
        name: "main.cpp", text: "#include <iostream>\nint main() { std::cout << \"x\\n\" << std::endl; }\n"
    )
    private static let rust = (name: "main.rs", text: "fn main() { println!(\"x\"); }\n")
    private static let go = (
        name: "main.go", text: "package main\nimport \"fmt\"\nfunc main() { fmt.Println(\"x\") }\n"
    )
    private static let swift = (name: "main.swift", text: "print(\"x\")\n")
    private static let assembly = (name: "main.asm", text: "global _start\nsection .text\n_start: nop\n")

    private static func gcc(_ name: String, _ flags: [String], _ linkage: ProgramFacts.Linkage) -> Example {
        Example(
            testDescription: name,
            source: c,
            command: ["gcc"] + flags + ["-o", "OUT", c.name],
            language: .c,
            compiler: "GCC: ",
            linkage: linkage,
            cLibrary: .glibc,
            hasDebugInfo: flags.contains("-g"),
            isStripped: flags.contains("-s")
        )
    }

    private static let examples: [Example] = [
        gcc("C", ["-g"], .dynamic),
        gcc("C, stripped", ["-s"], .dynamic),
        gcc("C, no PIE", ["-no-pie"], .dynamic),
        gcc("C, static", ["-static"], .staticFixed),
        gcc("C, static and position-independent", ["-static-pie"], .staticPIE),
        Example(
            testDescription: "C by clang",
            source: c,
            command: ["clang", "-o", "OUT", c.name],
            language: .c,
            compiler: "clang version",
            linkage: .dynamic,
            cLibrary: .glibc
        ),
        Example(
            testDescription: "C with musl",
            source: c,
            command: ["musl-gcc", "-o", "OUT", c.name],
            language: .c,
            compiler: "GCC: ",
            linkage: .dynamic,
            cLibrary: .musl,
            hasDebugInfo: nil,
            codes: ["error loader.missing"]
        ),
        Example(
            testDescription: "C with musl, static",
            source: c,
            command: ["musl-gcc", "-static", "-s", "-o", "OUT", c.name],
            language: .c,
            compiler: "GCC: ",
            linkage: .staticFixed,
            cLibrary: nil,
            isStripped: true
        ),
        Example(
            testDescription: "C++",
            source: cxx,
            command: ["g++", "-o", "OUT", cxx.name],
            language: .cPlusPlus,
            compiler: "GCC: ",
            linkage: .dynamic,
            cLibrary: .glibc
        ),
        Example(
            testDescription: "Rust",
            source: rust,
            command: ["rustc", "-g", "-o", "OUT", rust.name],
            language: .rust,
            compiler: "rustc version",
            linkage: .dynamic,
            cLibrary: .glibc,
            hasDebugInfo: true
        ),
        Example(
            testDescription: "Rust, static",
            source: rust,
            command: ["rustc", "-O", "-C", "target-feature=+crt-static", "-o", "OUT", rust.name],
            language: .rust,
            compiler: "rustc version",
            linkage: .staticPIE,
            cLibrary: .glibc,
            hasDebugInfo: nil
        ),
        Example(
            testDescription: "Rust, stripped",
            source: rust,
            command: ["rustc", "-O", "-C", "strip=symbols", "-o", "OUT", rust.name],
            language: .rust,
            compiler: "rustc version",
            linkage: .dynamic,
            cLibrary: .glibc,
            isStripped: true
        ),
        Example(
            testDescription: "Go",
            source: go,
            command: ["env", "CGO_ENABLED=0", "GOFLAGS=", "go", "build", "-o", "OUT", go.name],
            language: .go,
            compiler: "go1.",
            linkage: .staticFixed,
            cLibrary: nil,
            hasDebugInfo: true
        ),
        Example(
            testDescription: "Go, stripped",
            source: go,
            command: ["env", "CGO_ENABLED=0", "GOFLAGS=", "go", "build", "-ldflags=-s -w", "-o", "OUT", go.name],
            language: .go,
            compiler: "go1.",
            linkage: .staticFixed,
            cLibrary: nil,
            isStripped: true
        ),
        Example(
            testDescription: "Swift",
            source: swift,
            command: ["swiftc", "-o", "OUT", swift.name],
            language: .swift,
            compiler: nil,
            linkage: .dynamic,
            cLibrary: .glibc,
            codes: ["error library.missing"]
        ),
        Example(
            testDescription: "Swift with its standard library",
            source: swift,
            command: ["swiftc", "-static-stdlib", "-o", "OUT", swift.name],
            language: .swift,
            compiler: nil,
            linkage: .dynamic,
            cLibrary: .glibc
        ),
        Example(
            testDescription: "assembly",
            source: assembly,
            command: ["sh", "-c", "nasm -f elf64 -o main.o main.asm && ld -o $0 main.o", "OUT"],
            tools: ["nasm", "ld"],
            language: .assembly,
            compiler: nil,
            linkage: .staticFixed,
            cLibrary: nil
        ),
        Example(
            testDescription: "library",
            source: (name: "x.c", text: "#include <stdio.h>\nint answer(void) { return puts(\"x\"); }\n"),
            command: ["gcc", "-shared", "-fPIC", "-o", "OUT", "x.c"],
            language: .c,
            compiler: "GCC: ",
            linkage: .sharedObject,
            cLibrary: .glibc,
            codes: ["error file.shared-object"]
        ),
    ]

    private static let installed = examples.filter { example in
        let named = example.command.filter {
            ["gcc", "g++", "clang", "musl-gcc", "rustc", "go", "swiftc"].contains($0)
        }
        let missing = (named + example.tools).filter { CrashTools.path($0) == nil }
        if !missing.isEmpty { print("skipped: \(example): not installed: \(missing.joined(separator: ", "))") }
        return missing.isEmpty
    }

    @Test(arguments: installed)
    func knowsItsMaker(_ example: Example) async throws {
        var package = try InspectedPackage()
        package.architecture = .host
        let work = try PackageDirectory()
        try work.write(example.source.name, example.source.text)
        let output = package.directory.path + "/bootstrap"
        let outcome = try await CrashTools.run(
            example.command.map { $0 == "OUT" ? output : $0 },
            in: work.path
        )
        try #require(outcome.isSuccess, "\(example.command): \(outcome.error)")

        let facts = ProgramFacts(of: try ELFImage(path: output))
        #expect(facts.language == example.language)
        #expect(facts.linkage == example.linkage)
        #expect(facts.cLibrary == example.cLibrary)
        #expect(facts.isStripped == example.isStripped)
        if let hasDebugInfo = example.hasDebugInfo { #expect(facts.hasDebugInfo == hasDebugInfo) }
        if let compiler = example.compiler {
            #expect(facts.compiler?.hasPrefix(compiler) == true, "\(facts.compiler ?? "none")")
        } else {
            #expect(facts.compiler == nil)
        }
        let codes = Set(package.codes.filter { !$0.contains("too-new") }.map { $0.split(separator: " ").dropLast() })
        #expect(codes == Set(example.codes.map { $0.split(separator: " ")[...] }))
    }
}
