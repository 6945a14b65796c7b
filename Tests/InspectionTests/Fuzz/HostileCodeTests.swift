import LambdaModel
import Testing

@testable import Inspection

/// Damaged programs through the analyses of their code.
@Suite struct HostileCodeTests {
    @Test func survivesDamagedX86Code() async throws {
        // Without the decoder there is nothing to test.
        guard (try? X86Decoder()) != nil else { return }
        try await survive(seed: 5, machine: 62) { try? X86Analysis.analyse($0) }
    }

    @Test func survivesDamagedARM64Code() async throws {
        try await survive(seed: 6, machine: 183) { try? ARM64Analysis.analyse($0) }
    }

    private func survive(seed: UInt64, machine: UInt16, _ analyse: (ELFImage) -> CPUAnalysis?) async throws {
        let seeds = (FuzzSeeds.programs + FuzzSeeds.further).filter {
            $0.count > 18 && $0[18] == UInt8(machine) && $0[4] == 2
        }
        try #require(!seeds.isEmpty)
        var damage = Damage(seed: seed)
        var run = FuzzRun()
        for _ in FuzzRun.inputs(divisor: 40) {
            let input = damage.damaged(damage.pick(seeds))
            await run.measure {
                guard let image = try? ELFImage(bytes: input), let analysis = analyse(image) else { return 0 }
                return 1 + analysis.blindSpots.count
            }
        }
        run.check("code for machine \(machine)")
    }
}
