extension ProjectTemplate {
    /// Swift on swift-aws-lambda-runtime.
    static let swiftLibrary = ProjectTemplate(
        title: "in Swift, on [swift-aws-lambda-runtime](https://github.com/awslabs/swift-aws-lambda-runtime)",
        buildMethod: "swift",
        codeURI: ".",
        needs: "Swift 6.1 or later, and the network when it is built for the first time",
        ignored: [".build/"],
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [swiftLibraryHandler, swiftLibraryMain, swiftLibraryPackage]
    )

    static let swiftLibraryHandler = ProjectFile(
        "Sources/Hello/Handler.swift",
        about: "your function",
        text: #"""
            import AWSLambdaRuntime

            /// What the function is invoked with.
            struct Event: Decodable {
                var name: String
            }

            /// What it gives back.
            struct Answer: Encodable {
                var message: String
            }

            /// Answers one event. The context has the request id, the deadline and a logger.
            func handle(_ event: Event, _ context: LambdaContext) async throws -> Answer {
                Answer(message: "Hello, \(event.name)!")
            }
            """#
    )

    static let swiftLibraryMain = ProjectFile(
        "Sources/Hello/main.swift",
        about: "hands it to the library",
        text: #"""
            import AWSLambdaRuntime

            // A Lambda function on the library for Swift: Handler.swift is yours.
            let runtime = LambdaRuntime { (event: Event, context: LambdaContext) in
                try await handle(event, context)
            }
            try await runtime.run()
            """#
    )

    static let swiftLibraryPackage = ProjectFile(
        "Package.swift",
        about: "the package and its dependency",
        text: #"""
            // swift-tools-version: 6.1

            import PackageDescription

            let package = Package(
                name: "hello",
                platforms: [.macOS(.v15)],
                dependencies: [
                    .package(url: "https://github.com/awslabs/swift-aws-lambda-runtime.git", from: "2.0.0")
                ],
                targets: [
                    .executableTarget(
                        name: "Hello",
                        dependencies: [.product(name: "AWSLambdaRuntime", package: "swift-aws-lambda-runtime")]
                    )
                ]
            )
            """#
    )
}
