//! Programs that are started beside recto: arguments and no shell, neither its terminal nor its signals.

use std::process::{Command, Stdio};

/// A program with its arguments, ready to be started; none where there are no words. The terminal is recto's:
/// neither its keys nor its screen are for the program, and it does not end with what is meant for recto.
pub(super) fn command(words: &[String]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Some(command)
}
