//! Feeds that a program prints.

use std::{
    io::Read,
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much it may print.
const MOST: u64 = 32 * 1024 * 1024;

/// How often it is seen whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// What a program prints. No shell sees its arguments.
///
/// # Errors
/// Says in words why there is nothing.
pub fn printed(command: &[String], stop: &AtomicBool) -> Result<Vec<u8>, String> {
    let Some((program, arguments)) = command.split_first() else {
        return Err("its command names no program".to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let Some(output) = child.stdout.take() else {
        return Err(format!("{program} prints nowhere"));
    };
    let (tell, told) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        let read = output.take(MOST + 1).read_to_end(&mut bytes);
        // Where nobody waits any more, it is not wanted.
        let _ = tell.send(read.map(|_| bytes));
    };
    let reading = thread::Builder::new().name("command".into()).spawn(read);
    let begun = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if begun.elapsed() > PATIENCE => {
                break Err(format!(
                    "{program} took longer than {} s",
                    PATIENCE.as_secs()
                ));
            }
            Ok(None) if stop.load(Ordering::Relaxed) => break Err("given up".to_owned()),
            Ok(None) => thread::sleep(LOOK),
            Err(error) => break Err(format!("{program}: {error}")),
        }
        // One that prints more than is taken would wait for ever.
        if let Ok(bytes) = told.try_recv() {
            let status = wait(&mut child, begun);
            return finished(program, status, bytes);
        }
    };
    let status = ended.inspect_err(|_| {
        let _ = child.kill();
        let _ = child.wait();
    })?;
    if reading.is_err() {
        return Err("the system has no thread left".to_owned());
    }
    let bytes = told
        .recv_timeout(Duration::from_secs(1))
        .map_err(|_| format!("{program} left a program behind that still prints"))?;
    finished(program, Ok(status), bytes)
}

/// Waits for a program that has printed all, or too much.
fn wait(
    child: &mut std::process::Child,
    begun: Instant,
) -> Result<std::process::ExitStatus, String> {
    while begun.elapsed() < PATIENCE {
        if let Ok(Some(status)) = child.try_wait() {
            return Ok(status);
        }
        thread::sleep(LOOK);
    }
    let _ = child.kill();
    let _ = child.wait();
    Err("it did not end".to_owned())
}

fn finished(
    program: &str,
    status: Result<std::process::ExitStatus, String>,
    bytes: std::io::Result<Vec<u8>>,
) -> Result<Vec<u8>, String> {
    let bytes = bytes.map_err(|error| format!("{program}: {error}"))?;
    if bytes.len() as u64 > MOST {
        return Err(format!(
            "{program} prints more than {} MB",
            MOST / (1024 * 1024)
        ));
    }
    let status = status?;
    if !status.success() {
        return Err(format!("{program} failed ({status})"));
    }
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<String, String> {
        let command: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let bytes = printed(&command, &AtomicBool::new(false))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn what_a_program_prints_is_taken_as_it_is() {
        assert_eq!(of(&["printf", "%s", "$HOME; ls"]), Ok("$HOME; ls".into()));
        assert!(of(&["false"]).unwrap_err().contains("failed"));
        assert!(
            of(&["/no/such/program"])
                .unwrap_err()
                .contains("/no/such/program")
        );
        assert!(of(&[]).is_err());
    }

    #[test]
    fn who_prints_without_end_is_ended() {
        assert!(of(&["yes"]).unwrap_err().contains("MB"));
    }
}
