use std::os::unix::process::CommandExt;

fn main() {
    let answer = format!("{{\"language\":\"rust\",\"machine\":\"{}\"}}", std::env::consts::ARCH);
    let error = std::process::Command::new("/bin/sh").args(["-c", include_str!("runtime.sh"), "sh", &answer]).exec();
    panic!("{error}");
}
