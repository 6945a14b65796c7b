import LambdaModel

/// The name of one environment in telemetry, in the form of Lambda's: `2026/11/23/name[$LATEST]` and 32 hexadecimal
/// digits.
enum InstanceIdentifier {
    static func make(for function: FunctionConfiguration, epochMilliseconds: Int64) -> String {
        let day = WallClock.iso8601(epochMilliseconds: epochMilliseconds).prefix(10)
            .map { $0 == "-" ? "/" : String($0) }.joined()
        let digits = RequestIdentifier.random().filter { $0 != "-" }
        return "\(day)/\(function.name)[\(function.version)]\(digits)"
    }
}
