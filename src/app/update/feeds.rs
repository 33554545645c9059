//! Feeds: subscribing, naming, moving, refreshing.

use tui_input::Input;

use super::super::{
    ask::Ask,
    feeds::FeedOrder,
    geometry::Column,
    key::{Code, Key},
    message::Effect,
    model::Model,
    pages::Awaited,
    prompt::{Prompt, PromptKind},
};
use crate::story::{FeedId, FeedName, Offer, Source, SourceRow, clean, moved_along};

impl Model {
    /// The feed under the cursor of the sources, with its row.
    pub(crate) fn chosen_feed(&self) -> Option<(&FeedName, &SourceRow)> {
        let row = self.sources.rows.get(self.sources.cursor)?;
        match &row.source {
            Source::Feed(feed) if self.focus == Column::Sources => Some((feed, row)),
            _ => None,
        }
    }

    /// The folder under the cursor of the sources.
    pub(crate) fn chosen_folder(&self) -> Option<&str> {
        let row = self.sources.rows.get(self.sources.cursor)?;
        match &row.source {
            Source::Folder(name) if self.focus == Column::Sources => Some(name),
            _ => None,
        }
    }

    /// The feeds that stand among the sources in a folder, and in those below it.
    pub(crate) fn feeds_in(&self, folder: &str) -> Vec<FeedId> {
        let lies_in = |row: &SourceRow, folder: &str| {
            let its = row.folder.as_deref().unwrap_or_default();
            its == folder
                || its
                    .strip_prefix(folder)
                    .is_some_and(|it| it.starts_with('/'))
        };
        let id = |row: &SourceRow| match &row.source {
            Source::Feed(feed) => Some(feed.id),
            _ => None,
        };
        let rows = self.sources.rows.iter();
        rows.filter(|row| lies_in(row, folder))
            .filter_map(id)
            .collect()
    }

    /// The feeds of what is listed; none where that is more than a feed or a folder.
    fn listed_feeds(&self) -> Vec<FeedId> {
        match &self.list.listing.source {
            Source::Feed(feed) => vec![feed.id],
            Source::Folder(folder) => self.feeds_in(folder),
            _ => Vec::new(),
        }
    }

    pub(super) fn refresh(&mut self, all: bool, effects: &mut Vec<Effect>) {
        // Who reads means what they read, whatever is listed.
        if let (Column::Reader, false, Some(open)) = (self.focus, all, &self.reader.open) {
            effects.push(Effect::Feeds(FeedOrder::RefreshOf(open.id)));
            return;
        }
        let feeds = if all { Vec::new() } else { self.listed_feeds() };
        if !all && feeds.is_empty() && matches!(self.list.listing.source, Source::Folder(_)) {
            self.notice("No feed lies in this folder.".to_owned());
            return;
        }
        effects.push(Effect::Feeds(FeedOrder::Refresh(feeds)));
    }

    /// Asks for the address of a feed, or of a site that has one.
    pub(super) fn add_feed(&mut self) {
        self.prompt = Some(Prompt::new(PromptKind::Subscribe, None));
    }

    /// Asks which of several feeds is meant. Whoever is typing something else by now is left in peace.
    pub(super) fn offer_feeds(&mut self, offers: Vec<Offer>, folder: String) {
        if self.prompt.is_some() || self.ask.is_some() {
            let count = offers.len();
            self.notice(format!(
                "{count} feeds were found; a and the address list them again."
            ));
            return;
        }
        self.notice = None;
        self.ask = Some(Ask::Feeds { offers, folder });
    }

    /// Subscribes to the feed that a key chose: its number, or enter for the first. A key that is neither leaves
    /// the choice open: the address would have to be typed again.
    pub(super) fn choose_feed(
        &mut self,
        key: Key,
        offers: Vec<Offer>,
        folder: String,
        effects: &mut Vec<Effect>,
    ) {
        let place = match key.code {
            Code::Esc => return self.notice("Nothing was subscribed to.".to_owned()),
            Code::Enter => Some(0),
            Code::Char(letter) if !key.ctrl && !key.alt => {
                let number = letter.to_digit(10).unwrap_or(0) as usize;
                number.checked_sub(1)
            }
            _ => None,
        };
        match place.and_then(|place| offers.get(place).cloned()) {
            Some(offer) => {
                self.notice(format!("Subscribing to {} …", offer.name()));
                effects.push(Effect::Feeds(FeedOrder::Take { offer, folder }));
            }
            None => self.ask = Some(Ask::Feeds { offers, folder }),
        }
    }

    /// A feed was subscribed to here: who stands among the sources stands at it, to name or move it.
    pub(super) fn go_to_feed(&mut self, feed: FeedId, effects: &mut Vec<Effect>) {
        if self.focus != Column::Sources || self.prompt.is_some() || self.ask.is_some() {
            return;
        }
        let is = |row: &SourceRow| matches!(&row.source, Source::Feed(it) if it.id == feed);
        match self.sources.rows.iter().position(is) {
            Some(index) => {
                let notice = self.notice.clone();
                self.choose_source(index, effects);
                self.notice = notice;
            }
            // Its row is on the way.
            None => self.sources.awaited = Some(feed),
        }
    }

    /// Asks something about the chosen folder; its last part, or the folder that it lies in, stands there already.
    fn ask_of_folder(&mut self, kind: PromptKind) {
        let Some(folder) = self.chosen_folder() else {
            return;
        };
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let mut prompt = Prompt::new(kind, None);
        prompt.input = Input::new(match kind {
            PromptKind::FolderName => name.to_owned(),
            _ => above.to_owned(),
        });
        prompt.folder = folder.to_owned();
        self.prompt = Some(prompt);
    }

    /// Asks what the chosen feed or folder is to be called.
    pub(super) fn name_feed(&mut self) {
        self.ask_of_folder(PromptKind::FolderName);
        let Some((feed, _)) = self.chosen_feed() else {
            return;
        };
        let mut prompt = Prompt::new(PromptKind::FeedName(feed.id), None);
        prompt.input = Input::new(feed.name.to_string());
        self.prompt = Some(prompt);
    }

    /// Asks for the folder that the chosen feed or folder is to lie in.
    pub(super) fn move_feed(&mut self) {
        self.ask_of_folder(PromptKind::FolderFolder);
        let Some((feed, row)) = self.chosen_feed() else {
            return;
        };
        let mut prompt = Prompt::new(PromptKind::FeedFolder(feed.id), None);
        prompt.input = Input::new(row.folder.as_deref().unwrap_or_default().to_owned());
        self.prompt = Some(prompt);
    }

    /// Asks for the address that the chosen feed has moved to.
    pub(super) fn readdress_feed(&mut self) {
        let Some((feed, _)) = self.chosen_feed() else {
            return;
        };
        self.prompt = Some(Prompt::new(PromptKind::FeedAddress(feed.id), None));
    }

    pub(super) fn unsubscribe(&mut self, effects: &mut Vec<Effect>) {
        if let Some((feed, _)) = self.chosen_feed() {
            effects.push(Effect::Feeds(FeedOrder::Unsubscribe(vec![feed.id])));
        } else if let Some(folder) = self.chosen_folder() {
            self.ask = Some(Ask::Unsubscribe {
                folder: folder.to_owned(),
                feeds: self.feeds_in(folder),
            });
        }
    }

    pub(super) fn browse_feed(&mut self, effects: &mut Vec<Effect>) {
        if let Some((feed, _)) = self.chosen_feed() {
            effects.push(Effect::Feeds(FeedOrder::Browse(feed.id)));
        }
    }

    /// Does what was typed of a feed.
    pub(super) fn typed_of_feed(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        let typed = clean::line(prompt.input.value().trim());
        let order = match prompt.kind {
            PromptKind::Subscribe if typed.is_empty() => return,
            PromptKind::Subscribe => {
                self.notice(format!("Looking for a feed at {typed} …"));
                // Where there is none, the page itself may be worth reading.
                self.awaited = Some(Awaited {
                    address: typed.clone(),
                    from: None,
                });
                FeedOrder::Subscribe {
                    address: typed,
                    folder: self.folder_here(),
                }
            }
            PromptKind::FeedAddress(_) if typed.is_empty() => return,
            PromptKind::FeedAddress(feed) => FeedOrder::Readdress(feed, typed),
            PromptKind::FeedName(feed) => FeedOrder::Name(feed, typed),
            PromptKind::FeedFolder(feed) => FeedOrder::Move(feed, folder_of(&typed)),
            PromptKind::FolderName | PromptKind::FolderFolder => {
                let from = prompt.folder;
                let (above, name) = from.rsplit_once('/').unwrap_or(("", &from));
                let typed = folder_of(&typed);
                let (above, name, what) = match prompt.kind {
                    PromptKind::FolderName => (above, &*typed, "renamed"),
                    _ => (&*typed, name, "moved"),
                };
                if name.is_empty() {
                    return;
                }
                if what == "moved" && moved_along(above, &from, &from).is_some() {
                    return self
                        .notice(format!("“{from}” is not moved: no folder lies in itself."));
                }
                let to = match above {
                    "" => name.to_owned(),
                    above => format!("{above}/{name}"),
                };
                self.sources.refiled = Some((from.clone(), to.clone()));
                FeedOrder::Refile { from, to, what }
            }
            _ => return,
        };
        effects.push(Effect::Feeds(order));
    }

    /// The folder that a new feed comes into: the one under the cursor of the sources.
    fn folder_here(&self) -> String {
        if self.focus != Column::Sources {
            return String::new();
        }
        let row = self.sources.rows.get(self.sources.cursor);
        let folder = row.and_then(|row| match &row.source {
            Source::Folder(name) => Some(name),
            Source::Feed(_) => row.folder.as_ref(),
            _ => None,
        });
        folder.map_or_else(String::new, ToString::to_string)
    }
}

/// A folder as it was typed: its parts between slashes.
fn folder_of(typed: &str) -> String {
    let parts = typed.split('/').map(str::trim).filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join("/")
}
