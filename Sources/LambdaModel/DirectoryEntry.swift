#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension UnsafeMutablePointer<dirent> {
    /// What `readdir` has read, which ends with a zero and may be any bytes; until it reads the next. The entry is not copied: it is
    /// shorter than its type says.
    package var entryName: UnsafePointer<CChar> {
        let name = UnsafeRawPointer(self).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
        return name.assumingMemoryBound(to: CChar.self)
    }
}
