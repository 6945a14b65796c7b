extension ProjectTemplate {
    /// Swift on its own libraries.
    static let swift = ProjectTemplate(
        title: "in Swift, on Swift's own libraries alone",
        buildMethod: "swift",
        codeURI: ".",
        needs: "Swift 6.0 or later",
        ignored: [".build/"],
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [swiftHandler, swiftRuntime, swiftHTTPConnection, swiftSocket, swiftLog, swiftMain, swiftPackage]
    )

    static let swiftHandler = ProjectFile(
        "Sources/Hello/Handler.swift",
        about: "your function",
        text: #"""
            /// What the function is invoked with.
            struct Event: Decodable {
                var name: String
            }

            /// What it gives back.
            struct Answer: Encodable {
                var message: String
            }

            /// Your function: made once, before the first event.
            struct Handler {
                init() throws {
                    // Open what every event needs here.
                }

                /// Answers one event.
                func handle(_ event: Event, requestID: String) async throws -> Answer {
                    Answer(message: "Hello, \(event.name)!")
                }
            }
            """#
    )

    static let swiftRuntime = ProjectFile(
        "Sources/Hello/Runtime.swift",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            #if canImport(FoundationEssentials)
            import FoundationEssentials
            #else
            import Foundation
            #endif

            /// Asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the process. An error
            /// on the way to the Runtime API ends it, and Lambda starts a new one.
            struct Runtime {
                private var api: HTTPConnection

                /// - Parameter authority: host:port of the Runtime API.
                init(authority: String) {
                    api = HTTPConnection(authority: authority)
                }

                mutating func run() async throws -> Never {
                    let handler: Handler
                    do {
                        handler = try Handler()
                    } catch {
                        try report(error, "Function.SetUpFailed", path: "init/error")
                        throw error
                    }
                    while true {
                        let event = try api.call("GET", "invocation/next")
                        guard event.status == 200, let id = event.requestID else {
                            throw RuntimeError("the Runtime API gave no event: \(event.status)")
                        }
                        try await answer(event.body, id, handler)
                    }
                }

                private mutating func answer(_ body: [UInt8], _ id: String, _ handler: Handler) async throws {
                    let answer: Data
                    do {
                        let event = try JSONDecoder().decode(Event.self, from: Data(body))
                        answer = try JSONEncoder().encode(await handler.handle(event, requestID: id))
                    } catch {
                        return try report(error, "Function.Failed", path: "invocation/\(id)/error")
                    }
                    let receipt = try api.call("POST", "invocation/\(id)/response", body: Array(answer))
                    // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                    if receipt.status >= 300 { log("runtime: \(receipt.status) \(String(decoding: receipt.body, as: UTF8.self))") }
                }

                /// Tells Lambda what went wrong; `path` says in which phase.
                private mutating func report(_ error: any Error, _ type: String, path: String) throws {
                    let body = try JSONEncoder().encode(["errorType": type, "errorMessage": "\(error)"])
                    _ = try api.call("POST", path, header: ("Lambda-Runtime-Function-Error-Type", type), body: Array(body))
                }
            }

            struct RuntimeError: Error, CustomStringConvertible {
                var description: String

                init(_ description: String) { self.description = description }
            }
            """#
    )

    static let swiftMain = ProjectFile(
        "Sources/Hello/Hello.swift",
        about: "starts the runtime",
        text: #"""
            #if canImport(Glibc)
            import Glibc
            #elseif canImport(Musl)
            import Musl
            #else
            import Darwin
            #endif

            /// A Lambda function on Swift's own libraries alone: `Handler` is yours, `Runtime` speaks with Lambda.
            @main
            struct Hello {
                static func main() async {
                    do {
                        guard let authority = getenv("AWS_LAMBDA_RUNTIME_API") else {
                            throw RuntimeError("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`")
                        }
                        var runtime = Runtime(authority: String(cString: authority))
                        try await runtime.run()
                    } catch {
                        log("runtime: \(error)")
                        exit(EXIT_FAILURE)
                    }
                }
            }
            """#
    )

    static let swiftLog = ProjectFile(
        "Sources/Hello/Log.swift",
        about: "a line for the log",
        text: #"""
            #if canImport(Glibc)
            import Glibc
            #elseif canImport(Musl)
            import Musl
            #else
            import Darwin
            #endif

            /// Writes a line to the function's log at once; what `print` writes waits in a buffer.
            func log(_ message: String) {
                let line = Array((message + "\n").utf8)
                _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            }
            """#
    )

    static let swiftPackage = ProjectFile(
        "Package.swift",
        about: "the package",
        text: #"""
            // swift-tools-version: 6.0

            import PackageDescription

            let package = Package(
                name: "hello",
                platforms: [.macOS(.v15)],
                targets: [.executableTarget(name: "Hello")]
            )
            """#
    )
}
