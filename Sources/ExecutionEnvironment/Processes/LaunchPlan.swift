package import Sandbox

/// What to start for an init phase.
package struct LaunchPlan: Sendable {
    package var specification: LaunchSpecification
    /// The bootstrap's path in messages, as the function would see it on Lambda.
    package var shownPath: String

    package init(specification: LaunchSpecification, shownPath: String) {
        self.specification = specification
        self.shownPath = shownPath
    }
}
