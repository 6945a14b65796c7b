import Glibc
import Testing

@testable import Inspection

/// A package of more files than Lambda takes is looked at only so far.
@Suite struct PackageLimitTests {
    private static func shown(_ package: PackageDirectory, _ limit: Int) -> PackageSearch {
        PackageSearch(
            roots: [PackageContents.Root(path: package.path, lambdaPath: "/var/task")],
            maximumEntries: limit
        )
    }

    @Test func stopsAfterSoManyFiles() throws {
        let package = try PackageDirectory()
        for directory in 0..<3 {
            for file in 0..<10 { try package.write("d\(directory)/f\(file)", MinimalELF().bytes) }
        }
        let whole = Self.shown(package, 33)
        #expect(whole.artifacts.count == 30 && whole.omissions.isEmpty)
        // Ten of the first directory, two directories, three of the second.
        let part = Self.shown(package, 15)
        #expect(part.artifacts.count == 13)
        #expect(part.omissions == ["not everything was looked at: more than 15 files or 64 levels"])
    }
}
