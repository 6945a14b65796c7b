extension ProjectTemplate {
    /// Zig on its standard library.
    static let zig = ProjectTemplate(
        title: "in Zig",
        buildMethod: "zig",
        codeURI: "src/",
        needs: "Zig 0.17 (`pip install ziglang==0.17.*` is enough)",
        ignored: [".zig-cache/", "zig-out/"],
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [zigHandler, zigMain]
    )

    static let zigHandler = ProjectFile(
        "src/handler.zig",
        about: "your function",
        text: #"""
            //! Your function.

            const std = @import("std");

            pub const Event = struct {
                name: []const u8 = "world",
            };

            pub const Answer = struct {
                message: []const u8,
            };

            /// Called once, before the first event.
            pub fn setUp() !void {
                // open what every event needs here
            }

            /// Answers one event. What the arena gives is freed after the answer is sent.
            pub fn handle(arena: std.mem.Allocator, event: Event) !Answer {
                return .{ .message = try std.fmt.allocPrint(arena, "Hello, {s}!", .{event.name}) };
            }
            """#
    )

    static let zigMain = ProjectFile(
        "src/main.zig",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            //! The runtime: asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the
            //! process. An error on the way to the Runtime API ends it, and Lambda starts a new one.

            const std = @import("std");
            const handler = @import("handler.zig");

            /// Lambda's own limit of an event is 6 MB.
            const maximum_body = 8 * 1024 * 1024;

            const Runtime = struct {
                client: std.http.Client,
                /// `http://host:port/2018-06-01/runtime`
                base: []const u8,

                const Response = struct {
                    status: std.http.Status,
                    request_id: []const u8,
                    body: []const u8,
                };

                /// One request and its response, over a connection that is kept.
                fn call(
                    runtime: *Runtime,
                    arena: std.mem.Allocator,
                    method: std.http.Method,
                    path: []const u8,
                    headers: []const std.http.Header,
                    body: []u8,
                ) !Response {
                    const url = try std.mem.concat(arena, u8, &.{ runtime.base, path });
                    var request = try runtime.client.request(method, try std.Uri.parse(url), .{
                        .redirect_behavior = .unhandled,
                        .headers = .{ .accept_encoding = .omit, .content_type = .{ .override = "application/json" } },
                        .extra_headers = headers,
                    });
                    defer request.deinit();
                    if (method == .POST) {
                        try request.sendBodyComplete(body);
                    } else {
                        try request.sendBodiless();
                    }

                    var response = try request.receiveHead(&.{});
                    var request_id: []const u8 = "";
                    var fields = response.head.iterateHeaders();
                    while (fields.next()) |field| {
                        if (std.ascii.eqlIgnoreCase(field.name, "Lambda-Runtime-Aws-Request-Id")) {
                            // A copy, since reading the body makes the head invalid.
                            request_id = try arena.dupe(u8, field.value);
                        }
                    }
                    const status = response.head.status;
                    const length = response.head.content_length;
                    const content = try response.reader(&.{}).allocRemaining(arena, .limited(maximum_body));
                    // The client takes the end of a connection for the end of the body.
                    if (length != null and length != content.len) return error.EventCut;
                    return .{ .status = status, .request_id = request_id, .body = content };
                }

                /// Tells Lambda what went wrong; `path` says in which phase.
                fn report(runtime: *Runtime, arena: std.mem.Allocator, path: []const u8, kind: []const u8, problem: anyerror) !void {
                    const body = try std.json.Stringify.valueAlloc(arena, .{
                        .errorType = kind,
                        .errorMessage = @errorName(problem),
                    }, .{});
                    _ = try runtime.call(arena, .POST, path, &.{
                        .{ .name = "Lambda-Runtime-Function-Error-Type", .value = kind },
                    }, body);
                }

                fn serveOne(runtime: *Runtime, arena: std.mem.Allocator) !void {
                    const event = try runtime.call(arena, .GET, "/invocation/next", &.{}, &.{});
                    if (event.status != .ok or event.request_id.len == 0) return error.NoEvent;

                    const path = try std.mem.concat(arena, u8, &.{ "/invocation/", event.request_id });
                    const answer = respond(arena, event.body) catch |problem| {
                        const place = try std.mem.concat(arena, u8, &.{ path, "/error" });
                        return runtime.report(arena, place, "Function.Failed", problem);
                    };
                    const place = try std.mem.concat(arena, u8, &.{ path, "/response" });
                    const receipt = try runtime.call(arena, .POST, place, &.{}, answer);
                    // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                    if (receipt.status.class() != .success) std.log.err("{d} {s}", .{ @intFromEnum(receipt.status), receipt.body });
                }
            };

            fn respond(arena: std.mem.Allocator, body: []const u8) ![]u8 {
                const event = try std.json.parseFromSliceLeaky(handler.Event, arena, body, .{ .ignore_unknown_fields = true });
                return std.json.Stringify.valueAlloc(arena, try handler.handle(arena, event), .{});
            }

            pub fn main(init: std.process.Init) !void {
                const authority = init.environ_map.get("AWS_LAMBDA_RUNTIME_API") orelse {
                    std.log.err("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`", .{});
                    return error.NoRuntimeAPI;
                };
                var runtime: Runtime = .{
                    .client = .{ .allocator = init.gpa, .io = init.io },
                    .base = try std.mem.concat(init.arena.allocator(), u8, &.{ "http://", authority, "/2018-06-01/runtime" }),
                };

                defer runtime.client.deinit();

                var arena: std.heap.ArenaAllocator = .init(init.gpa);
                defer arena.deinit();
                handler.setUp() catch |problem| {
                    try runtime.report(arena.allocator(), "/init/error", "Function.SetUpFailed", problem);
                    return problem;
                };
                while (true) {
                    try runtime.serveOne(arena.allocator());
                    _ = arena.reset(.{ .retain_with_limit = 1024 * 1024 });
                }
            }
            """#
    )
}
