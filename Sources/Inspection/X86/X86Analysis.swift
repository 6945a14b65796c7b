internal import LambdaModel

/// Which CPU features an x86-64 ELF file needs.
package enum X86Analysis {
    /// Looks at everything that can be reached; blocks its caller and uses all CPUs meanwhile.
    ///
    /// - Throws: when Zydis is missing. A damaged file is no error: what was not understood is among the blind spots.
    package static func analyse(_ file: ELFImage) throws(X86Decoder.Failure) -> CPUAnalysis {
        let decoder = try X86Decoder()
        guard file.architecture == .x86_64 else {
            return CPUAnalysis(architecture: .x86_64, blindSpots: ["the file holds no x86-64 code"])
        }
        if let soname = file.dynamic?.soname, isC(soname) {
            return CPUAnalysis(
                architecture: .x86_64,
                blindSpots: ["\(Printable.text(soname)) chooses its code by the CPU itself and is not looked into"]
            )
        }
        let program = X86Program(X86Image(file))
        let goLevel = X86GoLevel.level(of: file)
        let guards = X86Guards.run(program, isGo: X86GoLevel.isGo(file))
        var reachability = X86Reachability(program, guards, X86DataObjects(program))
        reachability.run(from: X86Roots.functions(of: program))
        let reached = reachability.order
        let guarded = reachability.runGuarded()
        return X86Report(decoder: decoder, program: program, guards: guards, reachability: reachability)
            .analysis(reached: reached, guarded: guarded, goLevel: goLevel)
    }

    /// The parts of a C library, which dispatch by the CPU before anything else runs.
    private static func isC(_ soname: String) -> Bool {
        ["libc.so.", "ld-linux", "libm.so.", "libpthread.so.", "libmvec.so.", "ld-musl", "libc.musl"].contains {
            soname.hasPrefix($0)
        }
    }
}
