import Testing

@testable import ExecutionEnvironment

struct WallClockTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1, "1970-01-01T00:00:00.001Z"),
            (86_399_999, "1970-01-01T23:59:59.999Z"),
            (68_169_600_000, "1972-02-29T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (978_307_199_999, "2000-12-31T23:59:59.999Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
            (1_740_787_200_000, "2025-03-01T00:00:00.000Z"),
            (4_107_456_000_000, "2100-02-28T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func iso8601(epochMilliseconds: Int64, expected: String) {
        #expect(WallClock.iso8601(epochMilliseconds: epochMilliseconds) == expected)
    }

    @Test func noDateTraps() {
        for time in [-1, Int64.min, .max] { #expect(!WallClock.iso8601(epochMilliseconds: time).isEmpty) }
    }

    @Test func everyDayOfACenturyFollowsTheOneBefore() {
        var previous = WallClock.civil(daysSinceEpoch: 0)
        for day in Int64(1)...36_525 {
            let date = WallClock.civil(daysSinceEpoch: day)
            let sameMonth = date.year == previous.year && date.month == previous.month && date.day == previous.day + 1
            let nextMonth = date.year == previous.year && date.month == previous.month + 1 && date.day == 1
            let nextYear = date.year == previous.year + 1 && date.month == 1 && date.day == 1 && previous.day == 31
            #expect(sameMonth || (nextMonth && previous.day >= 28) || nextYear, "day \(day)")
            previous = date
        }
    }

    @Test func theClockIsThisCenturys() {
        #expect(WallClock.epochMilliseconds() > 1_700_000_000_000)
    }
}
