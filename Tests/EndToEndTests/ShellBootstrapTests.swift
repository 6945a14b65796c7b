import Testing

/// Bootstraps in shell as tutorials have people write them: `#!/bin/sh`, which on Lambda is bash and on Debian dash.
@Suite(.serialized, Prerequisite.curl, Prerequisite.program("bash")) struct ShellBootstrapTests {
    private static func bootstrap(shebang: String) -> String {
        #"""
        \#(shebang)
        set -euo pipefail
        source "$LAMBDA_TASK_ROOT/$(echo "$_HANDLER" | cut -d. -f1).sh"
        while true
        do
          HEADERS="$(mktemp)"
          EVENT=$(curl -sS -LD "$HEADERS" "http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next")
          ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
          rm "$HEADERS"
          RESPONSE=$($(echo "$_HANDLER" | cut -d. -f2) "$EVENT")
          curl -sS "http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/$ID/response" -d "$RESPONSE"
        done
        """#
    }

    @Test(arguments: ["#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#! /bin/sh -e"])
    func theTutorialsBootstrapRunsUnchanged(shebang: String) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(script: Self.bootstrap(shebang: shebang))
            try fixture.write("task/app.sh", "handler() { echo \"Echoing request: '$1'\"; }\n")
            let outcome = try await fixture.invokeCode(event: #"{"a": 1}"#)
            #expect(outcome.text == "Echoing request: '{\"a\": 1}'\n", "\(outcome)")
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    /// What the function writes is part of its log, on standard error, between START and END.
    @Test func outputOfTheFunctionIsLog() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(script: Self.bootstrap(shebang: "#!/bin/sh"))
            try fixture.write(
                "task/app.sh",
                "handler() { echo to-stderr >&2; echo answer; }\necho to-stdout\n"
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "answer\n", "\(outcome)")
            let lines = outcome.log.lines
            #expect(lines.contains("to-stdout"), "\(outcome)")
            let start = try #require(lines.firstIndex { $0.hasPrefix("START ") })
            let end = try #require(lines.firstIndex { $0.hasPrefix("END ") })
            let written = try #require(lines.firstIndex(of: "to-stderr"))
            #expect(start < written && written < end, "\(outcome)")
        }
    }
}
