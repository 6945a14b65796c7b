import NIOHTTP1
import Testing

@testable import InvokeAPI

struct LambdaRoutesTests {
    private static func name(_ method: HTTPMethod, _ target: String) -> String? {
        LambdaRoutes.match(HTTPRequestHead(version: .http1_1, method: method, uri: target))?.operation.name
    }

    @Test func everyOperationIsFoundByItsOwnPath() {
        for operation in LambdaOperation.all {
            var target = operation.path.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
                .joined(separator: "/")
            target = "/" + target + (operation.query.map { "?" + $0 } ?? "")
            #expect(Self.name(operation.method, target) == operation.name, "\(operation)")
        }
        #expect(LambdaOperation.all.count >= 85)
        #expect(Set(LambdaOperation.all.map(\.name)).count == LambdaOperation.all.count)
    }

    @Test(arguments: [
        ("/2015-03-31/functions", "ListFunctions"), ("/2015-03-31/functions/", "ListFunctions"),
        ("/2015-03-31/functions?MaxItems=1", "ListFunctions"),
        ("/2018-10-31/layers?find=LayerVersion", "GetLayerVersionByArn"),
        ("/2018-10-31/layers?x=1&find=LayerVersion&Arn=a", "GetLayerVersionByArn"),
        ("/2018-10-31/layers", "ListLayers"),
    ])
    func pathsAndQueries(target: String, name: String) {
        #expect(Self.name(.GET, target) == name)
    }

    @Test(arguments: [
        "/", "/2015-03-31", "/2015-03-31/functions/a/b/c", "//", "/2015-03-31/functions//invocations", "",
    ])
    func noOperation(target: String) {
        #expect(Self.name(.GET, target) == nil)
        #expect(Self.name(.POST, target) == nil)
    }
}
