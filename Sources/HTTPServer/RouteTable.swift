package import NIOHTTP1

/// Routes as data: method and path template → operation.
///
/// A template is a path whose segments in braces stand for exactly one non-empty segment each:
/// `/2018-06-01/runtime/invocation/{id}/response`.
package struct RouteTable<Operation: Sendable>: Sendable {
    package struct Route: Sendable {
        fileprivate let method: HTTPMethod?
        fileprivate let segments: [Segment]
        fileprivate let operation: Operation

        /// `method` `nil` means any method.
        package init(_ method: HTTPMethod?, _ template: String, _ operation: Operation) {
            self.method = method
            self.segments = template.utf8.split(separator: UInt8(ascii: "/")).map { segment in
                segment.first == UInt8(ascii: "{") ? .parameter : .literal(Array(segment))
            }
            self.operation = operation
        }
    }

    package enum Match {
        /// The operation, and the values of the template's parameters in order, percent-decoded.
        case found(Operation, parameters: [String])
        /// The path exists, but not with this method.
        case methodNotAllowed
        case notFound
    }

    fileprivate enum Segment: Sendable {
        case literal([UInt8])
        case parameter
    }

    private let routes: [Route]

    package init(_ routes: [Route]) {
        self.routes = routes
    }

    /// Matches a request target in origin form; a query is left aside.
    package func match(method: HTTPMethod, target: String) -> Match {
        var target = target
        var pathExists = false
        for route in routes {
            let ranges = target.withUTF8 { Self.parameterRanges(of: $0, in: route.segments) }
            guard let ranges else { continue }
            pathExists = true
            guard route.method == nil || route.method == method else { continue }
            let parameters = ranges.map { range in target.withUTF8 { PercentEncoding.decode($0[range]) } }
            return .found(route.operation, parameters: parameters)
        }
        return pathExists ? .methodNotAllowed : .notFound
    }

    /// The parts of `target` that stand where the template has parameters; `nil` when the path is another.
    private static func parameterRanges(
        of target: UnsafeBufferPointer<UInt8>,
        in segments: [Segment]
    ) -> [Range<Int>]? {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        var offset = 0
        var ranges: [Range<Int>] = []
        for segment in segments {
            guard offset < end, target[offset] == UInt8(ascii: "/") else { return nil }
            let start = offset + 1
            offset = start
            while offset < end, target[offset] != UInt8(ascii: "/") { offset += 1 }
            switch segment {
            case .literal(let bytes):
                guard target[start..<offset].elementsEqual(bytes) else { return nil }
            case .parameter:
                guard start < offset else { return nil }
                ranges.append(start..<offset)
            }
        }
        return offset == end ? ranges : nil
    }
}
