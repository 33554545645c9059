//! `recto import`: what `recto export` wrote, merged into what is known here.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::Args;

use super::{Exit, Home, Out, output, state_only};
use crate::{
    library::{Record, SavedQuery, WrittenFeed},
    story::clean,
};

/// Bytes of one line, at most.
const LINE: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(override_usage = "recto import [OPTIONS] <FILE>")]
pub(super) struct Import {
    /// What recto export state wrote; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Import {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let shown = clean::line(&self.file.to_string_lossy());
        let input: Box<dyn Read> = if self.file.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            let file = File::open(&self.file);
            Box::new(file.map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    anyhow::anyhow!("{shown}: there is no such file; recto export state writes one")
                }
                _ => anyhow::anyhow!("{shown}: {error}"),
            })?)
        };
        let mut lines = Lines(BufReader::new(input));
        let heading = lines.next_line().with_context(|| shown.clone())?;
        if let Err(why) = Record::check_heading(heading.as_deref().unwrap_or_default()) {
            bail!("{shown}: {why}");
        }
        let (mut records, mut queries, mut feeds) = (Vec::new(), Vec::new(), Vec::new());
        let (mut failed, mut number) = (0, 1);
        while let Some(line) = lines.next_line().with_context(|| shown.clone())? {
            number += 1;
            if line.trim().is_empty() {
                continue;
            }
            if let Some(kept) = SavedQuery::of_line(&line) {
                queries.push(kept);
                continue;
            }
            if let Some(feed) = WrittenFeed::of_line(&line) {
                feeds.push(feed);
                continue;
            }
            match Record::of_line(&line) {
                Ok(record) => records.push(record),
                Err(why) => {
                    failed += 1;
                    output::complain(&format!("recto: {shown}, line {number}: {why}"));
                }
            }
        }
        let library = state_only(home)?;
        let mut imported = library.import(&records)?;
        let kept = library.import_queries(&queries)?;
        imported.new += kept;
        imported.unchanged += queries.len() - kept;
        let subscribed = library.import_feeds(&feeds)?;
        imported.new += subscribed;
        imported.unchanged += feeds.len() - subscribed;
        out.line(&format!(
            "{} new, {} changed, {} unchanged, {failed} failed",
            imported.new, imported.changed, imported.unchanged
        ))?;
        Ok(if failed == 0 {
            Exit::Done
        } else {
            Exit::Failed
        })
    }
}

/// Lines of bounded length: what is longer is cut, and then is no record.
struct Lines<R>(BufReader<R>);

impl<R: Read> Lines<R> {
    fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let read = (&mut self.0).take(LINE).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') && read as u64 == LINE {
            // The rest of the line is passed over.
            let mut rest = Vec::new();
            while (&mut self.0).take(LINE).read_until(b'\n', &mut rest)? > 0 {
                if rest.last() == Some(&b'\n') {
                    break;
                }
                rest.clear();
            }
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
