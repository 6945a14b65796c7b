import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// Packages without a bootstrap: the explanation names what was probably meant.
@Suite struct MissingBootstrapTests {
    private static func explain(_ package: PackageDirectory, handler: String = "") -> String {
        StartupExplanation.explain(.noEntrypoint, taskRoot: package.path, handler: handler, architecture: .x86_64)
            .joined(separator: "\n")
    }

    @Test(arguments: [
        (["bootstrap.sh"], "", "rename bootstrap.sh to bootstrap"),
        (["bootstrap.exe"], "", "rename bootstrap.exe to bootstrap"),
        (["Bootstrap"], "", "rename Bootstrap to bootstrap"),
        (["BOOTSTRAP.sh"], "", "rename BOOTSTRAP.sh to bootstrap"),
        (["app/bootstrap"], "", "app/bootstrap is one level too deep"),
        (["bootstrap/bootstrap"], "", "bootstrap is a directory"),
        (["bootstrap/other"], "", "bootstrap is a directory"),
        (["bin/app"], "bin/app", "the handler's file bin/app is there"),
        (["app.py"], "app.py.handler", "fix: name the executable bootstrap"),
        (["index"], "index.handler", "the handler's file index is there"),
        (["README.md"], "", "fix: name the executable bootstrap"),
        (["../../etc/passwd"], "../../etc/passwd", "is empty or cannot be read"),
        ([], "", "is empty or cannot be read"),
        (["a\u{1B}[2J/bootstrap"], "", "a\\u{1b}[2J/bootstrap is one level too deep"),
    ])
    func namesTheNearMiss(files: [String], handler: String, expected: String) throws {
        let package = try PackageDirectory()
        for file in files where !file.contains("..") { try package.write(file, "text") }
        let text = Self.explain(package, handler: handler)
        #expect(text.contains(expected), "\(text)")
        #expect(text.contains("fix: "))
    }

    @Test func namesAProgramOfAnotherName() throws {
        let package = try PackageDirectory()
        try package.write("hello-rust", MinimalELF().bytes)
        try package.write("start.py", "#!/usr/bin/env python3\n")
        try package.write("data.json", "{}")
        let text = Self.explain(package)
        #expect(text.contains("hello-rust is a program; name it bootstrap"))
        #expect(text.contains("start.py is a script"))
        #expect(!text.contains("data.json"))
    }

    @Test func namesABrokenLink() throws {
        let package = try PackageDirectory()
        #expect(symlink("target/release/app", package.path + "/bootstrap") == 0)
        #expect(
            Self.explain(package).contains("bootstrap is a symbolic link to target/release/app, which does not exist")
        )
    }

    @Test func staysShortForALargePackage() throws {
        let package = try PackageDirectory()
        for index in 0..<50 { try package.write("d\(index)/bootstrap", "") }
        #expect(Self.explain(package).split(separator: "\n").count == 6)
    }
}
