//! Starts a shell that speaks with the Runtime API.
const std = @import("std");
const builtin = @import("builtin");

const answer = "{\"language\":\"zig\",\"machine\":\"" ++ @tagName(builtin.cpu.arch) ++ "\"}";

pub fn main(init: std.process.Init.Minimal) u8 {
    const arguments = [_:null]?[*:0]const u8{ "sh", "-c", @embedFile("runtime.sh"), "sh", answer };
    _ = std.os.linux.execve("/bin/sh", &arguments, init.environ.block.slice.ptr);
    return 1;
}
