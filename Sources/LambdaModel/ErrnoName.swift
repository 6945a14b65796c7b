/// Texts of errno values as Lambda's logs write them: those of Go's `syscall.Errno.Error()`, in lower case.
package enum ErrnoName {
    /// The text for a Linux errno; `errno N` for one without a name here. The ones by which an `execve` fails are all here
    /// (11 and 40 aside, macOS has the same numbers).
    package static func lambdaName(of code: Int32) -> String {
        switch code {
        case 1: "operation not permitted"
        case 2: "no such file or directory"
        case 5: "input/output error"
        case 6: "no such device or address"
        case 7: "argument list too long"
        case 8: "exec format error"
        case 11: "resource temporarily unavailable"
        case 12: "cannot allocate memory"
        case 13: "permission denied"
        case 14: "bad address"
        case 20: "not a directory"
        case 21: "is a directory"
        case 22: "invalid argument"
        case 23: "too many open files in system"
        case 24: "too many open files"
        case 26: "text file busy"
        case 28: "no space left on device"
        case 30: "read-only file system"
        case 36: "file name too long"
        case 40: "too many levels of symbolic links"
        case 80: "accessing a corrupted shared library"
        default: "errno \(code)"
        }
    }
}
