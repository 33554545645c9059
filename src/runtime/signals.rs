//! Signals, as events of the loop: nothing is done inside a handler.

use std::io;

use crossbeam_channel::Sender;

use super::Event;

/// Watches for the signals that end, stop or continue a program.
#[cfg(unix)]
pub(super) fn watch(events: Sender<Event>) -> io::Result<()> {
    use std::thread;

    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
        iterator::Signals,
    };

    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let work = move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => Event::Stop,
                SIGCONT => Event::Continued,
                SIGWINCH => Event::SizeChanged,
                other => Event::Terminate(other),
            };
            if events.send(event).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("signals".into()).spawn(work)?;
    Ok(())
}

/// Elsewhere the terminal itself ends a program.
#[cfg(not(unix))]
pub(super) fn watch(_: Sender<Event>) -> io::Result<()> {
    Ok(())
}

/// Stops the process as the shell's Ctrl-Z does; returns when it goes on.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

/// There is nothing to stop to.
#[cfg(not(unix))]
pub(super) fn stop() -> io::Result<()> {
    Ok(())
}
