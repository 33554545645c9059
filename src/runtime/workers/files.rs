//! Files that come with stories, opened by what the reader chose for their types.

use std::{
    process::{Command, Stdio},
    thread,
};

use super::{Shared, browse};
use crate::{app::Message, config::Opener, story::clean};

/// Opens a file by the first opener for its type; where there is none, as the system opens addresses.
pub(super) fn open(shared: &Shared, openers: &[Opener], url: String, media_type: Option<&str>) {
    let opener = media_type.and_then(|it| openers.iter().find(|opener| opener.opens(it)));
    let Some(opener) = opener else {
        return browse(url, shared.clone());
    };
    let words = opener.arguments(&url);
    let shared = shared.clone();
    // It may play for hours: nobody waits for it, but should it fail, that is said.
    let work = move || {
        if let Err(why) = run(&words) {
            shared.say(Message::Noticed(why));
        }
    };
    let _ = thread::Builder::new().name("opener".into()).spawn(work);
}

/// Runs a program to its end. The words are its name and its arguments: no shell ever sees them.
fn run(words: &[String]) -> Result<(), String> {
    let [program, arguments @ ..] = words else {
        return Ok(());
    };
    let shown = clean::line(program);
    let mut command = Command::new(program);
    // The terminal is recto's: neither its keys nor its screen are for the program.
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let status = command.status().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "There is no program called {shown}, which the settings name for files of this type."
        ),
        _ => format!("{shown} cannot be started: {error}."),
    })?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{shown} failed: {status}.")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_the_address_as_it_is() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("told");
        let told = file.to_string_lossy().into_owned();
        let opener = Opener {
            media_type: "audio/*".into(),
            command: ["sh", "-c", "printf %s \"$1\" > \"$0\"", &told]
                .map(str::to_owned)
                .into(),
        };
        assert!(opener.opens("Audio/MPEG; codecs=mp3"));
        let url = "https://e.org/a b;$(ls)'\".mp3";
        run(&opener.arguments(url)).unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), url);
    }

    #[test]
    fn what_fails_says_why() {
        let why = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
            run(&words).unwrap_err()
        };
        assert!(why(&["no-such-program"]).contains("no program called no-such-program"));
        assert!(why(&["false"]).starts_with("false failed"));
    }
}
