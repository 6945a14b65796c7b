internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What this machine lets the backend `sandbox` do. Found out by trying.
package struct SandboxSupport: Sendable, Hashable {
    /// The caller's own user, who becomes the function's in a user namespace; `nil`: root, without one.
    var outerUser: RoomSpecification.User?
    package var groups: ControlGroups
    /// This process's id, for the names of control groups.
    var process: Int32

    package var usesUserNamespace: Bool { outerUser != nil }

    /// Why there can be no sandbox here.
    package struct Refusal: Error, Sendable, Hashable {
        /// What failed, and how.
        package var reason: String
        package var hint: String
    }

    /// Makes a small room and tries to start a program in it, which takes about 5 ms.
    package static func probe() throws(Refusal) -> SandboxSupport {
        #if os(Linux)
        let user = RoomSpecification.User(user: geteuid(), group: getegid())
        var support = SandboxSupport(outerUser: nil, groups: .find(), process: getpid())
        support.groups.removeLeftovers()
        guard user.user == 0 else {
            support.outerUser = user
            try SandboxProbe(support).run()
            return support
        }
        do throws(Refusal) {
            try SandboxProbe(support).run()
        } catch {
            // root of a container that may not do what root does.
            support.outerUser = user
            do throws(Refusal) { try SandboxProbe(support).run() } catch _ { throw error }
        }
        return support
        #else
        throw Refusal(reason: "this system has no namespaces", hint: "use --backend container")
        #endif
    }
}
