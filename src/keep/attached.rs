//! Files that came with a letter: they lie beside its copy on the shelf, within the limits of pictures.

use super::pictures::{Gathered, Gotten, LARGEST, MOST, TOGETHER};
use crate::{
    ingest::{self, ATTACHED},
    story::{Story, clean},
};

/// Adds the files that came with a letter, of which these are the bytes. What is too large stays in the letter.
pub(super) fn gather_files(letter: &[u8], story: &Story, gathered: &mut Gathered) {
    let pictures = gathered.pictures.iter().map(|it| it.bytes.len() as u64);
    let mut left = TOGETHER.saturating_sub(pictures.sum());
    let files = story.enclosures.iter();
    let files = files.filter(|it| it.url.starts_with(ATTACHED));
    for (number, file) in files.enumerate() {
        let name = file.title.clone().unwrap_or_default();
        let most = left.min(LARGEST);
        let had = match (number, file.bytes) {
            (MOST.., _) => Err(format!("only the first {MOST} files are kept")),
            (_, Some(bytes)) if bytes > most => Err("it is too large".to_owned()),
            _ => match ingest::attachment(letter, &file.url) {
                Some((_, bytes)) if bytes.len() as u64 <= most => Ok(bytes),
                Some(_) => Err("it is too large".to_owned()),
                None => Err("it is empty".to_owned()),
            },
        };
        match had {
            Ok(bytes) => {
                left = left.saturating_sub(bytes.len() as u64);
                gathered.pictures.push(Gotten {
                    src: file.url.clone(),
                    bytes,
                    ending: ending_of(&name).into(),
                    name: Some(name),
                });
            }
            Err(why) => {
                let told = format!("{why} and stays only in the mailbox");
                gathered.failed.push((clean::line(&name), told));
            }
        }
    }
}

impl Gathered {
    /// Adds a file that is to lie beside the story, within the limits of pictures; `read` gives its name and at most
    /// so many of its bytes.
    pub fn add_file(
        &mut self,
        src: &str,
        read: impl FnOnce(u64) -> Result<Option<(String, Vec<u8>)>, String>,
    ) {
        if self.pictures.iter().any(|it| it.src == src) {
            return;
        }
        let held: u64 = self.pictures.iter().map(|it| it.bytes.len() as u64).sum();
        let most = TOGETHER.saturating_sub(held).min(LARGEST);
        let had = match self.pictures.len() {
            MOST.. => Err(format!("only the first {MOST} files come along")),
            _ => read(most),
        };
        match had {
            Ok(Some((_, bytes))) if bytes.len() as u64 > most => {
                let told = format!("it has more than {} MB", most / (1024 * 1024));
                self.failed.push((clean::line(src), told));
            }
            Ok(Some((name, bytes))) => self.pictures.push(Gotten {
                src: src.to_owned(),
                bytes,
                ending: ending_of(&name).into(),
                name: Some(name),
            }),
            Ok(None) => {}
            Err(why) => self.failed.push((clean::line(src), why)),
        }
    }
}

/// How the name of a file ends: what opens it goes by that.
fn ending_of(name: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, it)| it);
    let is_plain =
        (1..=10).contains(&ending.len()) && ending.bytes().all(|it| it.is_ascii_alphanumeric());
    match is_plain {
        true => ending.to_ascii_lowercase(),
        false => "bin".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_plainly() {
        for (name, ending) in [
            ("a.PDF", "pdf"),
            ("a.tar.gz", "gz"),
            ("a", "bin"),
            ("a.p/d", "bin"),
            ("a.", "bin"),
        ] {
            assert_eq!(ending_of(name), ending, "{name}");
        }
    }
}
