//! A Lambda function in Rust on the standard library alone: answers each event with its length and checksum.

mod checksum;
mod runtime;

use checksum::checksum;
use runtime::RuntimeApi;
use std::hint::black_box;
use std::process::ExitCode;

/// A length that is no multiple of any vector's, and its checksum: 1 + 2 + … + 1003.
const SELF_CHECK: ([u8; 1003], u32) = ([1; 1003], 503_506);

fn main() -> ExitCode {
    // Comes first, so that a build for another CPU is found out during init and not with the first customer.
    if checksum(black_box(&SELF_CHECK.0)) != SELF_CHECK.1 {
        eprintln!("rust-checksum: the checksum of the self-check is wrong");
        return ExitCode::FAILURE;
    }
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rust-checksum: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> std::io::Result<()> {
    let mut api = RuntimeApi::from_environment()?;
    loop {
        let event = api.next()?;
        let body = &event.body;
        let answer = format!("{{\"bytes\": {}, \"checksum\": \"{:08x}\"}}", body.len(), checksum(body));
        api.respond(&event.request_id, answer.as_bytes())?;
    }
}
