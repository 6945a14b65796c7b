import ArgumentParser
import CommandProcess

/// Options of `sam package` that make no sense without S3, or that Apus has no use for: accepted, and named in one
/// warning.
struct UnusedPackageOptions: ParsableArguments {
    @Flag(name: .long, help: .hidden) var resolveS3 = false
    @Flag(name: .long, help: .hidden) var noResolveS3 = false
    @Flag(name: .long, help: .hidden) var forceUpload = false
    @Flag(name: .long, help: .hidden) var noProgressbar = false
    @Flag(name: .long, help: .hidden) var resolveImageRepos = false
    @Flag(name: .long, help: .hidden) var betaFeatures = false
    @Flag(name: .long, help: .hidden) var noBetaFeatures = false
    @Flag(name: .long, help: .hidden) var debug = false
    @Flag(name: .long, help: .hidden) var saveParams = false
    @Option(name: .long, help: .hidden) var s3Bucket: String?
    @Option(name: .long, help: .hidden) var s3Prefix: String?
    @Option(name: .long, help: .hidden) var imageRepository: String?
    @Option(name: .long, help: .hidden) var imageRepositories: [String] = []
    @Option(name: .long, help: .hidden) var kmsKeyId: String?
    @Option(name: .long, help: .hidden) var metadata: String?
    @Option(name: .long, parsing: .upToNextOption, help: .hidden) var signingProfiles: [String] = []

    /// The options that were given, as the user writes them.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--resolve-s3", resolveS3), ("--no-resolve-s3", noResolveS3), ("--force-upload", forceUpload),
            ("--no-progressbar", noProgressbar), ("--resolve-image-repos", resolveImageRepos),
            ("--beta-features", betaFeatures), ("--no-beta-features", noBetaFeatures), ("--debug", debug),
            ("--save-params", saveParams), ("--s3-bucket", s3Bucket != nil), ("--s3-prefix", s3Prefix != nil),
            ("--image-repository", imageRepository != nil), ("--image-repositories", !imageRepositories.isEmpty),
            ("--kms-key-id", kmsKeyId != nil), ("--metadata", metadata != nil),
            ("--signing-profiles", !signingProfiles.isEmpty),
        ]
        return all.filter(\.1).map(\.0)
    }

    func warn() {
        guard !given.isEmpty else { return }
        Console.warning("without effect here: \(given.joined(separator: ", "))")
    }
}
