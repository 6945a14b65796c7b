/// What has become of the environments that are to be kept ready for a version.
struct ProvisionedReadiness: Sendable, Hashable {
    /// How many have initialised.
    var ready = 0
    /// How often in a row they could not be initialised.
    var failures = 0
}
