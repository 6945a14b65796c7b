import Archive
import LambdaModel

/// What of an item would be packed, looked at before anything is written.
struct PackageContent {
    let bytes: Int
    let largest: [DirectorySurvey.File]
    let warnings: [String]

    /// - Throws: when there is nothing to pack, or what there is cannot be packed.
    init(of item: PackageItem) throws(ApusError) {
        let isBootstrapExecutable: Bool?
        switch item.code {
        case .directory(let path):
            let survey = try DirectorySurvey(of: path)
            guard survey.entries > 0 else { throw PackageError.empty(item) }
            (bytes, largest) = (survey.bytes, survey.largest)
            let bootstrap = path + "/bootstrap"
            isBootstrapExecutable =
                Directory.exists(bootstrap) ? try Directory.permissions(bootstrap) & 0o111 != 0 : nil
        case .zip(let path):
            let entries = try Archive.list(zip: path)
            guard !entries.isEmpty else { throw PackageError.empty(item) }
            bytes = entries.reduce(0) { $0 + $1.size }
            let files = entries.filter { $0.kind == .file }.sorted { $0.size > $1.size }.prefix(3)
            largest = files.map { DirectorySurvey.File(path: $0.name, bytes: $0.size) }
            let bootstrap = entries.first { $0.name == "bootstrap" || $0.name == "./bootstrap" }
            isBootstrapExecutable = bootstrap.map { $0.kind == .symbolicLink || $0.effectivePermissions & 0o111 != 0 }
        case .file(let path):
            bytes = try Directory.size(path)
            largest = [DirectorySurvey.File(path: path, bytes: bytes)]
            isBootstrapExecutable = true
        }
        if item.needsBootstrap, isBootstrapExecutable == nil { throw PackageError.noBootstrap(item) }
        let isStuck = item.needsBootstrap && isBootstrapExecutable == false
        warnings = isStuck ? ["its bootstrap is not executable: Lambda will not start it (chmod +x)"] : []
    }
}
