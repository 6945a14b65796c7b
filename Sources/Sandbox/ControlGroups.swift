/// Where control groups can be made on this machine, by this user. Source: cgroups(7) of the Linux manual.
package struct ControlGroups: Sendable, Hashable {
    /// A directory in which groups can be made, and the version of its files.
    package struct Place: Sendable, Hashable {
        package var directory: String
        package var version: Int
    }

    /// `nil`: nowhere.
    package var memory: Place?
    package var processes: Place?
    package var cpu: Place?
    /// Version 2 can freeze without any controller.
    package var freezer: Place?

    package init() {}
}
