import Archive
import LambdaModel

/// Lambda's two limits on the size of code.
struct PackageLimits {
    /// Of an archive that is uploaded directly, in bytes.
    var zipped = Quotas.zippedPackageBytes
    /// Of a function with its layers, unpacked, in bytes.
    var unpacked = Quotas.unzippedPackageBytes

    /// - Parameter layerBytes: unpacked, of all layers of the function.
    func check(
        _ item: PackageItem,
        unpackedBytes: Int,
        layerBytes: Int,
        largest: [DirectorySurvey.File]
    ) throws(ApusError) {
        guard unpackedBytes + layerBytes > unpacked else { return }
        let layers = layerBytes == 0 ? "" : " and its layers \(Self.size(layerBytes))"
        throw ApusError(
            .packageTooLarge,
            "\(item.logicalID) is too large: its code is \(Self.size(unpackedBytes))\(layers) unpacked, "
                + "and Lambda takes \(Self.size(unpacked)) together",
            hint: Self.hint(largest)
        )
    }

    func check(_ item: PackageItem, zippedBytes: Int, largest: [DirectorySurvey.File]) throws(ApusError) {
        guard zippedBytes > zipped else { return }
        throw ApusError(
            .packageTooLarge,
            "\(item.logicalID) is too large: its zip is \(Self.size(zippedBytes)), "
                + "and Lambda takes \(Self.size(zipped)) in an upload",
            hint: Self.hint(largest)
        )
    }

    private static func hint(_ largest: [DirectorySurvey.File]) -> String? {
        guard !largest.isEmpty else { return nil }
        let files = largest.map { "\(Printable.text($0.path)) (\(size($0.bytes)))" }
        return "The largest files: \(files.joined(separator: ", "))."
    }

    /// `57.3 MB`, an MB being 1,048,576 bytes as in Lambda's limits. Rounded up, so that what is over a limit never looks
    /// as if it were not.
    static func size(_ bytes: Int) -> String {
        let (unit, name) = bytes < 1 << 20 ? (1 << 10, "kB") : (1 << 20, "MB")
        let tenths = (bytes * 10 + unit - 1) / unit
        return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
}

extension PackagedItem {
    /// For the user: `123.4 kB, 456.7 kB unpacked`.
    package var sizeText: String {
        let unpacked = PackageLimits.size(unpackedBytes)
        return zippedBytes.map { "\(PackageLimits.size($0)), \(unpacked) unpacked" } ?? unpacked
    }
}
