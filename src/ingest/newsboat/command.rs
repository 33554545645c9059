//! Feeds that a program prints, as `urls` names them, and as settings do.

use super::super::subscription::as_setting;
use crate::story::clean;

/// Where the address begins of what a filter is to read.
const SCHEMES: [&str; 3] = ["http://", "https://", "file://"];

/// Shells that are asked to run a line.
const SHELLS: [&str; 4] = ["sh", "bash", "dash", "zsh"];

/// What a line of `urls` has printed.
pub(in crate::ingest) enum Printed<'a> {
    /// By a line of shell.
    Line(&'a str),
    /// By a line of shell, from what is at an address.
    Filtered(&'a str, &'a str),
    /// As it lies in a file.
    File(&'a str),
}

impl<'a> Printed<'a> {
    /// What a line has printed, if it is no address of the web.
    pub(in crate::ingest) fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let rest = |scheme: &str| {
            let start = text.get(..scheme.len())?;
            let is_it = start.eq_ignore_ascii_case(scheme);
            is_it.then(|| text.get(scheme.len()..).unwrap_or_default())
        };
        if let Some(line) = rest("exec:").or_else(|| text.strip_prefix('|')) {
            return Some(Printed::Line(line.trim()));
        }
        if let Some(path) = rest("file://") {
            return Some(Printed::File(path));
        }
        let filter = rest("filter:")?;
        let ends = SCHEMES.iter();
        let ends = ends.filter_map(|it| filter.find(&format!(":{it}")));
        let (line, url) = filter.split_at_checked(ends.min()?)?;
        Some(Printed::Filtered(line.trim(), url.get(1..)?))
    }

    /// The same as a command. newsboat has a shell read its lines, and fetches what a filter is to read.
    pub(in crate::ingest) fn command(&self) -> Vec<String> {
        let shell = |line: String| vec!["sh".to_owned(), "-c".to_owned(), line];
        match self {
            Printed::Line(line) => shell((*line).to_owned()),
            Printed::Filtered(line, url) => {
                let url = url.replace('\'', "'\\''");
                shell(format!("curl -fsSL '{url}' | {line}"))
            }
            Printed::File(path) => vec!["cat".to_owned(), (*path).to_owned()],
        }
    }

    /// Whether a command prints the same: it may be written without a shell, with the home folder's name, or
    /// with another program that fetches.
    fn is_by(&self, command: &[String]) -> bool {
        let said = words_of(command);
        match self {
            Printed::Line(line) => are_alike(&words(line), &said),
            Printed::Filtered(line, url) => {
                let line = words(line);
                let mut runs = said.windows(line.len().max(1));
                said.iter().any(|it| it == url) && runs.any(|it| are_alike(&line, it))
            }
            Printed::File(path) => said.iter().any(|it| {
                let it = it.strip_prefix("file://").unwrap_or(it);
                is_same(path, it)
            }),
        }
    }
}

/// Which of these commands prints what a line of `urls` has printed; none where it could be several.
pub fn printed_by<'a>(line: &str, commands: impl Iterator<Item = &'a [String]>) -> Option<usize> {
    let printed = Printed::of(line)?;
    let exact = printed.command();
    let mut alike = Vec::new();
    for (number, command) in commands.enumerate() {
        if command == exact {
            return Some(number);
        }
        if printed.is_by(command) {
            alike.push(number);
        }
    }
    match alike[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// Whether a line of `urls` is no address of the web, but names what a program prints, or a file.
pub fn is_printed(line: &str) -> bool {
    Printed::of(line).is_some()
}

/// The words of a line of shell.
fn words(line: &str) -> Vec<String> {
    shlex::split(line).unwrap_or_else(|| vec![line.to_owned()])
}

/// The words of a command; of a line that it hands to a shell, those of the line.
fn words_of(command: &[String]) -> Vec<String> {
    match command {
        [shell, option, line] if option == "-c" => {
            let name = shell.rsplit('/').next().unwrap_or_default();
            match SHELLS.contains(&name) {
                true => words(line),
                false => command.to_vec(),
            }
        }
        _ => command.to_vec(),
    }
}

fn are_alike(these: &[String], those: &[String]) -> bool {
    let mut each = these.iter().zip(those);
    these.len() == those.len() && each.all(|(one, other)| is_same(one, other))
}

/// Whether two words are the same, the home folder by its sign, its variable or its name.
fn is_same(one: &str, other: &str) -> bool {
    let in_home = |it: &str| -> Option<String> {
        let rest = it.strip_prefix('~').or_else(|| it.strip_prefix("$HOME"))?;
        rest.starts_with('/').then(|| rest.to_owned())
    };
    match (in_home(one), in_home(other)) {
        (Some(one), Some(other)) => one == other,
        (Some(rest), None) => other.starts_with('/') && other.ends_with(&rest),
        (None, Some(rest)) => one.starts_with('/') && one.ends_with(&rest),
        (None, None) => one == other,
    }
}

/// Why a line with a command is not taken, and what to write into the settings instead.
pub(super) fn refusal(text: &str, title: &str, folder: &str) -> Option<String> {
    let printed = Printed::of(text)?;
    Some(as_setting(
        &printed,
        &clean::line(title),
        &clean::line(folder),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_by(line: &str, command: &[&str]) -> bool {
        let command: Vec<String> = command.iter().map(|it| (*it).to_owned()).collect();
        printed_by(line, [&command[..]].into_iter()).is_some()
    }

    #[test]
    fn a_command_of_the_settings_is_known_by_what_newsboat_calls_it() {
        let feed = "exec:~/bin/feed.sh 'two words'";
        assert!(is_by(feed, &["sh", "-c", "~/bin/feed.sh 'two words'"]));
        assert!(is_by(feed, &["/home/ann/bin/feed.sh", "two words"]));
        assert!(is_by(
            feed,
            &["/bin/sh", "-c", "$HOME/bin/feed.sh \"two words\""]
        ));
        assert!(!is_by(feed, &["/home/ann/bin/feed.sh"]));
        assert!(!is_by(feed, &["/home/ann/bin/feed.sh", "two", "words"]));
        let filter = "filter:~/bin/x -a:https://e.example/f";
        assert!(is_by(
            filter,
            &["sh", "-c", "curl -fsSL 'https://e.example/f' | ~/bin/x -a"]
        ));
        assert!(is_by(
            filter,
            &["sh", "-c", "wget -qO- https://e.example/f | ~/bin/x -a"]
        ));
        assert!(!is_by(
            filter,
            &["sh", "-c", "curl https://e.example/g | ~/bin/x -a"]
        ));
        assert!(!is_by(filter, &["curl", "https://e.example/f"]));
        assert!(is_by("file:///srv/feed.xml", &["cat", "/srv/feed.xml"]));
        assert!(!is_by(
            "https://e.example/f",
            &["curl", "https://e.example/f"]
        ));
        assert!(!is_by("filter:x", &["x"]));
    }

    #[test]
    fn of_several_that_could_be_meant_none_is() {
        let of = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let (ann, ben) = (of(&["/home/ann/feed"]), of(&["/home/ben/feed"]));
        let exact = of(&["sh", "-c", "~/feed"]);
        assert_eq!(
            printed_by("exec:~/feed", [&ann[..], &ben].into_iter()),
            None
        );
        let all = [&ann[..], &ben, &exact];
        assert_eq!(printed_by("exec:~/feed", all.into_iter()), Some(2));
    }
}
