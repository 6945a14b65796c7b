/// A command line that cannot be meant; the message is for the user.
package struct EmulatorUsageError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
