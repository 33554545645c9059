//! `recto export`: what recto knows, for other programs and other machines.

use clap::{Args, ValueEnum};

use super::{Exit, Home, Out, state_only};
use crate::library::{Record, remember_damage};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// What to print: state is what you did with stories, a JSON object a line
    #[arg(value_name = "WHAT", value_enum)]
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    State,
}

impl Export {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        match self.what {
            What::State => {
                let all = || -> anyhow::Result<_> {
                    let library = state_only(home)?;
                    Ok((library.records()?, library.saved_queries()?))
                };
                let (records, queries) = match (all(), &home.data) {
                    // Opened once more, the database is mended or a new one.
                    (Err(error), Some(data))
                        if error
                            .downcast_ref()
                            .is_some_and(|it| remember_damage(data, it)) =>
                    {
                        all()?
                    }
                    (all, _) => all?,
                };
                out.line(&Record::heading())?;
                for record in records {
                    out.line(&record.line())?;
                }
                for kept in queries {
                    out.line(&kept.line())?;
                }
                Ok(Exit::Done)
            }
        }
    }
}
