import Testing

@testable import SourceWatch

struct IgnoreRulesTests {
    @Test(arguments: [
        (".git/HEAD", false, true), (".aws-sam/build/F/bootstrap", false, true), ("target", true, true),
        ("target", false, false), ("src/target/x.o", false, true), ("src/main.c", false, false),
        ("src/main.c~", false, true), ("src/.main.c.swp", false, true), ("src/4913", false, true),
        ("src/#main.c#", false, true), ("Makefile", false, false), ("templates/a.yaml", false, false),
    ])
    func withoutAFile(path: String, isDirectory: Bool, isIgnored: Bool) {
        #expect(IgnoreRules().ignores(path, isDirectory: isDirectory) == isIgnored)
    }

    @Test(arguments: [
        ("*.o", "main.o", false, true), ("*.o", "src/deep/main.o", false, true), ("*.o", "main.c", false, false),
        ("out/", "out", true, true), ("out/", "out", false, false), ("out/", "src/out/x", false, true),
        ("/out", "out", false, true), ("/out", "src/out", false, false),
        ("doc/*.html", "doc/a.html", false, true), ("doc/*.html", "doc/deep/a.html", false, false),
        ("doc/*.html", "other/doc/a.html", false, false),
        ("**/gen", "a/b/gen", true, true), ("gen/**", "gen/a/b", false, true), ("a/**/z", "a/b/c/z", false, true),
        ("*.log\n!keep.log", "keep.log", false, false), ("*.log\n!keep.log", "other.log", false, true),
        ("# comment\n\n  \nx", "x", false, true), ("\\#x", "#x", false, true), ("x ", "x", false, true),
        ("[ab].c", "a.c", false, true), ("[ab].c", "c.c", false, false), ("[", "a", false, false),
    ])
    func patterns(gitignore: String, path: String, isDirectory: Bool, isIgnored: Bool) {
        #expect(IgnoreRules(gitignore: gitignore).ignores(path, isDirectory: isDirectory) == isIgnored)
    }
}
