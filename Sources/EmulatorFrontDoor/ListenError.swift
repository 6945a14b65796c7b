import LambdaModel
import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why a port could not be opened, for the user.
enum ListenError {
    static func make(_ address: Emulator.Address, option: String, _ error: any Error) -> ApusError {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return ApusError(
            "rie.listen",
            "cannot listen on \(address): \(reason)",
            hint: "Choose another address with \(option) HOST:PORT."
        )
    }
}
