import Testing

@testable import SourceWatch

struct DebounceTests {
    @Test func oneForABurst() {
        var debounce = Debounce()
        #expect(debounce.deadline == nil)
        var isOver = debounce.isOver(at: 0)
        #expect(!isOver)
        for time in stride(from: Int64(0), through: 200, by: 20) {
            debounce.changed(at: time)
            let isOver = debounce.isOver(at: time + 19)
            #expect(!isOver)
        }
        #expect(debounce.deadline == 250)
        isOver = debounce.isOver(at: 250)
        #expect(isOver)
        isOver = debounce.isOver(at: 251)
        #expect(!isOver)
        #expect(debounce.deadline == nil)
    }

    /// Whoever writes all the time does not keep everybody waiting.
    @Test func aBurstHasAnEnd() {
        var debounce = Debounce()
        var over: Int64?
        for time in stride(from: Int64(0), through: 3_000, by: 30) where over == nil {
            debounce.changed(at: time)
            if debounce.isOver(at: time) { over = time }
        }
        #expect(over == 1_020)
    }
}
