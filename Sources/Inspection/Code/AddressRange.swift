extension Range<UInt64> {
    /// The addresses of `size` bytes from `start`; `nil` for none, and for a range that would reach beyond the address space.
    init?(addressesFrom start: UInt64, size: UInt64) {
        let (end, overflow) = start.addingReportingOverflow(size)
        guard !overflow, size > 0 else { return nil }
        self = start..<end
    }
}
