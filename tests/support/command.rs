//! The program, run to its end, and what it said.

#![allow(dead_code)] // Every file of tests uses another part of it.

use assert_cmd::{Command, assert::Assert};
use serde_json::Value;

use crate::folder::Folder;

/// What of the tester's own surroundings would change what recto does.
const SURROUNDINGS: [&str; 11] = [
    "RECTO_LIBRARY",
    "RECTO_CONFIG",
    "RECTO_THEME",
    "NO_COLOR",
    "BROWSER",
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

/// The program with a home in `folder`, and its database in `data` there.
pub fn recto(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recto"));
    command
        .args(arguments)
        .env("RECTO_DATA", folder.path("data"))
        .env("HOME", folder.root())
        .env("XDG_CONFIG_HOME", folder.path(".config"))
        .env("XDG_DATA_HOME", folder.path(".local/share"))
        .env("TZ", "UTC");
    for name in SURROUNDINGS {
        command.env_remove(name);
    }
    command
}

/// What it printed, and what it complained of.
pub fn said(assert: &Assert) -> (String, String) {
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// What it printed.
pub fn out(assert: &Assert) -> String {
    said(assert).0
}

/// What a run printed that went well.
pub fn run(folder: &Folder, arguments: &[&str]) -> String {
    out(&recto(folder, arguments).assert().success())
}

/// The titles of stories that were listed as JSON.
pub fn titles_of(listed: &str) -> Vec<String> {
    let objects = listed.lines().map(|it| serde_json::from_str(it).unwrap());
    objects
        .map(|object: Value| object["title"].as_str().unwrap().to_owned())
        .collect()
}

/// The titles of what a query finds.
pub fn titles(folder: &Folder, query: &str) -> Vec<String> {
    titles_of(&out(&recto(folder, &["list", "--json", query]).assert()))
}
