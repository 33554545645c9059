//! `recto config`: the settings file as the real binary finds, reads and prints it.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/folder.rs"]
mod folder;

use assert_cmd::Command;
use folder::Folder;

/// Where a settings file lies if nobody says otherwise.
const FILE: &str = ".config/recto/config.toml";

/// The code, what was printed and what was complained of, the folder's path left out.
fn recto(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_recto"))
        .env_clear()
        .env("HOME", folder.root())
        .envs(variables.iter().copied())
        .current_dir(folder.root())
        .args(arguments)
        .output()
        .unwrap();
    let told = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_owned()).unwrap();
        text.replace(&format!("{}/", folder.root().display()), "")
    };
    let code = output.status.code().unwrap();
    (code, told(&output.stdout), told(&output.stderr))
}

fn check(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    recto(folder, &[&["config", "check"], arguments].concat(), &[])
}

#[test]
fn the_path_is_told_whether_there_is_a_file_or_not() {
    let folder = Folder::new();
    let path = |arguments: &[&str], variables: &[(&str, &str)]| {
        let all = [&["config", "path"], arguments].concat();
        let (code, out, err) = recto(&folder, &all, variables);
        assert_eq!((code, err.as_str()), (0, ""));
        out
    };
    assert_eq!(path(&[], &[]), format!("{FILE}\n"));
    let elsewhere = [("XDG_CONFIG_HOME", "/etc/xdg")];
    assert_eq!(path(&[], &elsewhere), "/etc/xdg/recto/config.toml\n");
    let named = [("RECTO_CONFIG", "a.toml")];
    assert_eq!(path(&[], &named), "a.toml\n");
    assert_eq!(path(&["--config", "b.toml"], &named), "b.toml\n");
}

#[test]
fn the_default_file_is_printed_and_nothing_is_wrong_with_it() {
    let folder = Folder::new();
    let (code, text, _) = recto(&folder, &["config", "default"], &[]);
    assert_eq!(code, 0);
    assert!(text.contains("#refresh = \"never\"\n"), "{text}");
    let folder = folder.with(FILE, text);
    let (code, out, err) = check(&folder, &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, format!("{FILE}: nothing is wrong; no lists are set\n"));
}

#[test]
fn what_is_wrong_is_told_line_by_line() {
    let text = "refesh = '1h'\n[[rule]]\nwhen = 'is:unred'\ndo = ['read']\n[[feed]]\nurl = 'https://a.b/'\n";
    let folder = Folder::new().with(FILE, text);
    let (code, out, err) = check(&folder, &[]);
    assert_eq!((code, out.as_str()), (1, ""));
    let lines: Vec<_> = err.lines().collect();
    assert_eq!(lines.len(), 2, "{err}");
    let first = "there is no setting “refesh”; did you mean “refresh”?";
    assert_eq!(lines[0], format!("recto: {FILE}:1:1: {first}"));
    assert!(lines[1].starts_with(&format!("recto: {FILE}:3:9: when: is:unred is none of ")));
}

#[test]
fn a_file_that_is_not_there_is_an_error_where_it_was_named() {
    let folder = Folder::new();
    let (code, out, err) = check(&folder, &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("recto config default prints one"), "{out}");
    let (code, out, err) = check(&folder, &["--config", "b.toml"]);
    assert_eq!((code, out.as_str()), (1, ""));
    let told = "recto: b.toml: there is no such file; --config or RECTO_CONFIG names it\n";
    assert_eq!(err, told);
    let (code, _, err) = check(&folder, &["--config", "."]);
    assert_eq!(code, 1);
    assert!(err.starts_with("recto: . could not be read: "), "{err}");
}

#[test]
fn rules_may_name_what_is_kept_in_the_database() {
    let text = "[[rule]]\nwhen = '@evening'\ndo = ['read']\n";
    let folder = Folder::new().with(FILE, text);
    let data = ["--data", "data"];
    let (code, _, err) = check(&folder, &data);
    assert_eq!(code, 1);
    assert!(err.contains("no query is kept as @evening"), "{err}");
    assert!(!folder.path("data").exists(), "to check makes no database");
    let keep = ["list", "is:unread", "--save", "evening", "--data", "data"];
    let (code, _, err) = recto(&folder, &keep, &[]);
    assert_eq!(code, 0, "{err}");
    let (code, out, _) = check(&folder, &data);
    assert_eq!(code, 0);
    assert_eq!(out, format!("{FILE}: nothing is wrong; 1 rule\n"));
}

#[test]
fn each_wrong_entry_is_told_by_file_line_and_key_with_what_to_do() {
    let text = "refresh = 'often'\nahead = 'soon'\nproxy = 'ftp://x'\n[[feed]]\nurl = 'example.org'\n\
                keep_days = '30'\nfolder = ''\n[[search]]\nname = ''\nquery = 'is:unred'\n[[rule]]\n\
                when = 'x'\ndo = ['reed']\nuntil = 'soon'\n[[open]]\ntype = 'audio'\ncommand = 'mpv'\n\
                notify = 'x\n";
    let folder = Folder::new().with(FILE, text);
    let (code, out, err) = check(&folder, &[]);
    assert_eq!((code, out.as_str()), (1, ""));
    let wanted = [
        (1, "refresh: this is no time; write how often"),
        (2, "ahead: write true, false"),
        (3, "proxy: this is no proxy that recto knows; write"),
        (5, "url: this is no whole address; write https:// before it"),
        (
            6,
            "keep_days: a whole number from 1 on is wanted, without quotes",
        ),
        (7, "folder: there is no name in it; write"),
        (9, "name: there is nothing in the quotes; write something"),
        (10, "query: is:unred is none of"),
        (13, "do: “reed” cannot be done; did you mean “read”?"),
        (14, "until: a day is wanted, as in"),
        (18, "invalid literal string"),
    ];
    for (line, problem) in wanted {
        let place = format!("recto: {FILE}:{line}:");
        let told = err.lines().find(|it| it.starts_with(&place));
        let told = told.unwrap_or_else(|| panic!("nothing of line {line}: {err}"));
        assert!(told.contains(problem), "{told}");
    }
    // What is whole holds all the same.
    let text = "refresh = 'often'\n[[search]]\nname = 'a'\nquery = 'is:unred'\n[[open]]\ntype = 'audio'\n\
                command = 'mpv x'\n";
    let folder = Folder::new().with(FILE, text);
    let err = check(&folder, &[]).2;
    assert!(err.contains(":4:10: query: is:unred is none of"), "{err}");
    assert!(err.contains(":6:8: type: a media type is wanted"), "{err}");
    assert!(
        err.contains(":7:11: command: no shell is asked; write [\"mpv\", \"x\"]"),
        "{err}"
    );
}
