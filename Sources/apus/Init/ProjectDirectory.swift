import Archive
import CommandProcess
import LambdaModel
import ProjectTemplates

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes a new project: whole or not at all, and never over anything.
enum ProjectDirectory {
    /// - Returns: the path of the project's directory.
    static func make(_ files: [ProjectFile], name: ProjectName, in outputDirectory: String) throws(ApusError) -> String
    {
        let path = outputDirectory == "." ? name.text : outputDirectory + "/" + name.text
        try refuseExisting(path)
        var made: [String] = []
        do throws(ApusError) {
            try makeDirectories(outputDirectory, made: &made)
            try write(files, to: path, name, outputDirectory)
        } catch {
            for directory in made.reversed() { rmdir(directory) }
            throw error
        }
        return path
    }

    /// An empty directory may be there: it is what `mkdir` leaves for a project.
    private static func refuseExisting(_ path: String) throws(ApusError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw existing("'\(path)' is there already, and no directory")
        }
        guard let stream = opendir(path) else { throw failure("read the directory", path) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = String(cString: entry.entryName)
            if name != ".", name != ".." { throw existing("the directory '\(path)' is there already, and not empty") }
        }
    }

    private static func existing(_ message: String) -> ApusError {
        ApusError("init.exists", message, hint: "Choose another name, or another place with --output-dir.")
    }

    /// The project appears at its place when it is complete. The kernel refuses to put it over anything but an empty
    /// directory, whatever has happened since it was looked at.
    private static func write(
        _ files: [ProjectFile],
        to path: String,
        _ name: ProjectName,
        _ outputDirectory: String
    ) throws(ApusError) {
        let draft = "\(outputDirectory)/.\(name.text).\(UInt32.random(in: .min ... .max))"
        guard mkdir(draft, 0o777) == 0 else { throw failure("make a directory in", outputDirectory) }
        do throws(ApusError) {
            for file in files { try write(file, in: draft) }
            guard rename(draft, path) == 0 else {
                throw [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno)
                    ? existing("'\(path)' is there already") : failure("make the directory", path)
            }
        } catch {
            try? FileTree.remove(draft)
            throw error
        }
    }

    private static func write(_ file: ProjectFile, in directory: String) throws(ApusError) {
        let path = directory + "/" + file.path
        if let slash = file.path.lastIndex(of: "/") {
            var made: [String] = []
            try makeDirectories(directory + "/" + file.path[..<slash], made: &made)
        }
        // The user's umask decides about the rest.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(file.isExecutable ? 0o777 : 0o666))
        guard descriptor >= 0 else { throw failure("write", path) }
        var text = file.text
        let isWritten = text.withUTF8 { Console.write(UnsafeRawBufferPointer($0), to: descriptor) }
        let code = errno
        guard close(descriptor) == 0, isWritten else {
            if !isWritten { errno = code }
            throw failure("write", path)
        }
    }

    /// Makes the directory and those above it that are missing, and says which.
    private static func makeDirectories(_ path: String, made: inout [String]) throws(ApusError) {
        if mkdir(path, 0o777) == 0 {
            made.append(path)
            return
        }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectories(String(path[..<slash]), made: &made)
            if mkdir(path, 0o777) == 0 {
                made.append(path)
                return
            }
        }
        var status = stat()
        guard errno == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw failure("make the directory", path)
        }
    }

    private static func failure(_ purpose: String, _ path: String) -> ApusError {
        ApusError("init.unwritable", "cannot \(purpose) '\(path)': \(ByteSource.text(of: errno))")
    }
}
