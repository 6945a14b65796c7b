internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Keeps a directory of entries small: removes the oldest when there are too many.
struct CacheSweep {
    let directory: String
    let maximumEntries: Int

    func run() {
        let names = self.names()
        guard names.count > maximumEntries else { return }
        // A quarter at once, so that it is not swept at every entry.
        let aged = names.map { (name: $0, time: time(of: $0)) }.sorted { $0.time < $1.time }
        for entry in aged.prefix(names.count - maximumEntries * 3 / 4) { unlink(directory + "/" + entry.name) }
    }

    private func names() -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var result: [String] = []
        while let entry = readdir(stream) {
            let name = String(cString: entry.entryName)
            if ["content-", "findings-", "stamp-", "new-"].contains(where: name.hasPrefix) { result.append(name) }
        }
        return result
    }

    private func time(of name: String) -> Int {
        var status = stat()
        guard lstat(directory + "/" + name, &status) == 0 else { return 0 }
        #if canImport(Darwin)
        return Int(status.st_mtimespec.tv_sec)
        #else
        return Int(status.st_mtim.tv_sec)
        #endif
    }
}
