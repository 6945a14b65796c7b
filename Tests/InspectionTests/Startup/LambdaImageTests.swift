import LambdaModel
import Testing

@testable import Inspection

@Suite struct LambdaImageTests {
    @Test(arguments: [
        (FunctionRuntime.provided, "provided.al2"), (.providedAL2, "provided.al2"),
        (.providedAL2023, "provided.al2023"),
    ])
    func belongsToARuntime(runtime: FunctionRuntime, expected: String) {
        #expect(LambdaImage.image(for: runtime).runtime == expected)
        #expect(LambdaImage.image(for: nil).runtime == "provided.al2023")
    }

    /// Names that are often taken for granted, or that have changed between the two systems.
    @Test(arguments: [
        ("libc.so.6", true, true), ("libstdc++.so.6", true, true), ("libz.so.1", true, true),
        ("libssl.so.3", false, true), ("libssl.so.10", true, false), ("libssl.so.1.1", false, false),
        ("libcrypt.so.1", true, false), ("libcrypt.so.2", false, false), ("libnsl.so.1", true, false),
        ("libarchive.so.13", false, true), ("libatomic.so.1", false, false), ("libgomp.so.1", false, false),
        ("libswiftCore.so", false, false), ("libzstd.so.1", false, true),
    ])
    func knowsItsLibraries(name: String, isInAL2: Bool, isInAL2023: Bool) {
        #expect(LambdaImage.al2.libraries.contains(name) == isInAL2)
        #expect(LambdaImage.al2023.libraries.contains(name) == isInAL2023)
    }

    /// A library stands in one of the three lists.
    @Test func listsNothingTwice() {
        #expect(LambdaImage.ofBoth.isDisjoint(with: LambdaImage.onlyAL2))
        #expect(LambdaImage.ofBoth.isDisjoint(with: LambdaImage.onlyAL2023))
        #expect(LambdaImage.onlyAL2.isDisjoint(with: LambdaImage.onlyAL2023))
    }

    @Test func theOlderVersionsAreOlder() throws {
        let image = LambdaImage.al2023
        #expect(try #require(image.olderGLIBCXX) < image.glibcxx)
        #expect(try #require(image.olderCXXABI) < image.cxxabi)
        #expect(LambdaImage.al2.olderGLIBCXX == nil)
    }

    @Test(arguments: [
        ("GLIBC_2.34", "2.34"), ("GLIBC_2.2.5", "2.2.5"), ("GLIBC_PRIVATE", nil), ("GLIBCXX_3.4", nil), ("GLIBC_", nil),
        ("GLIBC_2.", nil), ("GLIBC_1.2.3.4.5", nil), ("GLIBC_99999999999999999999", nil), ("GLIBC_-1", nil), ("", nil),
    ])
    func readsVersions(text: String, expected: String?) {
        #expect(SymbolVersion(text, prefix: "GLIBC")?.description == expected)
    }

    @Test func comparesVersionsByNumber() {
        #expect(SymbolVersion(2, 4) < SymbolVersion(2, 34))
        #expect(SymbolVersion(2, 34) < SymbolVersion(2, 34, 1))
        #expect(SymbolVersion(3, 4, 29) < SymbolVersion(3, 4, 33))
        #expect(!(SymbolVersion(2, 34) < SymbolVersion(2, 34)))
    }
}
