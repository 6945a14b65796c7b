import Archive
import Glibc
import Testing

@testable import Inspection

/// Valid files, from which hostile ones are made.
enum FuzzSeeds {
    static let programs: [[UInt8]] = {
        var result = [
            MinimalELF(loader: "/lib64/ld-linux-x86-64.so.2").bytes, MinimalELF(is64Bit: false, machine: 3).bytes,
            SyntheticELF().bytes, SyntheticELF(hash: .gnu, hasSections: false).bytes,
            SyntheticELF(machine: 183, hash: .gnu).bytes, SyntheticELF(needed: ["libc.so.6"], versions: []).bytes,
        ]
        // Small programs and libraries of this machine, as linkers write them.
        for path in [
            "/usr/bin/true", "/lib/x86_64-linux-gnu/libdl.so.2", "/lib/aarch64-linux-gnu/libdl.so.2",
            "/usr/aarch64-linux-gnu/lib/libdl.so.2", "/usr/lib64/libdl.so.2",
        ] {
            if let file = try? BinaryFile(path: path), file.size < 150_000, let bytes = try? file.prefix(150_000) {
                result.append(bytes)
            }
        }
        return result
    }()

    /// The files of the directory that `APUS_FUZZ_SEEDS` names: larger programs, for runs by hand.
    static let further: [[UInt8]] = {
        guard let directory = getenv("APUS_FUZZ_SEEDS").map({ String(cString: $0) }) else { return [] }
        return FileFacts.names(in: directory).compactMap { name in
            (try? BinaryFile(path: directory + "/" + name)).flatMap { try? $0.prefix(16 << 20) }
        }
    }()

    static let scripts: [[UInt8]] = [
        "#!/bin/sh\necho\n", "#!/usr/bin/env -S python3 -u\r\n", "\u{FEFF}#!/bin/bash\n", "#!/opt/bin/x y\n", "#!\n",
        "#!" + String(repeating: "/x", count: 150) + " y\n", "#!/usr/bin/env bash -e\n",
    ].map { Array($0.utf8) }

    /// A package with a program, a library, a script and a link.
    static func archive(in directory: PackageDirectory) throws -> [UInt8] {
        try directory.write("package/bootstrap", MinimalELF(loader: "/lib/x").bytes)
        try directory.write("package/lib/libx.so", SyntheticELF().bytes)
        try directory.write("package/extensions/one", scripts[0])
        try directory.link("package/lib/libx.so.1", to: "libx.so")
        let path = directory.path + "/seed.zip"
        try Archive.write(directory: directory.path + "/package", to: path)
        let file = try BinaryFile(path: path)
        return try file.bytes(at: 0, count: Int(file.size))
    }
}
