package import EmulatorFrontDoor
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension EmulatorEnvironment {
    /// The function that this process's surroundings and a command describe.
    package static func ofThisProcess(command: [String]) -> EmulatorEnvironment {
        EmulatorEnvironment(
            arguments: command,
            variables: HostEnvironment.variables,
            currentDirectory: HostEnvironment.currentDirectory,
            isFile: { access($0, F_OK) == 0 }
        )
    }
}
