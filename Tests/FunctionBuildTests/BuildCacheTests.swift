import Foundation
import FunctionBuild
import LambdaModel
import Testing

@Suite struct BuildCacheTests {
    /// A project whose build counts its runs in a file beside the sources.
    private func counting() throws -> Project {
        let project = try Project()
        try project.write("src/main", "one")
        try project.write("src/lib/x", "x")
        try project.link("src/link", to: "main")
        try project.write(
            "src/Makefile",
            "build-Hello:\n\techo >> \"$(COUNT)\"\n\tcp main lib/x \"$(ARTIFACTS_DIR)/\"\n"
        )
        return project
    }

    private func request(_ project: Project) -> BuildRequest {
        var request = project.request(method: .makefile)
        request.environment = ["COUNT": project.path + "/count"]
        return request
    }

    private func runs(_ project: Project) -> Int {
        ((try? project.read("count")) ?? "").count
    }

    @Test func nothingChangedNothingDone() async throws {
        let project = try counting()
        for _ in 0..<3 { try await project.build(request(project)) }
        #expect(runs(project) == 1)
        #expect(project.events().suffix(2) == [.cached(logicalID: "Hello"), .cached(logicalID: "Hello")])
    }

    enum Change: String, CaseIterable {
        case content, sameSize, mode, newFile, removedFile, linkTarget, emptyDirectory, makefile
        case architecture, ownVariable, toolVariable, targetCPU
        case artifactContent, artifactExtraFile, artifactRemoved, artifactMode, record, noCache
    }

    @Test(arguments: Change.allCases) func aChangeBuildsAgain(_ change: Change) async throws {
        let project = try counting()
        try await project.build(request(project))
        var request = request(project)
        var builder = project.builder()
        switch change {
        case .content: try project.write("src/main", "changed")
        case .sameSize: try project.write("src/main", "two")
        case .mode: try project.write("src/main", "one", mode: 0o755)
        case .newFile: try project.write("src/new", "")
        case .removedFile: try project.remove("src/link")
        case .linkTarget:
            try project.remove("src/link")
            try project.link("src/link", to: "lib/x")
        case .emptyDirectory:
            try FileManager.default.createDirectory(
                atPath: project.path + "/src/empty",
                withIntermediateDirectories: false
            )
        case .makefile: try project.write("src/Makefile", project.read("src/Makefile") + "# changed\n")
        case .architecture: request.architecture = .arm64
        case .ownVariable: request.environment["OTHER"] = "1"
        case .toolVariable: builder = project.builder(environment: ["CFLAGS": "-O2"])
        case .targetCPU: request.targetCPU = "x86-64-v3"
        case .artifactContent: try project.write(".aws-sam/build/Hello/main", "other")
        case .artifactExtraFile: try project.write(".aws-sam/build/Hello/extra", "")
        case .artifactRemoved: try project.remove(".aws-sam/build/Hello")
        case .artifactMode: try project.write(".aws-sam/build/Hello/main", "one", mode: 0o700)
        case .record: try project.write(".aws-sam/apus-cache/Hello.record", "damaged")
        case .noCache: builder = project.builder(useCache: false)
        }
        #expect(try await !project.build(request, builder: builder).isCached)
        #expect(runs(project) == 2)
        #expect(try project.list(".aws-sam/build/Hello") == ["main", "x"])
        #expect(try await project.build(request, builder: change == .toolVariable ? builder : nil).isCached)
    }

    @Test func whatDoesNotMatterDoesNotBuild() async throws {
        let project = try counting()
        try await project.build(request(project))
        // The same contents, newly written.
        try project.write("src/main", "one")
        try project.write("src/.git/HEAD", "x")
        let builder = project.builder(environment: ["TERM": "dumb", "SSH_TTY": "x"])
        #expect(try await project.build(request(project), builder: builder).isCached)
        #expect(runs(project) == 1)
    }

    /// Every length of a cut record, and noise, are as good as no record.
    @Test func damagedRecordsDoNoHarm() async throws {
        let project = try Project()
        try project.write("src/a", "x")
        try await project.build(project.request())
        let path = project.path + "/.aws-sam/apus-cache/Hello.record"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            try await project.build(project.request())
            #expect(try project.list(".aws-sam/build/Hello") == ["a"])
        }
        try Data(repeating: 0, count: 5_000).write(to: URL(fileURLWithPath: path))
        #expect(try await !project.build(project.request()).isCached)
    }

    @Test func severalAtOnceInTheOrderOfTheRequests() async throws {
        let project = try Project()
        let names = (0..<9).map { "F\($0)" }
        for name in names { try project.write("\(name)/name", name) }
        let requests = names.map { project.request($0, code: $0) }
        let results = try await project.build(requests, builder: project.builder(jobs: 3))
        #expect(results.map(\.logicalID) == names)
        for name in names { #expect(try project.read(".aws-sam/build/\(name)/name") == name) }
        #expect(try await project.build(requests).allSatisfy(\.isCached))
    }

    /// Two recipes that wait for each other: they end only if they run at the same time.
    @Test(.timeLimit(.minutes(1))) func jobsRunAtTheSameTime() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            """
            build-A:
            \tmkfifo "$(MEET)" 2>/dev/null || true
            \techo a > "$(MEET)"
            \ttouch "$(ARTIFACTS_DIR)/a"
            build-B:
            \tmkfifo "$(MEET)" 2>/dev/null || true
            \tcat "$(MEET)" > "$(ARTIFACTS_DIR)/b"
            """
        )
        var requests = [project.request("A", method: .makefile), project.request("B", method: .makefile)]
        for index in requests.indices { requests[index].environment = ["MEET": project.path + "/meet"] }
        _ = try await project.build(requests, builder: project.builder(jobs: 2))
        #expect(try project.read(".aws-sam/build/B/b") == "a\n")
    }

    @Test func leftoversOfAKilledBuildAreRemoved() async throws {
        let project = try Project()
        try project.write("src/a", "x")
        try project.write(".aws-sam/build/.apus-building-Hello-abc/half", "x")
        try await project.build(project.request())
        #expect(try project.leftovers() == [])
    }

    /// Two builds of one project at the same time: one after the other.
    @Test func concurrentBuildsTakeTurns() async throws {
        let project = try counting()
        let request = request(project)
        async let first = project.build(request, builder: project.builder())
        async let second = project.build(request, builder: project.builder())
        let cached = try await [first.isCached, second.isCached]
        #expect(cached.filter { $0 }.count == 1)
        #expect(runs(project) == 1)
    }
}
