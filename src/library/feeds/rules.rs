//! Rules: what is done with stories when feeds announce them. What a rule does is stored as if the reader had
//! done it, so nothing has to be asked of a rule again.

use jiff::{ZonedDateTime, civil::Date};

use super::issue::Incoming;
use crate::story::{
    Change, Published, link,
    query::{Flag, NumberField, Query, Subject, TextField},
};

/// What is done with certain stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// With which ones.
    pub when: Query,
    /// What is done.
    pub changes: Vec<Change>,
    /// Whether the reader is told of them.
    pub notify: bool,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

impl Rule {
    fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|last| day <= last)
    }
}

/// An entry on its way in, as queries see it.
pub(super) struct Announced<'a> {
    pub incoming: &'a Incoming,
    /// The name of its feed, the title that it gives itself, and the addresses: where it is, and where it was at first.
    pub feed: [&'a str; 4],
    pub folder: &'a str,
    /// What rules before have done with it.
    pub changes: Vec<Change>,
}

impl Subject for Announced<'_> {
    fn any_text(&self, field: TextField, is: &mut dyn FnMut(&str) -> bool) -> bool {
        let entry = &self.incoming.entry;
        let story = &entry.story;
        let folders = || {
            let ends = self.folder.match_indices('/').map(|(at, _)| at);
            let ends = ends.chain([self.folder.len()]).filter(|end| *end > 0);
            ends.map(|end| &self.folder[..end])
        };
        match field {
            TextField::Title => is(&entry.title),
            TextField::Author => story.authors.iter().any(|it| is(it)),
            TextField::Category => story.categories.iter().any(|it| is(it)),
            TextField::Tag => {
                let given = self.changes.iter().filter_map(|it| match it {
                    Change::Tagged(name, true) => Some(name),
                    _ => None,
                });
                story.tags.iter().chain(given).any(|it| is(it))
            }
            TextField::Source => {
                let addresses = self.feed.iter().map(|it| link::shown(it));
                self.feed.into_iter().chain(folders()).any(&mut *is)
                    || addresses.into_iter().any(|it| is(&it))
            }
            TextField::Folder => folders().any(is),
            TextField::Language => story.language.as_deref().is_some_and(is),
            TextField::Url => story.url.as_deref().is_some_and(is),
        }
    }

    fn is(&self, flag: Flag) -> bool {
        let is = |change: &Change| self.changes.contains(change);
        match flag {
            Flag::Unread => !is(&Change::Read(true)),
            Flag::Read => is(&Change::Read(true)),
            Flag::Starred => is(&Change::Starred(true)),
            Flag::Later => is(&Change::Later(true)),
            Flag::Removed => is(&Change::Removed(true)),
            _ => false,
        }
    }

    fn date(&self) -> Option<Published> {
        Some(self.incoming.entry.when)
    }

    fn number(&self, field: NumberField) -> Option<u32> {
        let words = self.incoming.entry.words;
        match field {
            NumberField::Words => u32::try_from(words).ok(),
            NumberField::Minutes => u32::try_from(crate::story::minutes(words)).ok(),
            NumberField::Comments => Some(self.incoming.comments),
        }
    }

    fn has_picture(&self) -> bool {
        self.incoming.entry.story.lead_image.is_some()
    }
}

/// What is to be done with a new story, and whether it is to be told of.
pub(super) fn outcome(
    rules: &[Rule],
    mut story: Announced<'_>,
    now: &ZonedDateTime,
) -> (Vec<Change>, bool) {
    let mut notify = false;
    let (today, zone) = (now.date(), now.time_zone());
    for rule in rules.iter().filter(|rule| rule.holds_on(today)) {
        if rule.when.matches(&story, today, zone) {
            story.changes.extend(rule.changes.iter().cloned());
            notify |= rule.notify;
        }
    }
    (story.changes, notify)
}
