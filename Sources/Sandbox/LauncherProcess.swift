internal import CLauncher
internal import LambdaModel

/// Starts this executable again as launcher or janitor.
enum LauncherProcess {
    /// The descriptors stay the caller's; all but `control` may be -1.
    static func spawn(
        _ name: String,
        control: Int32,
        status: Int32 = -1,
        output: Int32 = -1,
        extensionOutput: Int32 = -1,
        namespaces: RoomNamespaces? = nil,
        entries: [String]
    ) throws(LaunchFailure) -> Int32 {
        let descriptors = apus_spawn_descriptors(
            control: control,
            status: status,
            output: output,
            extension_output: extensionOutput,
            user_namespace: namespaces?.user ?? -1,
            mount_namespace: namespaces?.mount ?? -1
        )
        let result = withExtendedLifetime(namespaces) {
            withCStrings(entries) { apus_spawn_self(name, descriptors, $0) }
        }
        guard result > 0 else { throw .host(code: -result, operation: "start \(name)") }
        return result
    }

    /// A null-terminated array of C strings that lives during `body`: one allocation for all the text.
    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var text: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(text.count)
            text.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
            text.append(0)
        }
        return text.withUnsafeMutableBufferPointer { buffer in
            // Without a string there is no text, and then no offset is used either.
            var pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
            pointers.append(nil)
            return pointers.withUnsafeMutableBufferPointer { list in
                guard let base = list.baseAddress else { preconditionFailure("the list holds at least the final null") }
                return body(base)
            }
        }
    }
}
