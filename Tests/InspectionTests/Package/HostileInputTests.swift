import Archive
import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// Files that were damaged on purpose: every one is read to an end, in bounded time, without a trap.
///
/// `APUS_FUZZ_INPUTS` sets how many inputs each test tries; by default as many as take a few seconds.
@Suite struct HostileInputTests {
    /// Of one input, in seconds of the thread's own time: other tests run at the same time.
    private static let longest = 1.0

    private static func count(_ usual: Int) -> Int {
        getenv("APUS_FUZZ_INPUTS").flatMap { Int(String(cString: $0)) } ?? usual
    }

    @Test func survivesDamagedPrograms() {
        let seeds = Self.programs
        #expect(seeds.count >= 6)
        var damage = Damage(seed: 1)
        var found = 0
        var slowest = 0.0
        for _ in 0..<Self.count(20_000) {
            let bytes = damage.damaged(damage.pick(seeds))
            slowest = max(slowest, Self.seconds { found &+= InspectionExercise.read(bytes) })
        }
        #expect(found > 0)
        #expect(slowest < Self.longest)
    }

    @Test func survivesDamagedBootstraps() throws {
        let package = try PackageDirectory()
        let seeds = Self.programs.filter { $0.count < 40_000 } + Self.scripts
        var damage = Damage(seed: 2)
        var found = 0
        var slowest = 0.0
        for _ in 0..<Self.count(20_000) / 10 {
            try package.write("bootstrap", damage.damaged(damage.pick(seeds)))
            slowest = max(
                slowest,
                Self.seconds { found &+= InspectionExercise.inspect(taskRoot: package.path, file: "bootstrap") }
            )
        }
        #expect(found > 0)
        #expect(slowest < Self.longest)
    }

    @Test func survivesDamagedArchives() throws {
        let directory = try PackageDirectory()
        try directory.write("package/bootstrap", MinimalELF(loader: "/lib/x").bytes)
        try directory.write("package/lib/libx.so", SyntheticELF().bytes)
        try directory.write("package/extensions/one", Self.scripts[0])
        try Archive.write(directory: directory.path + "/package", to: directory.path + "/seed.zip")
        let file = try BinaryFile(path: directory.path + "/seed.zip")
        let seed = try file.bytes(at: 0, count: Int(file.size))
        var damage = Damage(seed: 3)
        var unpacked = 0
        var refused = 0
        for _ in 0..<Self.count(20_000) / 20 {
            let path = try directory.write("damaged.zip", damage.damaged(seed))
            let target = directory.path + "/out"
            let seconds = Self.seconds {
                do {
                    try Archive.extract(zip: path, to: target)
                    unpacked += PackageContents(taskRoot: target).artifacts.isEmpty ? 0 : 1
                } catch {
                    refused += 1
                }
            }
            try FileTree.remove(target)
            #expect(seconds < Self.longest)
        }
        #expect(unpacked > 0 && refused > 0)
    }

    // MARK: Seeds

    private static let programs: [[UInt8]] = {
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

    private static let scripts: [[UInt8]] = [
        "#!/bin/sh\necho\n", "#!/usr/bin/env -S python3 -u\r\n", "\u{FEFF}#!/bin/bash\n", "#!/opt/bin/x y\n", "#!\n",
    ].map { Array($0.utf8) }

    /// Processor time of this thread.
    private static func seconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        body()
        return now() - start
    }
}
