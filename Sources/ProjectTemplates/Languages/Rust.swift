extension ProjectTemplate {
    /// Rust on its standard library.
    static let rust = ProjectTemplate(
        title: "in Rust, on the standard library alone",
        buildMethod: "rust-cargolambda",
        codeURI: ".",
        needs: "Rust 1.77 or later (`cargo`)",
        ignored: ["target/"],
        tests: "cargo test",
        answer: #"{"message":"Hello from Rust","event":{"name": "Apus"}}"#,
        files: [rustHandler, rustRuntime, rustHTTP, rustMain, rustManifest, rustLock]
    )

    static let rustHandler = ProjectFile(
        "src/handler.rs",
        about: "your function",
        text: #"""
            //! Your function: wraps the event into a greeting.

            use std::error::Error;

            /// Called once, before the first event.
            pub fn set_up() -> Result<(), Box<dyn Error>> {
                Ok(()) // open what every event needs here
            }

            /// Answers one event. Both are JSON.
            pub fn handle(event: &str, _request_id: &str) -> Result<String, Box<dyn Error>> {
                // Any JSON value is a part of a larger one as it stands, so the event needs no parsing.
                Ok(format!(
                    r#"{{"message":"Hello from Rust","event":{}}}"#,
                    event.trim()
                ))
            }

            #[cfg(test)]
            mod tests {
                use super::handle;

                #[test]
                fn wraps_the_event() {
                    let answer = handle("{\"name\": \"Apus\"}\n", "1").unwrap();
                    assert_eq!(
                        answer,
                        r#"{"message":"Hello from Rust","event":{"name": "Apus"}}"#
                    );
                }
            }
            """#
    )

    static let rustRuntime = ProjectFile(
        "src/runtime.rs",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            //! The runtime: asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the
            //! process. An error on the way to the Runtime API ends it, and Lambda starts a new one.

            use crate::handler;
            use crate::http::{failure, Connection, Response};
            use std::convert::Infallible;
            use std::fmt::Write;
            use std::io;

            pub fn run() -> io::Result<Infallible> {
                let authority = std::env::var("AWS_LAMBDA_RUNTIME_API").map_err(|_| {
                    failure("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`")
                })?;
                let mut api = Connection::new(authority);
                if let Err(problem) = handler::set_up() {
                    report(
                        &mut api,
                        "init/error",
                        "Function.SetUpFailed",
                        &problem.to_string(),
                    )?;
                    return Err(failure(&problem.to_string()));
                }
                loop {
                    let event = api.call("GET", "invocation/next", None, b"")?;
                    let id = match &event.request_id {
                        Some(id) if event.status == 200 => id,
                        _ => {
                            return Err(failure(&format!(
                                "the Runtime API gave no event: {}",
                                event.status
                            )))
                        }
                    };
                    answer(&mut api, id, &event.body)?;
                }
            }

            fn answer(api: &mut Connection, id: &str, event: &[u8]) -> io::Result<()> {
                let result = std::str::from_utf8(event)
                    .map_err(Into::into)
                    .and_then(|event| handler::handle(event, id));
                match result {
                    Ok(answer) => {
                        let receipt = api.call(
                            "POST",
                            &format!("invocation/{id}/response"),
                            None,
                            answer.as_bytes(),
                        )?;
                        // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                        if receipt.status >= 300 {
                            eprintln!(
                                "runtime: {} {}",
                                receipt.status,
                                String::from_utf8_lossy(&receipt.body)
                            );
                        }
                    }
                    Err(problem) => {
                        report(
                            api,
                            &format!("invocation/{id}/error"),
                            "Function.Failed",
                            &problem.to_string(),
                        )?;
                    }
                }
                Ok(())
            }

            /// Tells Lambda what went wrong; `path` says in which phase.
            fn report(api: &mut Connection, path: &str, kind: &str, message: &str) -> io::Result<Response> {
                let body = format!(
                    r#"{{"errorType":{},"errorMessage":{}}}"#,
                    quoted(kind),
                    quoted(message)
                );
                api.call(
                    "POST",
                    path,
                    Some(("Lambda-Runtime-Function-Error-Type", kind)),
                    body.as_bytes(),
                )
            }

            /// As a JSON string.
            fn quoted(text: &str) -> String {
                let mut result = String::from('"');
                for character in text.chars() {
                    match character {
                        '"' | '\\' => result.extend(['\\', character]),
                        '\0'..='\x1f' => write!(result, "\\u{:04x}", character as u32).unwrap_or_default(),
                        _ => result.push(character),
                    }
                }
                result.push('"');
                result
            }

            #[cfg(test)]
            mod tests {
                use super::quoted;

                #[test]
                fn quotes() {
                    assert_eq!(quoted("a \"b\" \\ é\n"), r#""a \"b\" \\ é\u000a""#);
                }
            }
            """#
    )

    static let rustMain = ProjectFile(
        "src/main.rs",
        about: "starts the runtime",
        text: #"""
            //! A Lambda function on the standard library alone: handler.rs is yours, runtime.rs and http.rs speak with Lambda.

            mod handler;
            mod http;
            mod runtime;

            use std::process::ExitCode;

            fn main() -> ExitCode {
                match runtime::run() {
                    Ok(never) => match never {},
                    Err(error) => {
                        eprintln!("runtime: {error}");
                        ExitCode::FAILURE
                    }
                }
            }
            """#
    )

    static let rustManifest = ProjectFile(
        "Cargo.toml",
        about: "the package",
        text: #"""
            [package]
            name = "hello"
            version = "0.1.0"
            edition = "2021"
            rust-version = "1.77"
            publish = false

            [dependencies]
            """#
    )

    static let rustLock = ProjectFile(
        "Cargo.lock",
        about: "its dependencies: none",
        text: #"""
            # This file is automatically @generated by Cargo.
            # It is not intended for manual editing.
            version = 3

            [[package]]
            name = "hello"
            version = "0.1.0"
            """#
    )
}
