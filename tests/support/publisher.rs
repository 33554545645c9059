//! A publisher on loopback whose answers a test writes.

#![allow(dead_code)] // Every file of tests uses another part of it.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex},
};

use super::server::{Server, page};

/// A publisher whose feeds a test writes.
pub struct Publisher {
    pub server: Server,
    answers: Arc<Mutex<HashMap<String, String>>>,
}

impl Publisher {
    pub fn new() -> Self {
        let answers: Arc<Mutex<HashMap<String, String>>> = Arc::default();
        let given = Arc::clone(&answers);
        let server = Server::new(move |path, asked, stream| {
            let answer = given.lock().unwrap().get(path).cloned();
            let answer =
                answer.unwrap_or_else(|| "HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n".into());
            let tag = answer.lines().find_map(|it| it.strip_prefix("ETag: "));
            let knows = |tag: &str| {
                let wanted = format!("if-none-match: {}", tag.to_ascii_lowercase());
                asked.contains(&wanted)
            };
            let answer = match tag {
                Some(tag) if knows(tag) => {
                    format!("HTTP/1.1 304 N\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n")
                }
                _ => answer,
            };
            // Whoever was killed hears nothing more.
            let _ = stream.write_all(answer.as_bytes());
        });
        Publisher { server, answers }
    }

    pub fn says(&self, path: &str, answer: impl Into<String>) {
        self.answers
            .lock()
            .unwrap()
            .insert(format!("/{path}"), answer.into());
    }

    /// Publishes a feed: title, and items as (id, link, title, text).
    pub fn publishes(&self, path: &str, title: &str, items: &[(&str, &str, &str, &str)]) {
        let mut feed = format!("<rss version='2.0'><channel><title>{title}</title>");
        for (number, (id, link, title, text)) in items.iter().enumerate() {
            let day = 28 - number % 28;
            feed.push_str(&format!(
                "<item><guid isPermaLink='false'>{id}</guid><link>{link}</link><title>{title}</title>\
                 <pubDate>{day:02} Oct 2026 10:00:00 GMT</pubDate>\
                 <description>&lt;p>{text}&lt;/p></description></item>"
            ));
        }
        feed.push_str("</channel></rss>");
        self.says(path, page("Content-Type: application/rss+xml\r\n", &feed));
    }

    pub fn at(&self, path: &str) -> String {
        self.server.url.join(path).unwrap().into()
    }
}
