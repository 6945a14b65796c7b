#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// libarchive reads and writes names in the character set of the locale, and a program that never calls `setlocale` has
/// plain ASCII. This gives the calling thread UTF-8 while `body` runs, and leaves the rest of the process alone.
func withUTF8Locale<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    #if canImport(Darwin)
    let mask = LC_CTYPE_MASK
    let name = "UTF-8"
    #else
    let mask = CInt(1) << CInt(LC_CTYPE)
    let name = "C.UTF-8"
    #endif
    guard let locale = newlocale(mask, name, nil) else { return try body() }
    let previous = uselocale(locale)
    defer {
        uselocale(previous)
        freelocale(locale)
    }
    return try body()
}
