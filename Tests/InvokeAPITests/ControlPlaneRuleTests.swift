import FunctionStore
import LambdaModel
import Testing

@testable import InvokeAPI

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Rules of the control plane that a client hardly sees, and those that need a store in a certain state.
struct ControlPlaneRuleTests {
    @Test func everyOperationHasAPath() {
        let paths = Dictionary(uniqueKeysWithValues: LambdaOperation.all.map { ($0.name, $0) })
        for (name, operation) in ControlOperation.all {
            let inPath = operation.input.filter { $0.place == .path }.map(\.name)
            let known = paths[name]?.parameterNames
            #expect(known.map(Set.init) == Set(inPath), "\(name)")
        }
    }

    /// A caller that deletes what it has been told still sees the rest.
    @Test func pagesGoOnAfterDeletions() throws {
        let plane = try TestPlane()
        let names = (0..<5).map { "f\($0)" }
        for name in names { try plane.create(name) }
        var seen: [String] = []
        var marker: String?
        repeat {
            let query = "MaxItems=2" + (marker.map { "&Marker=\($0.replacing("=", with: "%3D"))" } ?? "")
            let page = try plane.answer("ListFunctions", query: query)
            let found = (page["Functions"]?.arrayValue ?? []).compactMap { $0["FunctionName"]?.stringValue }
            for name in found { _ = try plane.perform("DeleteFunction", ["FunctionName": name]) }
            seen += found
            marker = page["NextMarker"]?.stringValue
        } while marker != nil
        #expect(seen == names)
    }

    @Test func versionsAreListedByTheirNumbers() throws {
        let plane = try TestPlane()
        try plane.create("f")
        for number in 1...11 {
            _ = try plane.perform(
                "UpdateFunctionConfiguration",
                ["FunctionName": "f"],
                body: #"{"Description": "\#(number)"}"#
            )
            _ = try plane.perform("PublishVersion", ["FunctionName": "f"])
        }
        let first = try plane.answer("ListVersionsByFunction", ["FunctionName": "f"], query: "MaxItems=10")
        let versions = { (page: JSONValue) in
            (page["Versions"]?.arrayValue ?? []).compactMap { $0["Version"]?.stringValue }
        }
        #expect(versions(first) == ["$LATEST"] + (1...9).map(String.init))
        let marker = try #require(first["NextMarker"]?.stringValue).replacing("=", with: "%3D")
        let rest = try plane.answer("ListVersionsByFunction", ["FunctionName": "f"], query: "Marker=\(marker)")
        #expect(versions(rest) == ["10", "11"])
        #expect(rest["NextMarker"] == nil)
    }

    /// Lambda publishes nothing where nothing has changed; a description that the version alone has is no change.
    @Test func anUnchangedFunctionHasNoNewVersion() throws {
        let plane = try TestPlane()
        try plane.create("f", "one", #", "Description": "own""#)
        let version = { (body: String) in
            try plane.answer("PublishVersion", ["FunctionName": "f"], body: body)["Version"]?.stringValue
        }
        #expect(try version(#"{"Description": "of the first"}"#) == "1")
        #expect(try version("") == "1")
        #expect(try version(#"{"Description": "again"}"#) == "1")
        let one = try plane.answer("GetFunctionConfiguration", ["FunctionName": "f"], query: "Qualifier=1")
        #expect(one["Description"]?.stringValue == "of the first")
        _ = try plane.perform("UpdateFunctionConfiguration", ["FunctionName": "f"], body: #"{"Description": "new"}"#)
        #expect(try version("") == "2")
        _ = try plane.perform("UpdateFunctionConfiguration", ["FunctionName": "f"], body: #"{"Timeout": 9}"#)
        #expect(try version("") == "3")
    }

    /// What a version runs is what was published, whatever comes after it.
    @Test func aVersionKeepsItsCode() throws {
        let plane = try TestPlane()
        let directory = try plane.directory("first")
        _ = try plane.answer(
            "CreateFunction",
            body: """
                {"FunctionName": "f", "Runtime": "provided.al2023", "Handler": "app",
                 "Role": "arn:aws:iam::123456789012:role/r", "Code": {"S3Bucket": "file", "S3Key": "\(directory)"}}
                """
        )
        let sha = { (qualifier: String) in
            try plane.answer("GetFunctionConfiguration", ["FunctionName": "f"], query: "Qualifier=\(qualifier)")[
                "CodeSha256"
            ]?.stringValue
        }
        let before = try sha("%24LATEST")
        _ = try plane.perform("PublishVersion", ["FunctionName": "f"])
        let published = try sha("1")
        try "second".appended(to: directory + "/bootstrap")
        #expect(try sha("1") == published)
        #expect(try sha("%24LATEST") != before)
        #expect(try plane.answer("PublishVersion", ["FunctionName": "f"])["Version"]?.stringValue == "2")
    }

    @Test func aDryRunChangesNothing() throws {
        let plane = try TestPlane()
        let made = try plane.create("f", "one")
        try plane.create("other", "two")
        let body = #"{"S3Bucket": "file", "S3Key": "\#(plane.path)/other.zip", "DryRun": true}"#
        let answer = try plane.perform("UpdateFunctionCode", ["FunctionName": "f"], body: body)
        #expect(answer.body?["CodeSha256"] != made["CodeSha256"])
        #expect(answer.changes.isEmpty)
        #expect(try plane.answer("GetFunctionConfiguration", ["FunctionName": "f"]) == made)
    }

    @Test func aChangeThatFailsLeavesNothing() throws {
        let plane = try TestPlane()
        let made = try plane.create("f")
        #expect(
            try plane.error(
                "UpdateFunctionConfiguration",
                ["FunctionName": "f"],
                body: #"{"Timeout": 9, "Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:none:1"]}"#
            ) == "InvalidParameterValueException"
        )
        #expect(try plane.answer("GetFunctionConfiguration", ["FunctionName": "f"]) == made)
    }

    @Test(arguments: [
        ("{", "InvalidRequestContentException"), ("[]", "InvalidRequestContentException"),
        (#"{"FunctionName": "f""#, "InvalidRequestContentException"),
        (#"{"FunctionName": 7}"#, "SerializationException"),
        (#"{"FunctionName": "a b"}"#, "ValidationException"),
    ])
    func badBodies(body: String, type: String) throws {
        #expect(try TestPlane().error("CreateFunction", body: body) == type)
    }

    @Test(arguments: ["%%%", "AAAA%FF", "bm8gc3VjaA"])
    func markersOfOthers(marker: String) throws {
        let plane = try TestPlane()
        try plane.create("f")
        let type = try plane.error("ListFunctions", query: "Marker=" + marker)
        #expect(["", "InvalidParameterValueException"].contains(type))
    }

    @Test func reservedConcurrencyLeavesTheOthersTheirPart() throws {
        let plane = try TestPlane()
        try plane.create("f")
        let put = { (count: Int) in
            try plane.error(
                "PutFunctionConcurrency",
                ["FunctionName": "f"],
                body: #"{"ReservedConcurrentExecutions": \#(count)}"#
            )
        }
        #expect(try put(901) == "InvalidParameterValueException")
        #expect(try put(900) == "")
        let limits = try plane.answer("GetAccountSettings")["AccountLimit"]
        #expect(limits?["UnreservedConcurrentExecutions"]?.intValue == 100)
        #expect(try put(0) == "")
    }

    @Test func aPolicyHasAnEnd() throws {
        let plane = try TestPlane()
        try plane.create("f")
        var added = 0
        var type = ""
        while type.isEmpty, added < 1_000 {
            type = try plane.error(
                "AddPermission",
                ["FunctionName": "f"],
                body: """
                    {"StatementId": "s\(added)", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
                     "SourceArn": "arn:aws:s3:::\(String(repeating: "b", count: 200))"}
                    """
            )
            if type.isEmpty { added += 1 }
        }
        #expect(type == "PolicyLengthExceededException")
        #expect((20...100).contains(added))
        let policy = try #require(try plane.answer("GetPolicy", ["FunctionName": "f"])["Policy"]?.stringValue)
        #expect(policy.utf8.count <= 20_480)
        #expect(try JSONValue(json: Array(policy.utf8))["Statement"]?.arrayValue?.count == added)
    }
}

extension String {
    fileprivate func appended(to path: String) throws {
        let file = try #require(fopen(path, "a"))
        fputs(self, file)
        fclose(file)
    }
}
