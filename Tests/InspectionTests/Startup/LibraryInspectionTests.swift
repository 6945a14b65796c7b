import LambdaModel
import Testing

@testable import Inspection

/// Libraries and versions of symbols against Lambda's images and the package.
@Suite struct LibraryInspectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var elf: SyntheticELF
        var image = LambdaImage.al2023
        /// Further files of the package.
        var files: [String] = []
        var codes: [String]
    }

    private static func elf(
        _ library: String = "libc.so.6",
        runpath: String = "",
        isRPath: Bool = false,
        versions: [String] = []
    ) -> SyntheticELF {
        var result = SyntheticELF(needed: [library], versions: versions)
        result.runpath = runpath
        result.pathTag = isRPath ? 15 : 29
        return result
    }

    private static let cases = [
        Case(testDescription: "glibc of Lambda", elf: elf(versions: ["GLIBC_2.34", "GLIBC_2.2.5"]), codes: []),
        Case(
            testDescription: "newer glibc",
            elf: elf(versions: ["GLIBC_2.38", "GLIBC_2.34"]),
            codes: ["error glibc.too-new"]
        ),
        Case(testDescription: "2.9 is older than 2.34", elf: elf(versions: ["GLIBC_2.9"]), codes: []),
        Case(
            testDescription: "Amazon Linux 2 is older",
            elf: elf(versions: ["GLIBC_2.34"]),
            image: .al2,
            codes: ["error glibc.too-new"]
        ),
        Case(testDescription: "private", elf: elf(versions: ["GLIBC_PRIVATE", "GLIBC_2.26"]), image: .al2, codes: []),
        Case(
            testDescription: "packed relocations",
            elf: elf(versions: ["GLIBC_ABI_DT_RELR", "GLIBC_2.34"]),
            codes: ["warning glibc.too-new"]
        ),
        Case(
            testDescription: "packed relocations on Amazon Linux 2",
            elf: elf(versions: ["GLIBC_ABI_DT_RELR"]),
            image: .al2,
            codes: ["error glibc.too-new"]
        ),
        Case(testDescription: "libstdc++", elf: elf("libstdc++.so.6", versions: ["GLIBCXX_3.4.29"]), codes: []),
        Case(
            testDescription: "libstdc++ since 2025",
            elf: elf("libstdc++.so.6", versions: ["GLIBCXX_3.4.30"]),
            codes: ["warning libstdcxx.too-new"]
        ),
        Case(
            testDescription: "libstdc++ of tomorrow",
            elf: elf("libstdc++.so.6", versions: ["GLIBCXX_3.4.99"]),
            codes: ["error libstdcxx.too-new"]
        ),
        Case(
            testDescription: "libstdc++ in lib/, which comes after the system's",
            elf: elf("libstdc++.so.6", runpath: "$ORIGIN/lib", versions: ["CXXABI_1.3.99"]),
            files: ["lib/libstdc++.so.6"],
            codes: ["error libstdcxx.too-new"]
        ),
        Case(
            testDescription: "libstdc++ by DT_RPATH, which comes first",
            elf: elf("libstdc++.so.6", runpath: "$ORIGIN/lib", isRPath: true, versions: ["GLIBCXX_3.4.99"]),
            files: ["lib/libstdc++.so.6"],
            codes: []
        ),
        Case(testDescription: "in lib/", elf: elf("libq.so.1"), files: ["lib/libq.so.1"], codes: []),
        Case(testDescription: "at the top", elf: elf("libq.so.1"), files: ["libq.so.1"], codes: []),
        Case(
            testDescription: "by run path",
            elf: elf("libq.so.1", runpath: "/x:${ORIGIN}/deep/er/../er"),
            files: ["deep/er/libq.so.1"],
            codes: []
        ),
        Case(testDescription: "by a path", elf: elf("./sub/libq.so.1"), files: ["sub/libq.so.1"], codes: []),
        Case(testDescription: "by no path", elf: elf("./sub/libq.so.1"), codes: ["warning library.missing"]),
        Case(
            testDescription: "at another place",
            elf: elf("libq.so.1"),
            files: ["deep/libq.so.1"],
            codes: ["error library.not-found"]
        ),
        Case(testDescription: "nowhere", elf: elf("libq.so.1"), codes: ["warning library.missing"]),
        Case(testDescription: "Swift", elf: elf("libswiftCore.so"), codes: ["error library.missing"]),
        Case(testDescription: "OpenSSL 3", elf: elf("libssl.so.3"), codes: []),
        Case(
            testDescription: "OpenSSL 3 on 2",
            elf: elf("libssl.so.3"),
            image: .al2,
            codes: ["warning library.missing"]
        ),
        Case(testDescription: "OpenSSL 1.1", elf: elf("libssl.so.1.1"), codes: ["warning library.missing"]),
    ]

    @Test(arguments: cases)
    func judgesWhatItNeeds(_ example: Case) throws {
        var package = try InspectedPackage()
        package.image = example.image
        try package.directory.write("bootstrap", example.elf.bytes)
        for file in example.files { try package.directory.write(file, "text") }
        #expect(package.codes == example.codes.map { $0 + " /var/task/bootstrap" })
    }

    /// What loads it may have loaded its libraries before, or have a run path of its own.
    @Test func otherFilesAreJudgedMildly() throws {
        let package = try InspectedPackage()
        try package.directory.write("bootstrap", MinimalELF().bytes)
        try package.directory.write("a/libstdc++.so.6", Self.elf().bytes)
        try package.directory.write(
            "b/x.so",
            Self.elf("libstdc++.so.6", versions: ["GLIBCXX_3.4.99", "GLIBC_2.2.5"]).bytes
        )
        try package.directory.write("b/y.so", Self.elf("libq.so.1").bytes)
        try package.directory.write("c/libq.so.1", Self.elf(versions: ["GLIBC_2.99"]).bytes)
        #expect(
            package.codes == [
                "note library.not-found /var/task/b/y.so", "warning glibc.too-new /var/task/c/libq.so.1",
            ]
        )
    }

    /// Of the package around it nothing is known.
    @Test func aFileAloneMayHaveItsLibrariesLater() throws {
        let directory = try PackageDirectory()
        let inspection = StartupInspection(architecture: .x86_64)
        let unknown = try PackageContents(file: directory.write("a", Self.elf("libq.so.1").bytes))
        #expect(InspectedPackage.findings(on: unknown, inspection).isEmpty)
        let swift = try PackageContents(file: directory.write("b", Self.elf("libswiftCore.so").bytes))
        let findings = InspectedPackage.findings(on: swift, inspection)
        #expect(findings.map(\.code) == ["library.missing"] && findings[0].severity == .warning)
    }

    @Test(
        arguments: [
            ("GLIBC_2.34", "2.34"), ("GLIBC_2.2.5", "2.2.5"), ("GLIBC_PRIVATE", nil), ("GLIBC_ABI_DT_RELR", nil),
            ("GLIBCXX_3.4", nil), ("GLIBC_", nil), ("GLIBC_2.", nil), ("GLIBC_2.-3", nil), ("GLIBC_1.2.3.4.5", nil),
            ("GLIBC_99999999999999999999", nil), ("GLIBC_2.34x", nil), ("glibc_2.34", nil),
        ] as [(String, String?)]
    )
    func readsVersions(text: String, expected: String?) {
        #expect(SymbolVersion(text, prefix: "GLIBC")?.description == expected)
    }
}
