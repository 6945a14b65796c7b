import Testing

/// Symbolic links in code and layers that point out of them: in a room they point at what is there.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxLinkTests {
    /// A link to a bootstrap beside the task directory, as an absolute path, and up to the root and down again.
    private func links(_ fixture: Fixture) -> [String] {
        let outside = fixture.path("outside/bootstrap")
        return [outside, "../outside/bootstrap", String(repeating: "../", count: 30) + outside.dropFirst()]
    }

    @Test func aBootstrapThatPointsOutIsNone() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try await fixture.writeEchoFunction("outside")
            for (number, link) in links(fixture).enumerated() {
                try fixture.makeDirectory("task\(number)")
                try fixture.makeLink("task\(number)/bootstrap", to: link)
                let outcome = try await fixture.invokeCode("task\(number)", event: "7")
                #expect(outcome.status == .exited(1), "\(link): \(outcome)")
                #expect(try ErrorObject(outcome).errorType == "Runtime.InvalidEntrypoint", "\(link): \(outcome)")
            }
        }
    }

    @Test func aZipsBootstrapThatPointsOutIsNone() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try await fixture.writeEchoFunction("outside")
            for link in links(fixture) + ["/etc/passwd", "../../..", "/proc/self/exe"] {
                var zip = ZipBytes()
                zip.add("bootstrap", Array(link.utf8), kind: .symbolicLink, mode: 0o777)
                try fixture.write("function.zip", zip.bytes)
                let outcome = try await fixture.invokeCode("function.zip", event: "7")
                #expect(outcome.status == .exited(1) || outcome.status == .exited(2), "\(link): \(outcome)")
                #expect(!outcome.text.contains("7\n"), "\(link): \(outcome)")
                #expect(!(outcome.text + outcome.standardError).contains("root:x:0"), "\(link): \(outcome)")
            }
        }
    }

    @Test func filesOfThisMachineCannotBeLinkedIn() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try fixture.write("secret/file", "of this machine")
            try fixture.makeDirectory("task")
            try fixture.makeDirectory("layer")
            try fixture.makeLink("task/absolute", to: fixture.path("secret"))
            try fixture.makeLink("task/relative", to: "../secret")
            try fixture.makeLink("layer/bin", to: "/")
            try fixture.makeLink("layer/lib", to: fixture.path("secret"))
            try fixture.makeLink("layer/etc", to: "../../../../../../etc")
            let seen = try await fixture.probe(
                "",
                #"""
                const char *paths[] = {"/var/task/absolute/file", "/var/task/relative/file", "/opt/lib/file", "/opt/etc/shadow",
                    "/opt/bin\#(fixture.path("secret"))/file", "/opt/bin/home"};
                for (int i = 0; i < 6; i++) TRY(paths[i], opens(paths[i], O_RDONLY));
                struct stat own, linked;
                stat("/", &own);
                stat("/opt/bin", &linked);
                say("root", "%d", own.st_dev == linked.st_dev && own.st_ino == linked.st_ino);
                """#,
                ["--layer", "layer"]
            )
            #expect(seen["root"] == "1")
            #expect(seen.count == 7)
            for (name, result) in seen where name != "root" { #expect(result == "ENOENT", "\(name)") }
        }
    }

    /// What lies there is not started, nor even known by name.
    @Test func aLayersExtensionsThatPointOutAreNone() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try await fixture.writeEchoFunction()
            try await fixture.writeExecutable("outside/foreign-agent", Array("#!/bin/sh\necho started\n".utf8))
            try fixture.makeDirectory("layer")
            try fixture.makeLink("layer/extensions", to: fixture.path("outside"))
            let outcome = try await fixture.invokeCode(event: "7", ["--layer", "layer"])
            #expect(outcome.text == "7\n", "\(outcome)")
            #expect(!outcome.standardError.contains("foreign-agent"), "\(outcome)")
        }
    }

    /// A link of a layer to a directory of its own is as good as the directory.
    @Test(Prerequisite.python) func aLayersExtensionsMayBeALinkWithinIt() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try await fixture.writeEchoFunction()
            let script = ExtensionScript.source(
                "register()\nprint(\"hello\", flush=True)\nwhile next_event()[\"eventType\"] != \"SHUTDOWN\": pass"
            )
            try await fixture.writeExecutable("layer/agents/agent", Array(script.utf8))
            try fixture.makeLink("layer/extensions", to: "agents")
            let outcome = try await fixture.invokeCode(event: "7", ["--layer", "layer"])
            #expect(outcome.text == "7\n", "\(outcome)")
            #expect(outcome.log.lines.contains("hello"), "\(outcome)")
        }
    }
}
