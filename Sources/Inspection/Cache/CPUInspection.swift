internal import LambdaModel

/// The analysis of a file's CPU features, whichever architecture it is for, by way of the cache.
package enum CPUInspection {
    package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// It is no program of an architecture that Apus knows, or damaged.
        case unreadable(String)
        /// The library that reads x86-64 code is missing.
        case noDecoder(String)

        package var description: String {
            switch self {
            case .unreadable(let reason), .noDecoder(let reason): reason
            }
        }
    }

    /// Reads the file, unless it is known.
    ///
    /// - Parameter cache: `nil`: everything is found out anew, and nothing is kept.
    package static func analyse(file path: String, cache: AnalysisCache?) throws(Failure) -> CPUAnalysis {
        let identity = FileStamp(path: path)
        if let known = cache?.analysis(of: identity) { return known }
        let image: ELFImage
        do {
            image = try ELFImage(path: path)
        } catch {
            throw .unreadable("\(error)")
        }
        return try analyse(image, identity: identity, cache: cache)
    }

    /// The same for a file that has been read.
    static func analyse(
        _ image: ELFImage,
        identity: FileStamp?,
        cache: AnalysisCache?
    ) throws(Failure) -> CPUAnalysis {
        guard let cache else { return try analyse(image) }
        if let known = cache.analysis(of: identity) { return known }
        let digest = AnalysisCache.digest(image.bytes)
        if let known = cache.analysis(digest: digest) {
            cache.remember(identity, digest: digest)
            return known
        }
        let analysis = try analyse(image)
        cache.keep(analysis, digest: digest, identity: identity)
        return analysis
    }

    private static func analyse(_ image: ELFImage) throws(Failure) -> CPUAnalysis {
        switch image.architecture {
        case .x86_64:
            do {
                return try X86Analysis.analyse(image)
            } catch {
                throw .noDecoder("\(error)")
            }
        case .arm64:
            do {
                return try ARM64Analysis.analyse(image)
            } catch {
                throw .unreadable("\(error)")
            }
        case nil:
            throw .unreadable("it is for neither x86_64 nor arm64")
        }
    }
}
