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

    private func stored(_ name: String, _ records: FunctionRecords) throws -> StoredFunction? {
        try records.read { try $0.function(named: name) }
    }

    @Test func whatIsSavedIsThere() throws {
        try withRecords { records in
            let saved = try function("f")
            try records.write { try $0.save(saved) }
            #expect(try stored("f", records) == saved)
            #expect(try stored("F", records) == nil)
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
            #expect(try stored("f", records) == changed)
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
            #expect(try stored("f", records) == fresh)
            #expect(try stored("g", records) == other)
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
            let names = try records.read { try $0.functionNames() }
            #expect(names == [])
        }
    }

    @Test func namesAreSorted() throws {
        try withRecords { records in
            try records.write { transaction in
                for name in ["b", "a-b", "a", "B"] { try transaction.save(function(name)) }
            }
            let all = try records.read { try $0.functionNames() }
            #expect(all == ["B", "a", "a-b", "b"])
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
            let saved = try records.read { try $0.layer(named: "l") }
            #expect(saved == layer)
            layer.versions = [:]
            try records.write { try $0.save(layer) }
            let left = try records.read { try $0.layer(named: "l") }
            #expect(left?.nextVersion == 4)
        }
    }
}
