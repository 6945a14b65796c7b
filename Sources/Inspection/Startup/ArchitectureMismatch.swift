package import LambdaModel

/// A bootstrap that runs here but not on the architecture that the function is configured for.
package enum ArchitectureMismatch {
    /// One line for the user; `nil` where the bootstrap is no ELF file, cannot be read, or fits.
    package static func warning(bootstrapPath: String, configured: Architecture) -> String? {
        guard let file = try? BinaryFile(path: bootstrapPath),
            let start = try? file.prefix(ELFHeader.maximumSize),
            let built = (try? ELFHeader(fileStart: start))?.architecture,
            built != configured
        else { return nil }
        return
            "the bootstrap is built for \(built.rawValue), but the function is configured for \(configured.rawValue): "
            + "on Lambda it will not start"
    }
}
