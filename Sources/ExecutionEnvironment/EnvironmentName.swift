package import LambdaModel

/// Names of single environments, in the form of Lambda's: a day, a function and 32 hexadecimal digits.
package enum EnvironmentName {
    /// Of the log stream: `2026/11/23/[$LATEST]` and the digits.
    package static func logStream(of function: FunctionConfiguration, epochMilliseconds: Int64) -> String {
        make(day: epochMilliseconds, name: "", version: function.version)
    }

    /// In telemetry: `2026/11/23/name[$LATEST]` and the digits.
    static func instance(of function: FunctionConfiguration, epochMilliseconds: Int64) -> String {
        make(day: epochMilliseconds, name: function.name, version: function.version)
    }

    private static func make(day epochMilliseconds: Int64, name: String, version: String) -> String {
        let date = WallClock.iso8601(epochMilliseconds: epochMilliseconds).prefix(10)
        let day = date.map { $0 == "-" ? "/" : String($0) }.joined()
        let digits = RequestIdentifier.random().filter { $0 != "-" }
        return "\(day)/\(name)[\(version)]\(digits)"
    }
}
