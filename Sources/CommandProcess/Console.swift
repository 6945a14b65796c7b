#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Standard output for what a command is asked for, standard error for everything else.
package enum Console {
    /// A message for the person at the terminal, on a line of its own.
    package static func note(_ message: String) {
        write(message + "\n", to: STDERR_FILENO)
    }

    package static func warning(_ message: String) {
        note(styled("warning:", .yellow) + " " + message)
    }

    package static func error(_ message: String) {
        note(styled("error:", .red) + " " + message)
    }

    /// An explanation: the cause, then what to do. Nothing when there is none.
    package static func explanation(_ lines: [String]) {
        guard let cause = lines.first else { return }
        error(cause)
        for line in lines.dropFirst() { note("  " + line) }
    }

    /// Lines as they are.
    package static func lines(_ lines: [String]) {
        for line in lines { note(line) }
    }

    /// Text that stays on the line: progress on a terminal.
    package static func status(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Text on standard output.
    package static func output(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Writes all the bytes; an error (a closed pipe, a full disk) ends the attempt and is returned as `false`.
    @discardableResult
    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = systemWrite(descriptor, rest.baseAddress, rest.count)
            if count < 0 && (errno == EINTR || waitUntilWritable(descriptor)) { continue }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        _ = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// A terminal or pipe that another program has set non-blocking is waited for.
    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        guard errno == EAGAIN else { return false }
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, -1) >= 0 || errno == EINTR
    }

    // MARK: Colour

    package enum Colour: String {
        case red = "31"
        case yellow = "33"
        case green = "32"
    }

    /// `text` in colour, on a terminal whose owner has not set NO_COLOR (https://no-color.org).
    package static func styled(_ text: String, _ colour: Colour) -> String {
        usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Whether progress and colour are welcome on standard error.
    package static let isTerminal = isatty(STDERR_FILENO) == 1

    private static let usesColour = isTerminal && getenv("NO_COLOR") == nil
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
