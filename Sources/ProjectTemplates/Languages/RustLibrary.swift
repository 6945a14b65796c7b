extension ProjectTemplate {
    /// Rust on lambda_runtime.
    static let rustLibrary = ProjectTemplate(
        title: "in Rust, on [lambda_runtime](https://crates.io/crates/lambda_runtime)",
        buildMethod: "rust-cargolambda",
        codeURI: ".",
        needs: "Rust (`cargo`), and the network when it is built for the first time",
        ignored: ["target/"],
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [rustLibraryHandler, rustLibraryMain, rustLibraryManifest]
    )

    static let rustLibraryHandler = ProjectFile(
        "src/handler.rs",
        about: "your function",
        text: #"""
            //! Your function.

            use lambda_runtime::{Error, LambdaEvent};
            use serde::{Deserialize, Serialize};

            /// What the function is invoked with.
            #[derive(Deserialize)]
            pub struct Event {
                name: String,
            }

            /// What it gives back.
            #[derive(Serialize)]
            pub struct Answer {
                message: String,
            }

            /// Answers one event. Its context has the request id and the deadline.
            pub async fn handle(event: LambdaEvent<Event>) -> Result<Answer, Error> {
                Ok(Answer {
                    message: format!("Hello, {}!", event.payload.name),
                })
            }
            """#
    )

    static let rustLibraryMain = ProjectFile(
        "src/main.rs",
        about: "hands it to the library",
        text: #"""
            //! A Lambda function on AWS's library for Rust: handler.rs is yours.

            mod handler;

            use lambda_runtime::{run, service_fn, Error};

            #[tokio::main]
            async fn main() -> Result<(), Error> {
                run(service_fn(handler::handle)).await
            }
            """#
    )

    static let rustLibraryManifest = ProjectFile(
        "Cargo.toml",
        about: "the package and its dependencies",
        text: #"""
            [package]
            name = "hello"
            version = "0.1.0"
            edition = "2021"
            publish = false

            [dependencies]
            lambda_runtime = "1"
            serde = { version = "1", features = ["derive"] }
            tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
            """#
    )
}
