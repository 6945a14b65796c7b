import LambdaModel
import Testing

@testable import Inspection

/// The first lines of scripts, as Lambda's kernel and its small system read them.
@Suite struct ScriptInspectionTests {
    private static let cases: [(String, [String])] = [
        ("#!/bin/sh\n", []),
        ("#! /bin/bash -e\n", []),
        ("#!/usr/bin/env bash\n", []),
        ("#!/usr/bin/env -S bash -e\n", []),
        ("#!/usr/bin/env -S FOO=1 bash\n", []),
        ("#!/usr/bin/env --split-string=bash -e\n", []),
        ("#!/bin/sh", []),
        ("#!/var/task/bin/runtime\n", []),
        ("#!bin/runtime\n", []),
        ("#!/opt/bin/layered -x\n", []),
        ("#!/usr/bin/env layered\n", []),
        ("\u{FEFF}#!/bin/sh\n", ["error script.byte-order-mark"]),
        ("#!/bin/sh\r\necho\r\n", ["error script.windows-line-ends"]),
        ("#!/usr/bin/env bash\r\n", ["error script.windows-line-ends"]),
        ("#!\n", ["error script.no-interpreter"]),
        ("#!   \n/bin/sh\n", ["error script.no-interpreter"]),
        ("#!/" + String(repeating: "x", count: 300) + "\n", ["error script.no-interpreter"]),
        ("#!/usr/bin/env bash -e\n", ["error script.env-arguments"]),
        ("#!/usr/bin/env FOO=1 bash\n", ["error script.env-arguments"]),
        ("#!/usr/bin/python3\n", ["warning script.interpreter-missing"]),
        ("#!/usr/bin/env python3\n", ["warning script.interpreter-missing"]),
        ("#!/usr/bin/env -S node --x\n", ["warning script.interpreter-missing"]),
        ("#!/opt/bin/none\n", ["warning script.interpreter-missing"]),
        ("#!/var/task/bin/none\n", ["error script.interpreter-missing"]),
        ("#!none\n", ["error script.interpreter-missing"]),
        ("#!/var/task/data\n", ["error script.interpreter-missing"]),
        ("#!/var/task/../../bin/./sh\n", []),
    ]

    @Test(arguments: cases)
    func judgesTheFirstLine(text: String, codes: [String]) throws {
        var package = try InspectedPackage()
        try package.directory.write("bin/runtime", MinimalELF().bytes)
        try package.directory.write("data", "text", mode: 0o644)
        try package.directory.write("bootstrap", text)
        let layer = try PackageDirectory()
        try layer.write("bin/layered", MinimalELF().bytes)
        package.layers = [layer]
        #expect(package.codes == codes.map { $0 + " /var/task/bootstrap" })
    }

    @Test func otherScriptsMayNeverBeExecuted() throws {
        let package = try InspectedPackage()
        try package.directory.write("bootstrap", "#!/bin/sh\n")
        try package.directory.write("bin/a", "#!/home/me/venv/bin/python3\n")
        try package.directory.write("bin/b", "#!/bin/sh\r\n")
        #expect(
            package.codes == [
                "note script.interpreter-missing /var/task/bin/a",
                "warning script.windows-line-ends /var/task/bin/b",
            ]
        )
    }

    /// The kernel reads 256 bytes; a path that ends there is whole, one that goes on is refused.
    @Test(arguments: [(253, false), (254, true), (300, true)])
    func readsAsFarAsTheKernel(length: Int, isCutOff: Bool) {
        let path = "/" + String(repeating: "x", count: length - 1)
        let header = ScriptHeader(fileStart: Array(("#!" + path + "\n").utf8))
        #expect(header.isCutOff == isCutOff)
        #expect(!ScriptHeader(fileStart: Array("#!\(path.prefix(100)) \(path)\n".utf8)).isCutOff)
    }
}
