//! Files that come with stories, opened by what the reader chose for their types.

use std::{
    path::{Path, PathBuf},
    sync::PoisonError,
    thread,
};

use super::{super::apart, Feeds, Shared, browse};
use crate::{
    app::Message,
    config::Opener,
    library::PrivateFolder,
    story::{StoryId, clean},
};

/// Opens a file by the first opener for its type; where there is none, as the system opens addresses.
pub(super) fn open(shared: &Shared, openers: &[Opener], url: String, media_type: Option<&str>) {
    let opener = media_type.and_then(|it| openers.iter().find(|opener| opener.opens(it)));
    let Some(opener) = opener else {
        if Path::new(&url).is_absolute() {
            let shown = clean::line(&url);
            let what = media_type.unwrap_or("files of its type");
            return shared.say(Message::Noticed(format!(
                "Nothing opens {what}: [[open]] in the settings says what does; the file lies at {shown}"
            )));
        }
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

/// Takes a file out of a letter, into a folder that nobody else may read, and opens it by the first opener for its
/// type. Where there is none it is said where it lies: what a stranger sent is not run for a slip of a key.
pub(super) fn open_attachment(feeds: &Feeds, of: StoryId, url: &str, media_type: Option<String>) {
    let (path, name) = match unpack(feeds, of, url) {
        Ok(it) => it,
        Err(why) => return feeds.shared.say(Message::Noticed(why)),
    };
    let media_type = media_type.unwrap_or_default();
    let opener = feeds.openers().iter().find(|it| it.opens(&media_type));
    let shown = clean::line(&path.to_string_lossy());
    let Some(opener) = opener else {
        return feeds.shared.say(Message::Noticed(format!(
            "{name} lies at {shown} until recto ends; [[open]] in the settings says what opens {media_type}"
        )));
    };
    feeds
        .shared
        .say(Message::Noticed(format!("Opening {name}")));
    if let Err(why) = run(&opener.arguments(&path.to_string_lossy())) {
        feeds.shared.say(Message::Noticed(why));
    }
}

/// Writes a file of a letter to a folder of its own; says where it lies, and how it is called.
fn unpack(feeds: &Feeds, of: StoryId, url: &str) -> Result<(PathBuf, String), String> {
    let place = feeds.shared.library.place(of).ok().flatten();
    let place = place.ok_or("This letter is no longer in the library")?;
    let file = place.attachment(url).map_err(|error| error.to_string())?;
    let (name, bytes) =
        file.ok_or("This file is no longer in the letter, or is empty or too large")?;
    let told = |error: std::io::Error| format!("{name} could not be written: {error}");
    let mut unpacked = feeds
        .unpacked
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let folder = match &mut *unpacked {
        Some(folder) => folder,
        none => none.insert(PrivateFolder::new().map_err(told)?),
    };
    let path = folder.write(&safe_name(&name), &bytes).map_err(told)?;
    Ok((path, clean::line(&name)))
}

/// A name that is nothing but one: no folder, nothing hidden, nothing that another program takes for an option.
fn safe_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    let plain = plain.trim_start_matches(['.', '-', '_']);
    let skipped = plain.chars().count().saturating_sub(60);
    // The ending tells what it is.
    let plain: String = plain.chars().skip(skipped).collect();
    match plain.trim_start_matches('.') {
        "" => "file".to_owned(),
        plain => plain.to_owned(),
    }
}

/// Runs a program to its end. The words are its name and its arguments: no shell ever sees them.
fn run(words: &[String]) -> Result<(), String> {
    let (Some(program), Some(mut command)) = (words.first(), apart::command(words)) else {
        return Ok(());
    };
    let shown = clean::line(program);
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
    fn names_of_files_lead_nowhere_else() {
        for (name, safe) in [
            ("notes.pdf", "notes.pdf"),
            ("../../.bashrc", "bashrc"),
            ("C:\\a\\b c.txt", "b_c.txt"),
            ("-rf", "rf"),
            ("..", "file"),
            ("", "file"),
            ("Plan für März.odt", "Plan_für_März.odt"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert!(safe_name(&format!("{}.pdf", "a".repeat(300))).ends_with("aaa.pdf"));
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
