import Foundation

/// A directory for one test with a witness beside the place where archives unpack: whatever escapes shows up in `snapshot`.
final class Workspace {
    let path: String
    let target: String

    init() throws {
        path = NSTemporaryDirectory() + "archive tests é " + UUID().uuidString
        target = path + "/outside/root"
        try FileManager.default.createDirectory(atPath: path + "/outside", withIntermediateDirectories: true)
        try Data("witness".utf8).write(to: URL(fileURLWithPath: path + "/outside/witness"))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func zip(_ fixture: ZipFixture) throws -> String { try zip(bytes: fixture.bytes) }

    func zip(bytes: [UInt8]) throws -> String {
        let file = path + "/function.zip"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// All that lies beside the target directory, with contents.
    func outside() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path + "/outside")
            .filter { $0 != "root" && !$0.hasPrefix("root/") }
            .map { try $0 + "=" + String(contentsOfFile: path + "/outside/" + $0, encoding: .utf8) }
    }

    func inside() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: target).sorted()
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: target + "/" + name, encoding: .utf8) }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: target + "/" + name)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    func link(_ name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: target + "/" + name)
    }
}
