//! Comments on a story: those that were kept at once, then those that its feed has now.

use std::sync::{Arc, PoisonError};

use jiff::tz::TimeZone;

use super::{Feeds, Last};
use crate::{
    app::Message,
    document::Document,
    library::Discussion,
    net,
    story::{self, Comments, StoryId, clean},
};

/// What the page of comments needs.
#[derive(Clone)]
pub(super) struct Discussing {
    /// The page that was made last: it is searched like a story.
    pub last: Last,
    /// The reader's zone, for dates.
    pub zone: TimeZone,
}

impl Feeds {
    /// Shows the comments on a story. Only the reader orders that.
    pub(super) fn discuss(&self, id: StoryId) {
        let Some(discussion) = self.shared.told(self.shared.library.discussion(id)) else {
            return;
        };
        match &discussion.comments {
            Some(Comments {
                feed: Some(feed), ..
            }) => self.discuss_by(id, feed, &discussion),
            Some(Comments {
                page: Some(page), ..
            }) => self.shared.say(Message::CommentsElsewhere {
                id,
                page: page.clone(),
            }),
            _ => self.say("This story says nothing of where its comments are".to_owned()),
        }
    }

    fn discuss_by(&self, id: StoryId, feed: &str, discussion: &Discussion) {
        let library = &self.shared.library;
        if discussion.fetched {
            self.show_comments(id, feed, discussion);
        }
        let access = &*self.access;
        let came = access
            .client()
            .and_then(|client| net::comments(&client, access, feed, discussion, &self.stop));
        let new = match came {
            Ok(Some(came)) => {
                let validators = &came.validators;
                let validators = (validators.etag.as_deref(), validators.modified.as_deref());
                let kept =
                    library.keep_comments((feed, &discussion.story), &came.entries, validators);
                if self.shared.told(kept).is_none() {
                    return;
                }
                true
            }
            Ok(None) => false,
            Err(why) => {
                let what = match discussion.fetched {
                    true => "Only the comments of before",
                    false => "The comments could not be fetched",
                };
                let why = format!("{what}: {why}");
                return self.say(clean::line(&why));
            }
        };
        if new {
            self.show_comments(id, feed, discussion);
        }
        // What shows now is what the next visit will count from.
        self.shared.told(library.see_comments(feed));
        if !new {
            self.say("No new comments".to_owned());
        }
    }

    fn show_comments(&self, id: StoryId, feed: &str, discussion: &Discussion) {
        let Some(comments) = self.shared.told(self.shared.library.comments(feed)) else {
            return;
        };
        let Discussing { last, zone } = &self.discussing;
        // Somebody's words that upset a parser must not end the program.
        let made =
            std::panic::catch_unwind(|| Document::of_comments(&discussion.title, &comments, zone));
        let Ok(document) = made.map(Arc::new) else {
            return self.say("recto failed over these comments; please report it".to_owned());
        };
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, Arc::clone(&document)));
        let new = comments.iter().filter(|it| it.new).count();
        self.shared.say(Message::CommentsRead { id, document, new });
    }

    pub(super) fn say(&self, text: String) {
        self.shared.say(Message::Noticed(story::sentence(&text)));
    }
}
