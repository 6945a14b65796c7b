import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus build`: what it makes of a project, and that `apus invoke` goes on from there.
@Suite(.serialized) struct BuildTests {
    private static let makefileTemplate = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Metadata:
              BuildMethod: makefile
            Properties:
              CodeUri: .
              Handler: app
              Runtime: provided.al2023
              Timeout: 20
        """

    @Test(Prerequisite.gcc, Prerequisite.program("make")) func byMakefile() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.makefileTemplate)
            try fixture.write("main.c", CBootstrap.echo)
            try fixture.write("Makefile", "build-Hello:\n\tgcc -w -o $(ARTIFACTS_DIR)/bootstrap main.c\n")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            #expect(fixture.exists(".aws-sam/build/Hello/bootstrap"))
            #expect(fixture.exists(".aws-sam/build/template.yaml"))
            #expect(!fixture.exists("bootstrap"))
            let outcome = try await fixture.apus(["invoke", "-e", "-"], stdin: Array("[1]".utf8))
            #expect(outcome.text == "[1]\n", "\(outcome)")
        }
    }

    /// The compiler's own words reach the user, and what was built before stays out of the way.
    @Test(Prerequisite.gcc, Prerequisite.program("make")) func aFailureShowsTheCompilersOutput() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.makefileTemplate)
            try fixture.write("main.c", "int main(void) { return undeclared_bird; }\n")
            try fixture.write("Makefile", "build-Hello:\n\tgcc -o $(ARTIFACTS_DIR)/bootstrap main.c\n")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(2), "\(build)")
            #expect((build.text + build.standardError).contains("undeclared_bird"), "\(build)")
            #expect(build.standardError.contains("Hello"), "\(build)")
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    @Test(Prerequisite.program("make")) func aMissingTargetIsNamed() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.makefileTemplate)
            try fixture.write("Makefile", "build-Other:\n\ttrue\n")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(2), "\(build)")
            #expect(build.standardError.contains("build-Hello"), "\(build)")
        }
    }

    /// Nothing changed: the second build does not run make again. A changed source does.
    @Test(Prerequisite.program("make")) func buildsOnlyWhatChanged() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.makefileTemplate)
            try fixture.write("source.txt", "1")
            let count = fixture.root + "/home/count"
            try fixture.write(
                "Makefile",
                "build-Hello:\n\techo built >> \(count)\n\tcp source.txt $(ARTIFACTS_DIR)/bootstrap\n"
            )
            func builds() throws -> Int { try fixture.read(count).split(separator: "\n").count }
            for (arguments, contents, expected) in [
                (["build"], "1", 1), (["build"], "1", 1), (["build"], "2", 2), (["build"], "2", 2),
                (["build", "--no-cached"], "2", 3),
            ] {
                try fixture.write("source.txt", contents)
                let build = try await fixture.apus(arguments)
                #expect(build.status == .exited(0), "\(build)")
                #expect(try builds() == expected, "\(arguments) of \(contents)")
                #expect(try fixture.read(".aws-sam/build/Hello/bootstrap") == contents)
            }
        }
    }

    /// Without a build method the sources are copied, modes and links included.
    @Test func byCopy() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate()
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            try fixture.write("task/data/notes.txt", "text", mode: 0o640)
            try fixture.makeLink("task/link", to: "data/notes.txt")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            let listing = try await fixture.run(
                "/bin/sh",
                [
                    "-c",
                    "ls -lR .aws-sam/build/Hello | grep -c -e '^-rwxr-xr-x.*bootstrap' -e 'link -> data/notes.txt'",
                ]
            )
            #expect(listing.text == "2\n", "\(listing)")
            #expect(try fixture.read(".aws-sam/build/Hello/data/notes.txt") == "text")
        }
    }

    @Test func severalFunctions() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate(["First", "Second", "Third"])
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            let one = try await fixture.apus(["build", "Second"])
            #expect(one.status == .exited(0), "\(one)")
            #expect(fixture.exists(".aws-sam/build/Second/bootstrap"))
            #expect(!fixture.exists(".aws-sam/build/First"))
            let all = try await fixture.apus(["build"])
            #expect(all.status == .exited(0), "\(all)")
            for name in ["First", "Second", "Third"] { #expect(fixture.exists(".aws-sam/build/\(name)/bootstrap")) }
        }
    }

    @Test func intoAnotherDirectory() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate()
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            let build = try await fixture.apus(["build", "-b", "out/built"])
            #expect(build.status == .exited(0), "\(build)")
            #expect(fixture.exists("out/built/Hello/bootstrap") && fixture.exists("out/built/template.yaml"))
        }
    }

    /// 50 functions of one template: nothing changed, nothing done; one file changed, one function built.
    @Test(Prerequisite.program("cc")) func ofFiftyFunctionsOnlyTheChangedOne() async throws {
        try await Fixture.with { fixture in
            var template = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
            for index in 1...50 {
                template += """
                      F\(index):
                        Type: AWS::Serverless::Function
                        Properties: {CodeUri: f\(index)/, Handler: bootstrap, Runtime: provided.al2023}

                    """
                try fixture.write("f\(index)/bootstrap", "#!/bin/sh\n", mode: 0o755)
            }
            try fixture.write("template.yaml", template)
            try fixture.write("f7/bootstrap", "int main(void) { return 7; }\n")
            try FileManager.default.moveItem(atPath: fixture.path("f7/bootstrap"), toPath: fixture.path("f7/main.c"))
            let first = try await fixture.apus(["build"])
            #expect(first.standardError.contains("50 built, 0 unchanged"), "\(first)")
            let second = try await fixture.apus(["build"])
            #expect(second.standardError.contains("0 built, 50 unchanged"), "\(second)")
            try fixture.write("f7/main.c", "int main(void) { return 8; }\n")
            let third = try await fixture.apus(["build"])
            #expect(third.standardError.contains("1 built, 49 unchanged"), "\(third)")
            #expect(third.standardError.contains("F7: built in"), "\(third)")
        }
    }

    /// A compiler that is missing, one that fails, and a build that makes no bootstrap.
    @Test(
        arguments: [
            ("main.zig", "zig", [:], ["'zig' is not installed", "pip install ziglang"]),
            ("main.c", "no C at all\n", [:], ["cc failed with exit status 1", "main.c:1"]),
            ("Makefile", "all:\n\ttrue\n", ["BuildMethod": "c"], ["has no program, so there is no bootstrap"]),
            ("function.sh", "#!/bin/sh\n", ["BuildMethod": "shell"], ["the build made no bootstrap"]),
            ("readme", "text", ["BuildMethod": "swift"], ["there is no Package.swift and no .swift file"]),
        ] as [(String, String, [String: String], [String])]
    )
    func whatCannotBeBuilt(file: String, text: String, metadata: [String: String], says: [String]) async throws {
        try await Fixture.with { fixture in
            let method = metadata.map { "    Metadata: {\($0): \($1)}\n" }.joined()
            try fixture.write(
                "template.yaml",
                "Transform: AWS::Serverless-2016-10-31\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n"
                    + method
                    + "    Properties: {CodeUri: quelle für 1/, Handler: bootstrap, Runtime: provided.al2023, Timeout: 20}\n"
            )
            try fixture.write("quelle für 1/" + file, text)
            // Nothing but the system's own programs, whatever else this machine has.
            let build = try await fixture.apus(["build"], environment: ["PATH": "/usr/bin:/bin"])
            #expect(build.status == .exited(2), "\(build)")
            #expect(build.standardError.contains("error: Hello: "), "\(build)")
            for text in says { #expect(build.standardError.contains(text), "\(build)") }
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// Sources that may not be written to, for a user without rights.
    @Test(
        Prerequisite.program("cc"),
        Prerequisite.program("make"),
        arguments: Caller.withSandbox.filter { $0 != .confinedRoot },
        ["c", "plain-make", "shell", "gas"]
    )
    func aReadOnlyTree(caller: Caller, name: String) async throws {
        try await Fixture.with(as: caller) { fixture in
            try fixture.copyFromRepository("Tests/BuildFixtures/" + name, to: "src")
            try fixture.writeTemplate(codeURI: "src/")
            _ = try await fixture.run("/bin/chmod", ["-R", "a-w", fixture.path("src")])
            _ = try await fixture.run("/bin/chmod", ["777", fixture.path(".")])
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            #expect(fixture.exists(".aws-sam/build/Hello/bootstrap"))
        }
    }
}
