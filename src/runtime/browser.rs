//! Opening an address in the reader's browser.

use std::env;

use super::apart;

/// Opens an address: by the first command of `$BROWSER` that can be started, else as the system does.
///
/// # Errors
/// If nothing could be started.
pub(super) fn open(url: &str) -> std::io::Result<()> {
    let set = env::var("BROWSER").unwrap_or_default();
    match commands(&set, url).iter().any(|it| start(it)) {
        true => Ok(()),
        // The address is an argument of the program that opens it; no shell ever sees it.
        false => open::that_detached(url),
    }
}

/// The commands of `$BROWSER`, as freedesktop.org's xdg-utils have it: between colons, with `%s` for the
/// address, or the address behind it.
fn commands(set: &str, url: &str) -> Vec<Vec<String>> {
    let each = set.split(':').filter_map(shlex::split);
    each.filter(|words| !words.is_empty())
        .map(|words| {
            let has_place = words.iter().any(|it| it.contains("%s"));
            let filled = words.iter().map(|it| it.replace("%s", url));
            let behind = (!has_place).then(|| url.to_owned());
            filled.chain(behind).collect()
        })
        .collect()
}

/// Starts a command that goes on when recto ends. Says whether it could be started.
fn start(command: &[String]) -> bool {
    let Some(mut command) = apart::command(command) else {
        return false;
    };
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    // Nobody else waits for it; without this thread it is a dead entry among the processes until recto ends.
    let wait = move || {
        let _ = child.wait();
    };
    let _ = std::thread::Builder::new()
        .name("browsing".into())
        .spawn(wait);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_lists_of_arguments() {
        let url = "https://example.org/a;b?c=$(d) e";
        for (set, wanted) in [
            ("", vec![]),
            ("w", vec![vec!["w", url]]),
            (
                "'/opt/my w' --new %s::x",
                vec![vec!["/opt/my w", "--new", url], vec!["x", url]],
            ),
            (
                "w --url=%s",
                vec![vec!["w", "--url=https://example.org/a;b?c=$(d) e"]],
            ),
            ("w 'not closed", vec![]),
        ] {
            assert_eq!(commands(set, url), wanted, "{set}");
        }
    }
}
