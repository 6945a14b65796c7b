import Testing

@testable import SourceWatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Each as the kernel tells it, and by looking.
@Suite struct SourceWatchTests {
    private func withDirectory(_ body: (String) async -> Void) async {
        var name = Array("/tmp/apus-watch-XXXXXX".utf8CString)
        mkdtemp(&name)
        let path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        defer { _ = system("rm -rf '\(path)'") }
        await body(path)
    }

    /// Whether a change is told within two seconds.
    private func tells(_ watch: SourceWatch, within duration: Duration = .seconds(2)) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await watch.next() }
            group.addTask {
                try? await Task.sleep(for: duration)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    @Test(
        arguments: [
            "echo 2 > a.c", "echo 2 > deep/er/b.c", "echo 1 > new.c", "mkdir more && echo 1 > more/c.c", "rm a.c",
            "mv a.c d.c", "echo 2 > a.tmp && mv a.tmp a.c", "chmod 755 a.c", "rm -r deep", "mv deep deeper",
        ],
        [false, true]
    )
    func changesAreTold(command: String, isPolling: Bool) async {
        await withDirectory { path in
            _ = system("cd '\(path)' && mkdir -p deep/er && echo 1 > a.c && echo 1 > deep/er/b.c")
            let watch = SourceWatch([path], isPolling: isPolling)
            defer { watch.stop() }
            _ = system("cd '\(path)' && \(command)")
            #expect(await tells(watch))
        }
    }

    @Test(
        arguments: [
            "cat a.c deep/b.c", "ls -l", "echo 2 > .git/HEAD",
            "mkdir -p .aws-sam/build/F && echo 2 > .aws-sam/build/F/bootstrap",
            "echo 2 > a.c~", "echo 2 > x.o", "mkdir -p target && echo 2 > target/x",
        ],
        [false, true]
    )
    func whatIsNoChange(command: String, isPolling: Bool) async {
        await withDirectory { path in
            _ = system(
                "cd '\(path)' && mkdir -p deep .git && echo 1 > a.c && echo 1 > deep/b.c && echo '*.o' > .gitignore"
            )
            let watch = SourceWatch([path], isPolling: isPolling)
            defer { watch.stop() }
            _ = system("cd '\(path)' && \(command) > /dev/null")
            #expect(await !tells(watch, within: .milliseconds(500)))
        }
    }

    /// A directory that comes with all that is in it is watched from then on.
    @Test func aDirectoryThatComesIsWatched() async {
        await withDirectory { path in
            let watch = SourceWatch([path])
            defer { watch.stop() }
            _ = system("mkdir -p '\(path)/a/b/c'")
            #expect(await tells(watch))
            _ = system("echo 1 > '\(path)/a/b/c/d'")
            #expect(await tells(watch))
        }
    }

    @Test func aBurstIsToldOnce() async {
        await withDirectory { path in
            let watch = SourceWatch([path])
            defer { watch.stop() }
            _ = system("cd '\(path)' && for i in $(seq 300); do echo $i > f$i; done")
            #expect(await tells(watch))
            #expect(await !tells(watch, within: .milliseconds(300)))
        }
    }

    /// A single file is watched through its replacement, and its neighbours are not.
    @Test(arguments: [false, true]) func aFileAlone(isPolling: Bool) async {
        await withDirectory { path in
            _ = system("cd '\(path)' && echo 1 > a && echo 1 > b")
            let watch = SourceWatch([path + "/a"], isPolling: isPolling)
            defer { watch.stop() }
            _ = system("echo 2 > '\(path)/b'")
            #expect(await !tells(watch, within: .milliseconds(500)))
            _ = system("cd '\(path)' && echo 3 > c && mv c a")
            #expect(await tells(watch))
            _ = system("echo 4 > '\(path)/a'")
            #expect(await tells(watch))
        }
    }

    @Test func stoppingEndsTheWait() async {
        await withDirectory { path in
            let watch = SourceWatch([path, path + "/none"])
            async let told = watch.next()
            try? await Task.sleep(for: .milliseconds(20))
            watch.stop()
            #expect(await !told)
            #expect(await !watch.next())
            watch.stop()
        }
    }

    /// Neither threads nor descriptors are left.
    @Test func nothingIsLeft() async {
        await withDirectory { path in
            func descriptors() -> Int { (0..<1_024).count { fcntl($0, F_GETFD) != -1 } }
            let before = descriptors()
            for _ in 0..<200 { SourceWatch([path]).stop() }
            var after = descriptors()
            for _ in 0..<100 where after > before + 20 {
                try? await Task.sleep(for: .milliseconds(20))
                after = descriptors()
            }
            #expect(after <= before + 20)
        }
    }
}
