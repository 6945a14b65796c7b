extension CrashFacts {
    /// The same with other paths: the function may know its files by names that they do not have on this machine.
    package func mappingPaths(_ path: (String) -> String) -> CrashFacts {
        func map(_ module: Module?) -> Module? {
            module.map { Module(path: path($0.path), loadBias: $0.loadBias) }
        }
        var result = self
        result.executable = executable.map(path)
        result.module = map(module)
        result.returnAddresses = returnAddresses.map { Frame(address: $0.address, module: map($0.module)) }
        return result
    }
}
