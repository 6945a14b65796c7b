extension ProjectTemplate {
    static let cppConnectionHeader = ProjectFile(
        "src/connection.hpp",
        about: "HTTP for the runtime",
        text: #"""
            // HTTP/1.1 with Lambda's Runtime API over one kept connection.

            #pragma once

            #include <array>
            #include <string>
            #include <string_view>

            struct Response {
                int status = 0;
                std::string request_id;
                std::string body;
            };

            /// What goes wrong is thrown: whoever calls can only end the process, so that Lambda starts a new one.
            class Connection {
            public:
                /// `authority` is host:port.
                explicit Connection(std::string authority);
                ~Connection();
                Connection(const Connection &) = delete;
                Connection &operator=(const Connection &) = delete;

                /// One request and its response. `header` is empty, or a line with its end.
                Response call(std::string_view method, std::string_view path, std::string_view body = {},
                              std::string_view header = {});

            private:
                void connect();
                void hang_up();
                void send(std::string_view bytes);
                void receive();
                std::string read_line();
                void read_body(std::string &body, std::size_t length);
                void read_chunks(std::string &body);
                Response read_response();

                std::string authority_;
                int socket_ = -1;
                std::array<char, 65536> buffer_;
                std::string_view received_; // the part of the buffer that has not been read
            };
            """#
    )

    static let cppConnection = ProjectFile(
        "src/connection.cpp",
        about: "the same",
        text: #"""
            #include "connection.hpp"

            #include <algorithm>
            #include <arpa/inet.h>
            #include <cerrno>
            #include <charconv>
            #include <cstdint>
            #include <netinet/tcp.h>
            #include <stdexcept>
            #include <sys/socket.h>
            #include <system_error>
            #include <unistd.h>
            #include <utility>

            namespace {

            constexpr std::size_t line_limit = 64 * 1024;
            constexpr std::size_t body_limit = 8 * 1024 * 1024; // Lambda's own limit of an event is 6 MB

            [[noreturn]] void fail_by_errno(const std::string &what) {
                throw std::system_error(errno, std::generic_category(), what);
            }

            template <typename Number> Number number(std::string_view text, int base = 10) {
                Number value{};
                const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
                if (error != std::errc{} || end == text.data()) throw std::runtime_error('"' + std::string(text) + "\" is no number");
                return value;
            }

            bool is_same(std::string_view a, std::string_view b) {
                const auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
                return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
            }

            /// The address is one in numbers, as Lambda gives it: a static program has no resolver.
            sockaddr_in address_of(const std::string &authority) {
                const auto colon = authority.find(':');
                if (colon == std::string::npos) throw std::runtime_error("not host:port: " + authority);
                auto host = authority.substr(0, colon);
                if (host == "localhost") host = "127.0.0.1";
                sockaddr_in address{};
                address.sin_family = AF_INET;
                address.sin_port = htons(number<std::uint16_t>(std::string_view(authority).substr(colon + 1)));
                if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
                    throw std::runtime_error("not an IPv4 address: " + host);
                return address;
            }

            } // namespace

            Connection::Connection(std::string authority) : authority_(std::move(authority)) {}

            Connection::~Connection() { hang_up(); }

            Response Connection::call(std::string_view method, std::string_view path, std::string_view body,
                                      std::string_view header) {
                if (socket_ < 0) connect();
                // One write, so that the head does not travel without the body.
                std::string request;
                request.append(method).append(" /2018-06-01/runtime/").append(path).append(" HTTP/1.1\r\nHost: ");
                request.append(authority_).append("\r\n").append(header).append("Content-Type: application/json\r\n");
                request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
                send(request);
                return read_response();
            }

            // MARK: The socket

            void Connection::connect() {
                const auto address = address_of(authority_);
                received_ = {};
                socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr *>(&address), sizeof address) < 0)
                    fail_by_errno("the Runtime API at " + authority_);
                const int on = 1;
                setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            }

            void Connection::hang_up() {
                if (socket_ >= 0) close(socket_);
                socket_ = -1;
            }

            void Connection::send(std::string_view bytes) {
                while (!bytes.empty()) {
                    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                    if (sent < 0 && errno == EINTR) continue;
                    if (sent < 0) fail_by_errno("sending to the Runtime API");
                    bytes.remove_prefix(static_cast<std::size_t>(sent));
                }
            }

            /// Receives into the buffer, of which everything has been read.
            void Connection::receive() {
                ssize_t count;
                do count = recv(socket_, buffer_.data(), buffer_.size(), 0);
                while (count < 0 && errno == EINTR);
                if (count < 0) fail_by_errno("receiving from the Runtime API");
                if (count == 0) throw std::runtime_error("the Runtime API hung up");
                received_ = {buffer_.data(), static_cast<std::size_t>(count)};
            }

            // MARK: HTTP

            /// A line without its end.
            std::string Connection::read_line() {
                std::string line;
                for (;;) {
                    if (received_.empty()) receive();
                    const auto end = received_.find('\n');
                    line += received_.substr(0, end);
                    received_.remove_prefix(end == std::string_view::npos ? received_.size() : end + 1);
                    if (line.size() > line_limit) throw std::runtime_error("a line of the Runtime API's is too long");
                    if (end == std::string_view::npos) continue;
                    if (!line.empty() && line.back() == '\r') line.pop_back();
                    return line;
                }
            }

            /// Adds `length` bytes to the body.
            void Connection::read_body(std::string &body, std::size_t length) {
                if (length > body_limit - body.size()) throw std::runtime_error("the event is too large");
                body.reserve(body.size() + length);
                while (length > 0) {
                    if (received_.empty()) receive();
                    const auto part = received_.substr(0, length);
                    body += part;
                    received_.remove_prefix(part.size());
                    length -= part.size();
                }
            }

            void Connection::read_chunks(std::string &body) {
                while (const auto length = number<std::size_t>(read_line(), 16)) {
                    read_body(body, length);
                    if (!read_line().empty()) throw std::runtime_error("a chunk is longer than its size");
                }
                while (!read_line().empty()) {} // trailers
            }

            Response Connection::read_response() {
                const auto status_line = read_line();
                if (status_line.rfind("HTTP/1.", 0) != 0 || status_line.size() < 12)
                    throw std::runtime_error("the Runtime API does not speak HTTP/1");
                Response response;
                response.status = number<int>(std::string_view(status_line).substr(9, 3));

                std::size_t length = 0;
                bool is_chunked = false, closes = false;
                for (auto line = read_line(); !line.empty(); line = read_line()) {
                    const auto colon = line.find(':');
                    if (colon == std::string::npos) throw std::runtime_error("a header without a colon");
                    const auto name = std::string_view(line).substr(0, colon);
                    const auto start = line.find_first_not_of(" \t", colon + 1);
                    const auto value = start == std::string::npos ? std::string_view() : std::string_view(line).substr(start);
                    if (is_same(name, "Content-Length")) length = number<std::size_t>(value);
                    if (is_same(name, "Transfer-Encoding")) is_chunked = is_same(value, "chunked");
                    if (is_same(name, "Connection")) closes = is_same(value, "close");
                    if (is_same(name, "Lambda-Runtime-Aws-Request-Id")) response.request_id = value;
                }
                if (is_chunked) read_chunks(response.body);
                else read_body(response.body, length);
                if (closes) hang_up();
                return response;
            }
            """#
    )
}
