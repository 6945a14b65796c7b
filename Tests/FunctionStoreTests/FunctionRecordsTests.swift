import LambdaModel
import Testing

@testable import FunctionStore

struct FunctionRecordsTests {
    private func withRecords(_ body: (FunctionRecords) throws -> Void) throws {
        try TemporaryDirectory.with { path in
            try body(FunctionRecords(StoreDatabase(in: StateDirectory(path: path + "/state"))))
        }
    }

    private func version(_ number: Int? = nil, _ settings: String = #"{"Timeout":3}"#) throws -> StoredVersion {
        StoredVersion(
            number: number,
            settings: try JSONValue(json: Array(settings.utf8)),
            code: .archive(sha256: "aa\(number ?? 0)", size: 7),
            layers: [.init(arn: "arn:layer", sha256: "bb", size: 9)],
            lastModified: 1_790_000_000_000,
            revisionID: "revision-\(number ?? 0)"
        )
    }

    private func function(_ name: String) throws -> StoredFunction {
        var function = StoredFunction(name: name, latest: try version())
        function.published = [1: try version(1), 12: try version(12, "{}")]
        function.nextVersion = 13
        function.reservedConcurrency = 4
        function[.alias, "live"] = .members(["FunctionVersion": .string("12")])
        function[.tags, ""] = .members(["ä\u{2028}": .string("\"\\")])
        return function
    }

    @Test func whatIsSavedIsThere() throws {
        try withRecords { records in
            let saved = try function("f")
            try records.write { try $0.save(saved) }
            #expect(try records.read { try $0.function(named: "f") } == saved)
            #expect(try records.read { try $0.function(named: "F") } == nil)
        }
    }

    @Test func aChangeReplacesAndRemoves() throws {
        try withRecords { records in
            var changed = try function("f")
            try records.write { try $0.save(changed) }
            changed.published[1] = nil
            changed[.alias, "live"] = nil
            changed[.url, "x"] = .object([])
            changed.reservedConcurrency = nil
            changed.latest.code = .path("/tmp")
            try records.write { try $0.save(changed) }
            #expect(try records.read { try $0.function(named: "f") } == changed)
        }
    }

    /// Deleting takes along all that hangs on the function; its name is as good as new.
    @Test func nothingIsLeftOfADeletedFunction() throws {
        try withRecords { records in
            let other = try function("g")
            try records.write { transaction in
                try transaction.save(function("f"))
                try transaction.save(other)
                try transaction.deleteFunction(named: "f")
            }
            let fresh = StoredFunction(name: "f", latest: try version())
            try records.write { try $0.save(fresh) }
            #expect(try records.read { try $0.function(named: "f") } == fresh)
            #expect(try records.read { try $0.function(named: "g") } == other)
        }
    }

    @Test func aTransactionThatFailsHasNotHappened() throws {
        struct Failure: Error {}
        try withRecords { records in
            #expect(throws: Failure.self) {
                try records.write { transaction in
                    try transaction.save(function("f"))
                    throw Failure()
                }
            }
            #expect(try records.read { try $0.functionNames() } == [])
        }
    }

    @Test func namesAreSortedAndPaged() throws {
        try withRecords { records in
            try records.write { transaction in
                for name in ["b", "a-b", "a", "B"] { try transaction.save(function(name)) }
            }
            #expect(try records.read { try $0.functionNames() } == ["B", "a", "a-b", "b"])
            #expect(try records.read { try $0.functionNames(after: "a", limit: 1) } == ["a-b"])
        }
    }

    /// The archives of all versions, of the layers they use and of the layers that are there.
    @Test func archivesInUse() throws {
        try withRecords { records in
            var layer = StoredLayer(name: "l")
            layer.versions[1] = .init(settings: .object([]), sha256: "cc", size: 3, created: 1)
            try records.write { transaction in
                try transaction.save(function("f"))
                try transaction.save(layer)
            }
            let archives = try records.read { try $0.archives() }
            #expect(archives == ["aa0": 7, "aa1": 7, "aa12": 7, "bb": 9, "cc": 3])
        }
    }

    @Test func layersKeepTheirNumbers() throws {
        try withRecords { records in
            var layer = StoredLayer(name: "l")
            layer.versions[3] = .init(
                settings: .members(["LicenseInfo": .string("MIT")]),
                sha256: "cc",
                size: 3,
                created: 1
            )
            layer.nextVersion = 4
            try records.write { try $0.save(layer) }
            #expect(try records.read { try $0.layer(named: "l") } == layer)
            layer.versions = [:]
            try records.write { try $0.save(layer) }
            #expect(try records.read { try $0.layer(named: "l") }?.nextVersion == 4)
        }
    }
}
