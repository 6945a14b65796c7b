import Testing

@testable import FunctionStore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite struct DestinationFilesTests {
    private func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private func lines(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test func linesFollowEachOther() throws {
        try TemporaryDirectory.with { path in
            let files = DestinationFiles(directory: path)
            try files.append(lines("1", "2"), to: "sqs-q.jsonl")
            try files.append(lines("3"), to: "sqs-q.jsonl")
            #expect(text(path + "/sqs-q.jsonl") == "1\n2\n3\n")
            #expect(TemporaryDirectory.mode(path + "/sqs-q.jsonl") == 0o600)
        }
    }

    /// A process that was killed while it wrote has left half a line.
    @Test func halfALineStaysALineOfItsOwn() throws {
        try TemporaryDirectory.with { path in
            let file = try #require(fopen(path + "/f", "w"))
            fputs("1\n{\"ha", file)
            fclose(file)
            try DestinationFiles(directory: path).append(lines("2"), to: "f")
            #expect(text(path + "/f") == "1\n{\"ha\n2\n")
        }
    }

    @Test func linksAndPipesAreRefused() {
        TemporaryDirectory.with { path in
            symlink("/tmp/apus-must-not-exist", path + "/link")
            mkfifo(path + "/pipe", 0o600)
            mkdir(path + "/directory", 0o700)
            let files = DestinationFiles(directory: path)
            for name in ["link", "pipe", "directory", "missing/file"] {
                #expect(throws: EventStoreError.self, "\(name)") { try files.append(lines("1"), to: name) }
            }
            #expect(access("/tmp/apus-must-not-exist", F_OK) != 0)
        }
    }
}
