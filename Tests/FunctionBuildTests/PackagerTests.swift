import Archive
import Foundation
import LambdaModel
import Testing

@testable import FunctionBuild

/// Packages: their bytes, their places, and what is refused.
@Suite struct PackagerTests {
    private func makeSources(_ project: Project, _ directory: String = "src") throws {
        try project.write(directory + "/bootstrap", "#!/bin/sh\n", mode: 0o755)
        try project.write(directory + "/lib/data ü.txt", String(repeating: "swift ", count: 2_000), mode: 0o640)
        try project.link(directory + "/lib/link", to: "data ü.txt")
    }

    private func item(
        _ project: Project,
        _ logicalID: String = "Hello",
        _ path: String = "src",
        kind: PackageItem.Kind = .function,
        layers: [String] = []
    ) -> PackageItem {
        PackageItem(
            logicalID: logicalID,
            kind: kind,
            code: .directory(path: project.path + "/" + path),
            layers: layers,
            needsBootstrap: kind == .function
        )
    }

    private func packager(
        _ project: Project,
        _ format: PackageFormat = .zip,
        zipped: Int = Quotas.zippedPackageBytes,
        unpacked: Int = Quotas.unzippedPackageBytes
    ) -> Packager {
        Packager(
            output: project.path + "/out",
            format: format,
            limits: PackageLimits(zipped: zipped, unpacked: unpacked)
        )
    }

    private func failure(_ work: () throws -> [PackagedItem]) throws -> ApusError {
        try #require(throws: ApusError.self) { _ = try work() }
    }

    /// Two places, other times, files made in another order: the same bytes.
    @Test func sameCodeSameBytes() throws {
        let (one, other) = (try Project(), try Project())
        try makeSources(one)
        try other.write("src/lib/data ü.txt", String(repeating: "swift ", count: 2_000), mode: 0o640)
        try other.link("src/lib/link", to: "data ü.txt")
        try other.write("src/bootstrap", "#!/bin/sh\n", mode: 0o755)
        for name in ["src/bootstrap", "src/lib/data ü.txt", "src/lib", "src"] {
            let attributes: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)]
            try FileManager.default.setAttributes(attributes, ofItemAtPath: other.path + "/" + name)
        }
        let results = try [one, other].map { try packager($0).package([item($0)])[0] }
        let bytes = try results.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
        #expect(bytes[0] == bytes[1])
        #expect(results[0].zippedBytes == bytes[0].count)
        #expect(results[0].unpackedBytes == 12_010)
    }

    @Test(arguments: PackageFormat.allCases) func keepsModesAndLinks(_ format: PackageFormat) throws {
        let project = try Project()
        try makeSources(project)
        let result = try packager(project, format).package([item(project)])[0]
        if format == .zip { try Archive.extract(zip: result.path, to: project.path + "/unpacked") }
        let root = format == .zip ? "unpacked" : "out/Hello"
        #expect(try project.mode(root + "/bootstrap") == 0o755)
        #expect(try project.mode(root + "/lib/data ü.txt") == 0o640)
        #expect(try project.linkTarget(root + "/lib/link") == "data ü.txt")
        #expect(try project.list("out").filter { $0.hasPrefix(".") } == [])
    }

    /// A newer package takes the place of an older one, in either form.
    @Test(arguments: PackageFormat.allCases) func replaces(_ format: PackageFormat) throws {
        let project = try Project()
        try makeSources(project)
        _ = try packager(project, format).package([item(project)])
        try project.remove("src/lib")
        _ = try packager(project, format).package([item(project)])
        let names = format == .zip ? ["Hello.zip"] : ["Hello", "Hello/bootstrap"]
        #expect(try project.list("out") == names)
        if format == .zip {
            #expect(try Archive.list(zip: project.path + "/out/Hello.zip").map(\.name) == ["bootstrap"])
        }
    }

    @Test(arguments: PackageFormat.allCases) func aFileBecomesBootstrap(_ format: PackageFormat) throws {
        let project = try Project()
        try project.write("program", "#!/bin/sh\n", mode: 0o600)
        var item = item(project)
        item.code = .file(path: project.path + "/program")
        let result = try packager(project, format).package([item])[0]
        if format == .zip {
            let entries = try Archive.list(zip: result.path)
            #expect(entries.map(\.name) == ["bootstrap"])
            #expect(entries.first?.permissions == 0o755)
        } else {
            #expect(try project.mode("out/Hello/bootstrap") == 0o755)
        }
    }

    /// An archive is somebody's decision: its bytes stay.
    @Test func anArchiveIsTakenAsItIs() throws {
        let project = try Project()
        try makeSources(project)
        let zip = project.path + "/given.zip"
        try Archive.write(directory: project.path + "/src", to: zip)
        var item = item(project)
        item.code = .zip(path: zip)
        let result = try packager(project).package([item])[0]
        #expect(try Data(contentsOf: URL(fileURLWithPath: result.path)) == Data(contentsOf: URL(fileURLWithPath: zip)))
        // Also when it lies where its package goes.
        item.code = .zip(path: result.path)
        #expect(try packager(project).package([item])[0] == result)
        _ = try packager(project, .dir).package([item])
        #expect(try project.read("out/Hello/bootstrap") == "#!/bin/sh\n")
    }

    @Test func aBootstrapThatCannotBeExecutedIsAWarning() throws {
        let project = try Project()
        try project.write("src/bootstrap", "#!/bin/sh\n")
        let result = try packager(project).package([item(project)])[0]
        #expect(result.warnings.count == 1 && result.warnings[0].contains("not executable"), "\(result)")
    }

    // MARK: Refused

    @Test func nothingBuilt() throws {
        let project = try Project()
        try FileManager.default.createDirectory(atPath: project.path + "/src", withIntermediateDirectories: true)
        let empty = try failure { try packager(project).package([item(project)]) }
        #expect(empty.code == .packageNothing && empty.hint?.contains("apus build") == true, "\(empty)")
        try project.write("src/main.c", "int main;")
        let sources = try failure { try packager(project).package([item(project)]) }
        #expect(sources.code == .packageNothing && sources.message.contains("no bootstrap"), "\(sources)")
        #expect(!project.exists("out"))
    }

    @Test func tooLarge() throws {
        let project = try Project()
        try makeSources(project)
        try project.write("layer/big", String(repeating: "x", count: 5_000))
        let items = [
            item(project, layers: ["Tools"]), item(project, "Tools", "layer", kind: .layer),
        ]
        #expect(try packager(project, unpacked: 17_010).package(items).count == 2)
        let unpacked = try failure { try packager(project, unpacked: 17_009).package(items) }
        #expect(unpacked.code == .packageTooLarge, "\(unpacked)")
        #expect(
            unpacked.message.contains("Hello is too large: its code is 11.8 kB and its layers 4.9 kB"),
            "\(unpacked)"
        )
        #expect(unpacked.hint?.contains("lib/data ü.txt (11.8 kB)") == true, "\(unpacked)")
        let before = try Data(contentsOf: URL(fileURLWithPath: project.path + "/out/Hello.zip"))
        let zipped = try failure { try packager(project, zipped: 100).package(items) }
        #expect(zipped.code == .packageTooLarge && zipped.message.contains("its zip is"), "\(zipped)")
        // What was there stays, and nothing else comes.
        #expect(try Data(contentsOf: URL(fileURLWithPath: project.path + "/out/Hello.zip")) == before)
        #expect(try project.list("out") == ["Hello.zip", "Tools.zip"])
        // A directory has no zip to be too large.
        #expect(try packager(project, .dir, zipped: 100).package(items).count == 2)
    }

    @Test func outputInsideTheCode() throws {
        let project = try Project()
        try makeSources(project)
        try project.link("alias", to: "src")
        for output in ["src/out", "src", "alias/new/out"] {
            let packager = Packager(output: project.path + "/" + output, format: .zip)
            let error = try failure { try packager.package([item(project)]) }
            #expect(error.code == .packageOverlap && error.message.contains(output), "\(error)")
        }
        let template = project.path + "/src/packaged.yaml"
        let error = try failure { try packager(project).package([item(project)], otherOutputs: [template]) }
        #expect(error.code == .packageOverlap, "\(error)")
        #expect(!project.exists("src/out") && !project.exists("out"))
    }

    /// `--format dir` into the directory of the sources themselves.
    @Test func outputInThePlaceOfTheCode() throws {
        let project = try Project()
        try makeSources(project, "out/Hello/src")
        let error = try failure { try packager(project, .dir).package([item(project, "Hello", "out/Hello/src")]) }
        #expect(error.code == .packageOverlap, "\(error)")
        #expect(project.exists("out/Hello/src/bootstrap"))
    }

    @Test func linksThatLeadOut() throws {
        let project = try Project()
        try makeSources(project)
        try project.link("src/secret", to: "/etc/passwd")
        let error = try failure { try packager(project).package([item(project)]) }
        #expect(error.message.contains("'secret'") && error.message.contains("/etc/passwd"), "\(error)")
        #expect(!project.exists("out"))
    }

    @Test func outputThatCannotBeWritten() throws {
        let project = try Project()
        try makeSources(project)
        try project.write("out", "a file")
        let error = try failure { try packager(project).package([item(project)]) }
        #expect(error.code == .packageUnwritable && error.hint?.contains("--output-dir") == true, "\(error)")
        #expect(try project.read("out") == "a file")
    }

    @Test(arguments: [(0, "0 kB"), (1, "0.1 kB"), (1_024, "1 kB"), (52_428_800, "50 MB"), (52_428_801, "50.1 MB")])
    func sizes(_ bytes: Int, _ text: String) {
        #expect(PackageLimits.size(bytes) == text)
    }
}
