import NIOHTTP1
import Testing

@testable import HTTPServer

struct RouteTableTests {
    private let table = RouteTable<String>([
        .init(.GET, "/v1/item/next", "next"),
        .init(.POST, "/v1/item/{id}/response", "response"),
        .init(.GET, "/v1/item/{id}", "get"),
        .init(nil, "/v1/any", "any"),
        .init(.PUT, "/v1/{a}/{b}/end", "two"),
    ])

    private func describe(_ method: HTTPMethod, _ target: String) -> String {
        switch table.match(method: method, target: target) {
        case .found(let operation, let parameters): ([operation] + parameters).joined(separator: " ")
        case .methodNotAllowed: "405"
        case .notFound: "404"
        }
    }

    @Test(arguments: [
        ("GET", "/v1/item/next", "next"),
        ("GET", "/v1/item/next?x=/y", "next"),
        ("POST", "/v1/item/7/response", "response 7"),
        ("POST", "/v1/item/a%2Fb%20c/response?q", "response a/b c"),
        ("GET", "/v1/item/other", "get other"),
        ("DELETE", "/v1/any", "any"),
        ("PUT", "/v1/x/y/end", "two x y"),
        ("POST", "/v1/item/next", "405"),
        ("GET", "/v1/item/7/response", "405"),
        ("POST", "/v1/item//response", "404"),
        ("GET", "/v1/item/", "404"),
        ("GET", "/v1/item/next/", "404"),
        ("GET", "//v1/item/next", "404"),
        ("GET", "/v1/ITEM/next", "404"),
        ("GET", "/v2/item/next", "404"),
        ("GET", "/v1", "404"),
        ("GET", "/", "404"),
        ("GET", "", "404"),
        ("GET", "*", "404"),
        ("GET", "?", "404"),
    ])
    func matches(method: String, target: String, expected: String) {
        #expect(describe(HTTPMethod(rawValue: method), target) == expected)
    }
}
