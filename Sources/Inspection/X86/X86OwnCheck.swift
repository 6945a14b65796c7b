/// Whether a program chooses code by the CPU itself, beyond what every C library does.
struct X86OwnCheck {
    let program: X86Program
    let guards: X86Guards

    func isPresent(reached: [Int], guarded: [Int]) -> Bool {
        reached.contains { function in
            program.events(of: function).contains { $0.kind == .query } && !isOfLibrary(function)
        }
    }

    /// Functions of glibc and of the compilers' start-up code that execute CPUID, by their names.
    private func isOfLibrary(_ function: Int) -> Bool {
        guard let name = program.knownName(of: function) else { return false }
        return ["init_cpu_features", "cpu_features", "intel_check_word", "handle_intel", "handle_amd", "handle_zhaoxin", "init_cacheinfo",
            "cacheinfo", "__libc_start_main", "_dl_relocate_static_pie", "update_active", "get_extended_indices", "get_cet_status",
            "_dl_non_dynamic_init", "__libc_main", "__cache_sysconf", "dl_platform_init", "get_common_cache"].contains { name.contains($0) }
    }
}
