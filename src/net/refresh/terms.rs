//! What holds for single feeds.

use std::sync::Arc;

use url::Url;

use super::super::Client;
use crate::library::Keep;

/// What holds for a feed.
#[derive(Debug, Clone, Default)]
pub struct Term {
    /// Seconds between two times that it is asked, if not as all others.
    pub interval: Option<i64>,
    /// The client that asks, if not that of all others.
    pub client: Option<Arc<Client>>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// Who asks, and their password.
    pub user: Option<(String, String)>,
    /// What prints it: a program and its arguments.
    pub command: Option<Vec<String>>,
}

impl Term {
    /// Has an address say who asks, where that is set.
    pub fn sign(&self, url: &mut Url) {
        if let Some((user, password)) = &self.user {
            // Neither can be refused: the address has a host.
            let _ = url.set_username(user);
            let _ = url.set_password(Some(password));
        }
    }
}

/// Who knows what holds for single feeds.
pub trait Terms: Sync {
    /// What holds for the feed at an address. It may take a while: passwords come from programs.
    ///
    /// # Errors
    /// Why it must not be asked, in words.
    fn of(&self, url: &str) -> Result<Term, String>;

    /// Seconds between two times that a feed is asked, if not as all others. Nothing is run for that.
    fn interval(&self, url: &str) -> Option<i64>;

    /// How much of a feed is kept, where that is not all.
    fn keep(&self, url: &str) -> Option<Keep>;
}

/// Nothing holds for any.
impl Terms for () {
    fn of(&self, _: &str) -> Result<Term, String> {
        Ok(Term::default())
    }

    fn interval(&self, _: &str) -> Option<i64> {
        None
    }

    fn keep(&self, _: &str) -> Option<Keep> {
        None
    }
}
