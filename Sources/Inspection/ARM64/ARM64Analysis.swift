internal import LambdaModel

/// Which CPU features an AArch64 program needs, and which of them only behind a check of its own.
///
/// What it cannot see: code that is made or loaded at run time, and features kept in heap objects.
package enum ARM64Analysis {
    package enum Failure: Error, Sendable, Hashable {
        /// The file is for another architecture.
        case notARM64
    }

    /// Reads all code of the file once and then the functions that can be reached, so it takes time in proportion to
    /// the code: about 20 ms a megabyte.
    package static func analyse(_ file: ELFImage) throws(Failure) -> CPUAnalysis {
        guard file.architecture == .arm64 else { throw .notARM64 }
        if let name = file.dynamic?.soname, isLibc(name) {
            return CPUAnalysis(
                architecture: .arm64,
                blindSpots: ["\(Printable.text(name)) chooses its functions by the CPU itself and is not analysed"]
            )
        }
        let image = ARM64Image(file)
        var walk = ARM64Walk(image)
        walk.run()
        var analysis = CPUAnalysis(architecture: .arm64, reachedFunctions: walk.reached.count)
        analysis.needs = needs(walk)
        let needed = analysis.needs.reduce(into: Set<CPUFeature>()) { $0.formUnion($1.features) }
        analysis.guardedFeatures = allFeatures(image, walk).subtracting(needed)
        analysis.hasOwnCheck = hasOwnCheck(walk)
        analysis.blindSpots = blindSpots(image, walk)
        return analysis
    }

    /// glibc, musl and their loaders.
    private static func isLibc(_ soname: String) -> Bool {
        [
            "libc.so.", "libm.so.", "libmvec.so.", "ld-linux-", "libpthread.so.", "libdl.so.", "librt.so.", "ld-musl-",
            "libc.musl-",
        ].contains { soname.hasPrefix($0) }
    }

    private static func needs(_ walk: ARM64Walk) -> [CPUNeed] {
        var groups: [Set<CPUFeature>: CPUNeed] = [:]
        var order: [Set<CPUFeature>] = []
        for index in walk.reached {
            guard let needs = walk.facts[index]?.needs, !needs.isEmpty else { continue }
            let features = Set(needs.map(\.feature))
            if groups[features] == nil {
                order.append(features)
                groups[features] = CPUNeed(
                    features: features,
                    functionCount: 0,
                    witnesses: witnesses(needs, index, walk)
                )
            }
            groups[features]?.functionCount += 1
        }
        return order.compactMap { groups[$0] }
    }

    private static func witnesses(_ needs: [ARM64FunctionFacts.Need], _ index: Int, _ walk: ARM64Walk) -> [CPUWitness] {
        let path = walk.path(to: index)
        let start = walk.address(of: index)
        return needs.map { need in
            let address = walk.image.address(of: need.index)
            return CPUWitness(
                feature: need.feature,
                path: path,
                address: address,
                offset: address &- start,
                instruction: ARM64Instructions.text(of: walk.image.words[need.index]) ?? ""
            )
        }
    }

    private static func allFeatures(_ image: ARM64Image, _ walk: ARM64Walk) -> Set<CPUFeature> {
        var result: Set<CPUFeature> = []
        for facts in walk.facts.values { result.formUnion(facts.guarded) }
        let reached = Set(walk.reached)
        for (index, function) in walk.functions.list.enumerated() where !reached.contains(index) {
            for word in image.words[function.start..<function.end] {
                if let feature = ARM64Instructions.fastFeature(of: word) { result.insert(feature) }
            }
        }
        return result
    }

    /// Outline atomics and what belongs to libc decide for themselves, not for the program.
    private static func hasOwnCheck(_ walk: ARM64Walk) -> Bool {
        walk.reached.contains { index in
            guard let facts = walk.facts[index], facts.decidesByFeatures else { return false }
            if walk.image.resolvers.contains(walk.address(of: index)) { return false }
            let function = walk.function(index)
            if let label = walk.functions.label(function) { return !ARM64Knowledge.isSystemFunction(label) }
            return function.end - function.start > 64
        }
    }

    private static func blindSpots(_ image: ARM64Image, _ walk: ARM64Walk) -> [String] {
        var result: [String] = []
        if !walk.isComplete {
            result.append("the analysis stopped after \(walk.reached.count) functions: the file has too many ways")
        }
        if image.words.isEmpty { result.append("the file has no code that could be read") }
        if image.imports.values.contains("dlopen") {
            result.append("code that the program loads with dlopen is not seen")
        }
        return result
    }
}
