/// One entry of a zip archive, as its central directory describes it.
package struct ZipEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case directory
        case symbolicLink
    }

    /// The name as stored; directories usually end with a slash. Nothing has been checked but that it is UTF-8.
    package var name: String
    package var kind: Kind
    /// The nine permission bits, or `nil` where the archive has none because it was made on Windows.
    package var permissions: UInt16?
    /// Declared size of the unpacked file, in bytes.
    package var size: Int

    /// Permissions on disk. Set-user-ID, set-group-ID and sticky bits never survive. Files without permissions of their
    /// own are not executable, which is what Lambda makes of a zip from Windows too.
    package var effectivePermissions: UInt16 {
        switch kind {
        // The owner must be able to fill and to remove the directory.
        case .directory: (permissions ?? 0o755) | 0o700
        case .file, .symbolicLink: permissions ?? 0o644
        }
    }
}
