/// The options of AWS's emulator, as they are written.
package enum EmulatorOption: String, Sendable, CaseIterable {
    case runtimeAPIAddress = "--runtime-api-address"
    case frontDoorAddress = "--runtime-interface-emulator-address"
    case logLevel = "--log-level"
    case initCaching = "--enable-init-caching"

    package var takesValue: Bool { self != .initCaching }
}
