import NIOHTTP1
import Testing

@testable import InvokeAPI

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The table of operations in docs/lambda-api.md says what the code does.
struct DocumentedOperationsTests {
    private static func rows() throws -> [String: (request: String, state: String)] {
        let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/")
        let text = try String(contentsOfFile: repository + "/docs/lambda-api.md", encoding: .utf8)
        let table = try #require(text.split(separator: "## Operations\n", maxSplits: 1).last)
        var result: [String: (String, String)] = [:]
        for line in table.split(separator: "\n") where line.hasPrefix("| ") && line.contains("`") {
            let cells = line.split(separator: "|").map {
                String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            try #require(cells.count == 3, "\(line)")
            result[cells[0]] = (cells[1], cells[2])
        }
        return result
    }

    @Test func everyOperationIsThereAsItIs() throws {
        let rows = try Self.rows()
        #expect(rows.count == LambdaOperation.all.count)
        for operation in LambdaOperation.all {
            let row = try #require(rows[operation.name], "\(operation.name)")
            let query = operation.query.map { "?" + $0 } ?? ""
            #expect(row.request == "`\(operation.method.rawValue) \(operation.path)\(query)`")
            let isServed = ControlOperation.all[operation.name] != nil || operation.name.hasPrefix("Invoke")
            #expect(row.state.hasPrefix("works") == isServed, "\(operation.name)")
            #expect(isServed || ["501", "planned"].contains(row.state), "\(operation.name)")
        }
    }
}
