import Testing

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
}
