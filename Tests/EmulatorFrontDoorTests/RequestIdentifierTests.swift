import LambdaModel
import Testing

struct RequestIdentifierTests {
    @Test func randomUUIDs() {
        let ids = (0..<10_000).map { _ in RequestIdentifier.random() }
        #expect(Set(ids).count == ids.count)
        let shape = #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
        #expect(ids.allSatisfy { $0.wholeMatch(of: shape) != nil })
    }

    @Test func traces() {
        let trace = RequestIdentifier.trace(epochMilliseconds: 0x5759_E988 * 1000)
        #expect(trace.wholeMatch(of: #/Root=1-5759e988-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0/#) != nil)
        #expect(trace != RequestIdentifier.trace(epochMilliseconds: 0x5759_E988 * 1000))
    }

    @Test(arguments: [Int64.min, -1, 0, .max])
    func aClockThatIsWrongIsNoTrap(time: Int64) {
        #expect(RequestIdentifier.trace(epochMilliseconds: time).hasPrefix("Root=1-"))
    }
}
