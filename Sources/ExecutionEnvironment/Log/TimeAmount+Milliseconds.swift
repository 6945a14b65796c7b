import NIOCore

extension TimeAmount {
    /// In milliseconds with some decimals, rounded half up, without Foundation's formatting. Less than nothing is 0.
    ///
    /// - Parameter decimals: 1 to 6.
    func milliseconds(decimals: Int) -> String {
        var unit: Int64 = 1
        for _ in 0..<decimals { unit *= 10 }
        let nanoseconds = 1_000_000 / unit
        let units = (max(0, self.nanoseconds) + nanoseconds / 2) / nanoseconds
        let fraction = String(units % unit)
        return "\(units / unit).\(String(repeating: "0", count: decimals - fraction.utf8.count))\(fraction)"
    }
}
