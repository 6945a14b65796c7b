/// Whether one more invocation may run at all: others may share a limit with this pool.
enum Room {
    case free
    /// There will be when one of this pool's invocations ends.
    case taken
    /// As `taken`, and others wait for it.
    case contested
    /// There will not be, however long one waits.
    case never
}
