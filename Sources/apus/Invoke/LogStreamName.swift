import ExecutionEnvironment

/// Names of log streams, one for each environment: `2026/11/23/[$LATEST]` and 32 hexadecimal digits.
enum LogStreamName {
    static func make(epochMilliseconds: Int64) -> String {
        let date = WallClock.iso8601(epochMilliseconds: epochMilliseconds).prefix(10)
        let day = date.map { $0 == "-" ? "/" : String($0) }.joined()
        let digits = (0..<32).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        return "\(day)/[$LATEST]\(digits)"
    }
}
