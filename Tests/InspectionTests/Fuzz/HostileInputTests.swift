import Archive
import Glibc
import InspectionExercise
import LambdaModel
import Testing

@testable import Inspection

/// Files that were damaged on purpose: every one is read to an end, in bounded time, without a trap.
@Suite struct HostileInputTests {
    @Test func survivesDamagedProgramsAndScripts() async {
        let seeds = FuzzSeeds.programs + FuzzSeeds.scripts
        var damage = Damage(seed: 1)
        var run = FuzzRun()
        for index in FuzzRun.inputs() {
            let first = damage.pick(seeds)
            let bytes = index % 4 == 0 ? damage.spliced(first, damage.pick(seeds)) : first
            let input = damage.damaged(bytes)
            await run.measure { InspectionExercise.read(input) }
        }
        run.check("programs and scripts")
    }

    @Test func survivesDamagedBootstraps() async throws {
        let package = try PackageDirectory()
        let seeds = FuzzSeeds.programs.filter { $0.count < 40_000 } + FuzzSeeds.scripts
        var damage = Damage(seed: 2)
        var run = FuzzRun()
        for _ in FuzzRun.inputs(divisor: 10) {
            try package.write("bootstrap", damage.damaged(damage.pick(seeds)))
            await run.measure { InspectionExercise.inspect(taskRoot: package.path, file: "bootstrap") }
        }
        run.check("bootstraps")
    }

    @Test func survivesDamagedDirectoriesOfArchives() async throws {
        let directory = try PackageDirectory()
        let seed = try FuzzSeeds.archive(in: directory)
        var damage = Damage(seed: 3)
        var run = FuzzRun()
        for _ in FuzzRun.inputs(divisor: 4) {
            let input = damage.damaged(seed)
            let path = try directory.write("damaged.zip", input)
            await run.measure { (try? Archive.list(zip: path))?.count ?? 0 }
        }
        run.check("archives listed")
    }

    @Test func survivesDamagedArchives() async throws {
        let directory = try PackageDirectory()
        let seed = try FuzzSeeds.archive(in: directory)
        var damage = Damage(seed: 4)
        var run = FuzzRun()
        for _ in FuzzRun.inputs(divisor: 20) {
            let input = damage.damaged(seed)
            await run.measure { InspectionExercise.unpack(input, in: directory.path) }
        }
        run.check("archives unpacked")
        #expect(InspectionExercise.unpack(seed, in: directory.path) > 4)
    }
}
