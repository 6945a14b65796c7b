import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Directory {
    /// Where a path that may not exist yet will lie: links are resolved in the part that exists.
    static func realPlace(_ path: String) -> String {
        let whole = Paths.resolve(path, from: current)
        var missing: [Substring] = []
        var place = whole
        while place != "/" {
            if let real = realPath(place) {
                return Paths.resolve(missing.reversed().joined(separator: "/"), from: real)
            }
            guard let slash = place.lastIndex(of: "/") else { break }
            missing.append(place[place.index(after: slash)...])
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        return whole
    }

    /// Bytes of the file that the path leads to.
    static func size(_ path: String) throws(ApusError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw systemError("cannot read", path, errno) }
        return Int(status.st_size)
    }
}
