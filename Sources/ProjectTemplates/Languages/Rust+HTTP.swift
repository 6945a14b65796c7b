extension ProjectTemplate {
    static let rustHTTP = ProjectFile(
        "src/http.rs",
        about: "HTTP for the runtime",
        text: #"""
            //! HTTP/1.1 with Lambda's Runtime API over one kept TCP connection.

            use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};
            use std::net::TcpStream;

            const PREFIX: &str = "/2018-06-01/runtime/";
            /// Of a response's header, status line included.
            const MAXIMUM_HEADER: u64 = 64 << 10;
            /// Lambda's own limit of an event is 6 MB.
            const MAXIMUM_BODY: usize = 8 << 20;

            pub struct Connection {
                authority: String,
                stream: Option<BufReader<TcpStream>>,
            }

            #[derive(Debug)]
            pub struct Response {
                pub status: u16,
                pub request_id: Option<String>,
                pub body: Vec<u8>,
                keeps_alive: bool,
            }

            impl Connection {
                /// `authority` is host:port.
                pub fn new(authority: String) -> Connection {
                    Connection {
                        authority,
                        stream: None,
                    }
                }

                /// One request and its response. A failure is not tried again: Lambda starts a new process.
                pub fn call(
                    &mut self,
                    method: &str,
                    path: &str,
                    header: Option<(&str, &str)>,
                    body: &[u8],
                ) -> io::Result<Response> {
                    let mut stream = match self.stream.take() {
                        Some(stream) => stream,
                        None => {
                            let stream = TcpStream::connect(&self.authority)?;
                            stream.set_nodelay(true)?;
                            BufReader::new(stream)
                        }
                    };
                    let header = header
                        .map(|(name, value)| format!("{name}: {value}\r\n"))
                        .unwrap_or_default();
                    // One write, so that the head does not travel without the body.
                    let mut request = format!(
                        "{method} {PREFIX}{path} HTTP/1.1\r\nHost: {}\r\n{header}Content-Type: application/json\r\n\
                         Content-Length: {}\r\n\r\n",
                        self.authority,
                        body.len()
                    )
                    .into_bytes();
                    request.extend_from_slice(body);
                    stream.get_mut().write_all(&request)?;
                    let response = read_response(&mut stream)?;
                    if response.keeps_alive {
                        self.stream = Some(stream);
                    }
                    Ok(response)
                }
            }

            fn read_response(stream: &mut impl BufRead) -> io::Result<Response> {
                let mut head = stream.by_ref().take(MAXIMUM_HEADER);
                let status_line = read_line(&mut head)?;
                let status = status_line
                    .strip_prefix("HTTP/1.")
                    .and_then(|rest| rest.split(' ').nth(1))
                    .and_then(|code| code.parse().ok())
                    .ok_or_else(|| failure("the Runtime API's answer is not HTTP/1"))?;
                let mut response = Response {
                    status,
                    request_id: None,
                    body: Vec::new(),
                    keeps_alive: status_line.starts_with("HTTP/1.1"),
                };
                let mut length = None;
                let mut is_chunked = false;
                loop {
                    let line = read_line(&mut head)?;
                    if line.is_empty() {
                        break;
                    }
                    let (name, value) = line
                        .split_once(':')
                        .ok_or_else(|| failure("a header line without a colon"))?;
                    let value = value.trim();
                    match name.to_ascii_lowercase().as_str() {
                        "content-length" => {
                            length = Some(
                                value
                                    .parse()
                                    .map_err(|_| failure("Content-Length is no number"))?,
                            )
                        }
                        "transfer-encoding" => is_chunked = value.eq_ignore_ascii_case("chunked"),
                        "connection" if value.eq_ignore_ascii_case("close") => response.keeps_alive = false,
                        "lambda-runtime-aws-request-id" => response.request_id = Some(value.to_string()),
                        _ => {}
                    }
                }
                if is_chunked {
                    read_chunks(stream, &mut response.body)?;
                } else {
                    read_exactly(stream, length.unwrap_or(0), &mut response.body)?;
                }
                Ok(response)
            }

            /// A line without its end. A connection that ends before is an error.
            fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
                let mut bytes = Vec::new();
                stream.read_until(b'\n', &mut bytes)?;
                if bytes.pop() != Some(b'\n') {
                    return Err(Error::new(
                        ErrorKind::UnexpectedEof,
                        "the Runtime API's answer ends in its header, or is too long",
                    ));
                }
                if bytes.last() == Some(&b'\r') {
                    bytes.pop();
                }
                String::from_utf8(bytes).map_err(|_| failure("a header that is not UTF-8"))
            }

            fn read_exactly(stream: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
                if length > MAXIMUM_BODY.saturating_sub(body.len()) {
                    return Err(failure("the event is too large"));
                }
                let count = stream.by_ref().take(length as u64).read_to_end(body)?;
                if count < length {
                    return Err(Error::new(
                        ErrorKind::UnexpectedEof,
                        "the Runtime API's answer ends in its body",
                    ));
                }
                Ok(())
            }

            fn read_chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
                loop {
                    let line = read_line(&mut stream.by_ref().take(MAXIMUM_HEADER))?;
                    let size = line.split(';').next().unwrap_or("").trim();
                    let length =
                        usize::from_str_radix(size, 16).map_err(|_| failure("a chunk's size is no number"))?;
                    read_exactly(stream, length, body)?;
                    // The line after a chunk is empty; after the last one come trailers, and then an empty line.
                    loop {
                        let is_end = read_line(&mut stream.by_ref().take(MAXIMUM_HEADER))?.is_empty();
                        if is_end {
                            break;
                        }
                        if length > 0 {
                            return Err(failure("a chunk that is longer than its size"));
                        }
                    }
                    if length == 0 {
                        return Ok(());
                    }
                }
            }

            pub fn failure(message: &str) -> Error {
                Error::other(message)
            }

            #[cfg(test)]
            mod tests {
                use super::read_response;

                fn body(text: &str) -> Option<Vec<u8>> {
                    read_response(&mut text.as_bytes())
                        .ok()
                        .map(|response| response.body)
                }

                #[test]
                fn reads_bodies_of_both_kinds() {
                    assert_eq!(
                        body("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcX"),
                        Some(b"abc".to_vec())
                    );
                    assert_eq!(
                        body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\nT: x\r\n\r\n"),
                        Some(b"abcd".to_vec())
                    );
                    assert_eq!(body("HTTP/1.1 202 Accepted\r\n\r\n"), Some(Vec::new()));
                }

                #[test]
                fn refuses_what_is_cut_or_no_http() {
                    for text in [
                        "",
                        "HTTP/1.1 200",
                        "SMTP\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nX\r\n\r\n",
                    ] {
                        assert_eq!(body(text), None, "{text:?}");
                    }
                }

                #[test]
                fn finds_the_request_id_in_any_case() {
                    let text =
                        "HTTP/1.1 200 OK\r\nLAMBDA-RUNTIME-AWS-REQUEST-ID: 1-2\r\nConnection: close\r\n\r\n";
                    let response = read_response(&mut text.as_bytes()).unwrap();
                    assert_eq!(response.request_id.as_deref(), Some("1-2"));
                    assert!(!response.keeps_alive);
                }
            }
            """#
    )
}
