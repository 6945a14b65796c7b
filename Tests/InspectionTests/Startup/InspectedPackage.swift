import LambdaModel
import Testing

@testable import Inspection

/// A package that is written, inspected and removed.
struct InspectedPackage {
    let directory: PackageDirectory
    var architecture = Architecture.x86_64
    var image = LambdaImage.al2023
    var handler = ""
    var layers: [PackageDirectory] = []

    init() throws {
        directory = try PackageDirectory()
    }

    var contents: PackageContents {
        PackageContents(taskRoot: directory.path, layerRoots: layers.map(\.path))
    }

    /// All findings, as `error code file`.
    var codes: [String] {
        findings.map { "\($0.severity.rawValue) \($0.code)" + ($0.file.map { " " + $0 } ?? "") }
    }

    var findings: [StartupFinding] { Self.findings(on: contents, inspection) }

    var inspection: StartupInspection {
        StartupInspection(architecture: architecture, image: image, handler: handler)
    }

    static func findings(on contents: PackageContents, _ inspection: StartupInspection) -> [StartupFinding] {
        inspection.findings(on: contents)
            + contents.artifacts.flatMap { artifact in
                inspection.findings(on: artifact, in: contents, program: try? artifact.image())
            }
    }
}
