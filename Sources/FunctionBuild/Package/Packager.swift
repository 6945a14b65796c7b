import Archive
package import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Packs functions and layers into one directory: `<LogicalId>.zip` or `<LogicalId>/`.
///
/// The same code gives the same bytes, wherever and whenever it is packed. Nothing in the output directory changes
/// unless everything could be packed.
package struct Packager: Sendable {
    private let output: String
    private let format: PackageFormat
    private let limits: PackageLimits

    /// - Parameter output: the directory, which is made where it is missing.
    package init(output: String, format: PackageFormat) {
        self.init(output: output, format: format, limits: PackageLimits())
    }

    init(output: String, format: PackageFormat, limits: PackageLimits) {
        self.output = output
        self.format = format
        self.limits = limits
    }

    /// Packs all of it, in the order given. Cancelling the task ends it with an error.
    ///
    /// - Parameter otherOutputs: files that the caller will write, which must not lie inside the code either.
    package func package(_ items: [PackageItem], otherOutputs: [String] = []) throws(ApusError) -> [PackagedItem] {
        for item in items { try checkPlace(of: item, otherOutputs: otherOutputs, all: items) }
        var contents: [String: PackageContent] = [:]
        for item in items { contents[item.logicalID] = try PackageContent(of: item) }
        for item in items {
            guard let content = contents[item.logicalID] else { continue }
            try limits.check(
                item,
                unpackedBytes: content.bytes,
                layerBytes: item.layers.reduce(0) { $0 + (contents[$1]?.bytes ?? 0) },
                largest: content.largest
            )
        }
        return try writeAll(items, contents)
    }

    private func writeAll(
        _ items: [PackageItem],
        _ contents: [String: PackageContent]
    ) throws(ApusError) -> [PackagedItem] {
        let workspace = try makeWorkspace()
        // What could not be moved away is of no use to anybody.
        defer { try? FileTree.remove(workspace) }
        var result: [PackagedItem] = []
        for item in items {
            guard let content = contents[item.logicalID] else { continue }
            let path = workspace + "/" + name(of: item)
            try write(item, to: path, workspace: workspace)
            let zippedBytes = format == .zip ? try Directory.size(path) : nil
            if let zippedBytes { try limits.check(item, zippedBytes: zippedBytes, largest: content.largest) }
            result.append(
                PackagedItem(
                    logicalID: item.logicalID,
                    path: Paths.join(output, name(of: item)),
                    zippedBytes: zippedBytes,
                    unpackedBytes: content.bytes,
                    warnings: content.warnings
                )
            )
        }
        for item in items {
            let target = Paths.join(output, name(of: item))
            do throws(ApusError) {
                try Directory.exchange(workspace + "/" + name(of: item), with: target)
            } catch {
                throw PackageError.unwritable(error)
            }
        }
        return result
    }

    /// A directory beside the results, so that they can be put into their places whole.
    private func makeWorkspace() throws(ApusError) -> String {
        do throws(ApusError) {
            try Directory.create(output)
            return try Directory.createUnique(output + "/.package-")
        } catch {
            throw PackageError.unwritable(error)
        }
    }

    private func write(_ item: PackageItem, to path: String, workspace: String) throws(ApusError) {
        guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
        switch (item.code, format) {
        case (.zip(let source), .zip):
            try TreeCopy.copyFile(source, to: path, permissions: 0o644)
        case (.zip(let source), .dir):
            try Archive.extract(zip: source, to: path)
        case (.directory(let source), .zip):
            try Archive.write(directory: source, to: path)
        case (.directory(let source), .dir):
            // By way of the archive: the directory is then exactly what Lambda would unpack.
            let archive = workspace + "/.archive"
            try Archive.write(directory: source, to: archive)
            try Archive.extract(zip: archive, to: path)
            unlink(archive)
        case (.file(let source), _):
            let directory = format == .dir ? path : workspace + "/.file"
            try Directory.create(directory)
            try TreeCopy.copyFile(source, to: directory + "/bootstrap", permissions: 0o755)
            guard format == .zip else { return }
            try Archive.write(directory: directory, to: path)
            try FileTree.remove(directory)
        }
    }

    private func name(of item: PackageItem) -> String {
        format == .zip ? item.logicalID + ".zip" : item.logicalID
    }

    /// What is written must neither become part of the code nor take its place.
    private func checkPlace(
        of item: PackageItem,
        otherOutputs: [String],
        all items: [PackageItem]
    ) throws(ApusError) {
        guard case .directory(let path) = item.code, let code = Directory.realPath(path) else { return }
        for place in [output] + otherOutputs where Paths.relative(Directory.realPlace(place), in: code) != nil {
            throw PackageError.overlap(item, output: place)
        }
        guard format == .dir else { return }
        for other in items {
            let target = Paths.join(output, name(of: other))
            guard Paths.relative(code, in: Directory.realPlace(target)) != nil else { continue }
            throw PackageError.replaces(item, output: target)
        }
    }
}
