package import LambdaModel

/// What to do about CPU features that a program needs and a CPU lacks, in the words of the tool that built it.
package enum CPUFixAdvice {
    /// The ways out, the best for local work first; at least one.
    ///
    /// - Parameters:
    ///   - missing: the features that the CPU lacks.
    ///   - cpu: the CPU that the program has to run on, besides Lambda's.
    package static func fixes(
        language: BuildLanguage,
        build: BuildDriver,
        missing: Set<CPUFeature>,
        architecture: Architecture,
        cpu: CPUProfile
    ) -> [CPUFix] {
        let target = BuildTarget.common(to: cpu, architecture: architecture)
        let effect = cpu == .lambda(architecture) ? "optimised, runs on Lambda" : "optimised, runs on both"
        var fixes = rebuild(language, build, target, effect, architecture)
        if architecture == .x86_64, isLocalOnly(missing, cpu) {
            fixes.append(
                CPUFix("Architectures: [arm64] in template.yaml", "native on Apple silicon, Graviton in the cloud")
            )
        }
        return fixes
    }

    /// Whether Lambda has what this CPU lacks: then an arm64 build is worth a thought, because the CPU may well be an
    /// emulator on Apple silicon.
    private static func isLocalOnly(_ missing: Set<CPUFeature>, _ cpu: CPUProfile) -> Bool {
        cpu != .lambdaX86 && CPUProfile.lambdaX86.missing(from: missing).isEmpty
    }

    private static func rebuild(
        _ language: BuildLanguage,
        _ build: BuildDriver,
        _ target: BuildTarget,
        _ effect: String,
        _ architecture: Architecture
    ) -> [CPUFix] {
        switch build {
        case .apus where language == .assembly:
            byHand(language, target, effect, architecture)
        case .apus:
            [debug, CPUFix("apus build --target-cpu \(target.compilerName)", effect)]
        case .makefile:
            makefile(language, target, effect, architecture)
        case .unknown:
            byHand(language, target, effect, architecture)
        }
    }

    private static let debug = CPUFix("SAM_BUILD_MODE=debug apus build", "unoptimised, for local runs only")

    /// A Makefile is free to ignore what it is told, so the compiler's own words stand beside.
    private static func makefile(
        _ language: BuildLanguage,
        _ target: BuildTarget,
        _ effect: String,
        _ architecture: Architecture
    ) -> [CPUFix] {
        guard language != .assembly else { return byHand(language, target, effect, architecture) }
        var fixes = byHand(language, target, effect, architecture).filter { !$0.effect.hasPrefix("unoptimised") }
        fixes.insert(debug, at: 0)
        if language == .rust || language.isC {
            fixes.insert(
                CPUFix("apus build --target-cpu \(target.compilerName)", "where the Makefile reads APUS_TARGET_CPU"),
                at: 1
            )
        }
        return fixes
    }

    private static func byHand(
        _ language: BuildLanguage,
        _ target: BuildTarget,
        _ effect: String,
        _ architecture: Architecture
    ) -> [CPUFix] {
        let arm = architecture == .arm64
        let name = target.compilerName
        switch language {
        case .rust:
            return [
                CPUFix("cargo lambda build" + (arm ? " --arm64" : ""), "unoptimised, for local runs only"),
                CPUFix(
                    "RUSTFLAGS='-C target-cpu=\(name)' cargo lambda build --release" + (arm ? " --arm64" : ""),
                    effect
                ),
            ]
        case .go:
            return [CPUFix(go(target, arm) + " go build -o bootstrap", effect)]
        case .c, .cPlusPlus:
            return [
                CPUFix(
                    compilerFlag(target, arm) + " in place of \(arm ? "-mcpu" : "-march")=native or the like",
                    effect
                )
            ]
        case .swift:
            return [CPUFix("swift build -c release -Xswiftc -target-cpu -Xswiftc \(target.swiftName)", effect)]
        case .zig:
            return [
                CPUFix("zig build -Dcpu=\(target.zigName)", effect + "; without it Zig builds for the building machine")
            ]
        case .assembly:
            return [
                CPUFix(
                    "write it with \(arm ? "Armv8.0" : "SSE2") instructions",
                    "runs on every \(architecture.rawValue) CPU"
                ),
                CPUFix("ask \(arm ? "getauxval(AT_HWCAP)" : "CPUID") first, and keep both ways", effect),
            ]
        case .unknown:
            return [
                CPUFix("Rust: -C target-cpu=\(name)", effect),
                CPUFix("Go: " + go(target, arm), effect),
                CPUFix("C, C++: " + compilerFlag(target, arm), effect),
                CPUFix("Swift: -Xswiftc -target-cpu -Xswiftc \(target.swiftName)", effect),
            ]
        }
    }

    private static func go(_ target: BuildTarget, _ arm: Bool) -> String {
        (arm ? "GOARM64=" : "GOAMD64=") + target.goLevel
    }

    /// gcc and clang call the arm64 baseline by its architecture, not by a CPU.
    private static func compilerFlag(_ target: BuildTarget, _ arm: Bool) -> String {
        guard arm else { return "-march=\(target.compilerName)" }
        return target.features.isEmpty ? "-march=armv8-a" : "-mcpu=\(target.compilerName)"
    }
}
