//! `recto export`: what recto knows, for other programs and other machines.

use clap::{Args, ValueEnum};

use super::{Exit, Home, Out, state_only};
use crate::library::Record;

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
                let library = state_only(home)?;
                out.line(&Record::heading())?;
                for record in library.records()? {
                    out.line(&record.line())?;
                }
                Ok(Exit::Done)
            }
        }
    }
}
