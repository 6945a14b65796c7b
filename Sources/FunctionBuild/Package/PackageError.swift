package import LambdaModel

extension ApusError.Code {
    /// There is nothing to package: no build, an empty directory, no bootstrap.
    package static let packageNothing: Self = "package.nothing"
    /// The output would become part of what is packaged, or take its place.
    package static let packageOverlap: Self = "package.overlap"
    /// More than Lambda takes.
    package static let packageTooLarge: Self = "package.too-large"
    /// The output cannot be written.
    package static let packageUnwritable: Self = "package.unwritable"
}

/// The errors of packaging.
enum PackageError {
    static func empty(_ item: PackageItem) -> ApusError {
        ApusError(
            .packageNothing,
            "\(item.logicalID): there is nothing in \(item.code.path), so nothing can be packaged",
            hint: "Run `apus build` first."
        )
    }

    static func noBootstrap(_ item: PackageItem) -> ApusError {
        ApusError(
            .packageNothing,
            "\(item.logicalID): there is no bootstrap in \(item.code.path), so it could not start",
            hint: "Run `apus build` first; what it has built is packaged."
        )
    }

    static func overlap(_ item: PackageItem, output: String) -> ApusError {
        ApusError(
            .packageOverlap,
            "\(item.logicalID): the output \(output) lies inside the code \(item.code.path), and would be packaged next time",
            hint: "Choose a place outside with --output-dir or --output-template-file, or run `apus build` first."
        )
    }

    static func replaces(_ item: PackageItem, output: String) -> ApusError {
        ApusError(
            .packageOverlap,
            "the package \(output) would take the place of the code of \(item.logicalID), \(item.code.path)",
            hint: "Choose another place with --output-dir."
        )
    }

    /// An error of the file system, with the way out that packaging has.
    static func unwritable(_ error: ApusError) -> ApusError {
        ApusError(.packageUnwritable, error.message, hint: "Choose another place with --output-dir.")
    }
}
