//! One page of HTML with all stories and nothing outside: it is opened, printed and sent as one file.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::tz::TimeZone;

use super::{
    binding::{bound, direction, language, shown, title, words},
    draft::copy,
};
use crate::{keep::Local, story::Story};

/// Bytes of one picture and of all pictures in a page, at most: it is one file that opens at once.
const LARGEST: usize = 2 * 1024 * 1024;
const TOGETHER: usize = 32 * 1024 * 1024;

/// How it looks, by day, by night and on paper.
const STYLE: &str = include_str!("page.css");

/// A page that is being made.
#[derive(Debug)]
pub struct Page {
    /// The stories: the contents stand before them, and are known when all were added.
    body: BufWriter<File>,
    contents: Vec<String>,
    language: Option<String>,
    /// Bytes that pictures may still take, and how many had no room.
    left: usize,
    without: usize,
}

impl Page {
    /// A page without any story.
    ///
    /// # Errors
    /// If the system has no room for a file that passes.
    pub fn new() -> io::Result<Self> {
        Ok(Page {
            body: BufWriter::new(tempfile::tempfile()?),
            contents: Vec::new(),
            language: None,
            left: TOGETHER,
            without: 0,
        })
    }

    /// Adds a story, with those of its pictures that lie on this machine.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, story: &Story, local: &Local<'_>, zone: &TimeZone) -> io::Result<()> {
        let number = self.contents.len() + 1;
        let prefix = format!("s{number}-");
        let mut picture = |src: &str| {
            let shown = shown(src, local)?;
            if shown.bytes.len() > LARGEST.min(self.left) {
                self.without += 1;
                return None;
            }
            self.left -= shown.bytes.len();
            let kind = match shown.ending {
                "jpg" => "jpeg",
                other => other,
            };
            Some(format!(
                "data:image/{kind};base64,{}",
                STANDARD.encode(shown.bytes)
            ))
        };
        let text = bound(story, (&prefix, false), zone, &mut picture);
        let language = language(story);
        let tag = language.as_deref();
        let lang = tag.map_or_else(String::new, |it| format!(" lang=\"{it}\""));
        let dir = direction(tag);
        writeln!(
            self.body,
            "<article id=\"s{number}\"{lang}{dir}>\n{text}</article>"
        )?;
        let byline = match story.authors.first() {
            Some(author) => format!(" <span class=\"byline\">{}</span>", words(author)),
            None => String::new(),
        };
        self.contents.push(format!(
            "<li{lang}{dir}><a href=\"#s{number}\">{}</a>{byline}</li>",
            title(story)
        ));
        self.language = self.language.take().or(language);
        Ok(())
    }

    /// How many stories it has.
    pub fn stories(&self) -> usize {
        self.contents.len()
    }

    /// How many pictures had no room.
    pub fn without(&self) -> usize {
        self.without
    }

    /// Writes the whole page.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn finish(self, called: &str, out: &mut dyn Write) -> io::Result<()> {
        let called = words(called);
        let lang = self.language.unwrap_or_else(|| "en".to_owned());
        writeln!(
            out,
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
             style-src 'unsafe-inline'\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{called}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>"
        )?;
        if self.contents.len() > 1 {
            writeln!(
                out,
                "<nav aria-label=\"Contents\">\n<ol>\n{}\n</ol>\n</nav>",
                self.contents.join("\n")
            )?;
        }
        writeln!(out, "<main>")?;
        let mut body = self
            .body
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        copy(&mut body, out)?;
        writeln!(out, "</main>\n</body>\n</html>")
    }
}
