//! Pictures as the terminal shows them: encoded on a worker, kept within bounds, put into the frame
//! or drawn over it.

mod encode;
mod file;

use std::{
    collections::HashMap,
    fmt,
    io::{self, Write},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use self::encode::Encoded;
use crate::{
    app::Model,
    document::{Document, Drawable, Extent, Media, Picture, scheme},
    library::Library,
    story::{StoryId, clean},
    view::ShownPicture,
};

/// Encoded pictures that are kept, in bytes.
const KEPT: usize = 24 * 1024 * 1024;

/// Pictures of one story that are looked at; later ones stay their words.
const MOST: usize = 500;

/// Pictures beyond the page that are made ready, above and below.
const NEAR: (usize, usize) = (1, 2);

/// A way to draw pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Graphics {
    /// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>
    Kitty,
    /// <https://iterm2.com/documentation-images.html>
    Iterm2,
    /// <https://vt100.net/docs/vt3xx-gp/chapter14.html>
    Sixel,
    /// Halves of cells in colours, which every terminal has.
    Blocks {
        /// Whether in any colour, else in one of 256.
        true_colour: bool,
    },
}

/// Finds out which pictures of a story can be drawn, and how large they are. Of a long text those in
/// its first `parts` are found, and in the one that has block `near`.
pub(super) fn find(
    document: &mut Document,
    (id, library): (StoryId, &Library),
    parts: usize,
    near: Option<usize>,
) {
    document.gather_pictures(parts, near);
    measure(&mut document.pictures, id, library);
}

/// The same for all pictures of a long text whose beginning shows already.
pub(super) fn find_all(document: &Document, id: StoryId, library: &Library) -> Vec<Picture> {
    let mut pictures = document.all_pictures(MOST);
    // What was found out before need not be read again.
    let known = |it: &Picture| {
        let at = document
            .pictures
            .binary_search_by_key(&it.block, |it| it.block);
        at.ok().and_then(|at| document.pictures.get(at)).cloned()
    };
    for picture in &mut pictures {
        match known(picture) {
            Some(known) => *picture = known,
            None => measure(std::slice::from_mut(picture), id, library),
        }
    }
    pictures
}

fn measure(pictures: &mut [Picture], id: StoryId, library: &Library) {
    // A book is opened once for all of them.
    let mut book = match pictures.is_empty() {
        true => None,
        false => library.book_pictures(id),
    };
    for picture in pictures.iter_mut().take(MOST) {
        let src = &picture.src;
        let find = || match scheme(src).as_deref() {
            Some("data") => file::written_out(src),
            Some("http" | "https") => match library.picture(id, src) {
                Some(path) => file::drawable(path),
                None => Err("on the web, not fetched".to_owned()),
            },
            _ => match (&mut book, library.picture(id, src)) {
                (Some(book), _) => file::in_book(book, src),
                (None, Some(path)) => file::drawable(path),
                (None, None) => match library.shipped_picture(id, src) {
                    Some(bytes) => file::in_memory(bytes.into()),
                    None => Err("no such file in the library".to_owned()),
                },
            },
        };
        // A decoder that fails over a file costs that one picture.
        let found = catch_unwind(AssertUnwindSafe(find));
        match found.unwrap_or_else(|_| Err("cannot be decoded".to_owned())) {
            Ok(drawable) => picture.drawable = Some(drawable),
            Err(why) => picture.absent = Some(why.into()),
        }
    }
}

/// The type of a picture by the ending of its address; none of what has the ending of no picture.
pub(super) fn media_type(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    let kind = match &*ending {
        "jpg" | "jpeg" => "jpeg",
        "svg" => "svg+xml",
        "tif" | "tiff" => "tiff",
        "png" | "gif" | "webp" | "avif" | "bmp" => &ending,
        _ => return None,
    };
    Some(format!("image/{kind}"))
}

/// A picture in the terms of one terminal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    drawable: Drawable,
    extent: Extent,
    graphics: Graphics,
    cell: (u16, u16),
}

/// An order that was carried out.
pub struct Ready {
    key: Key,
    outcome: Result<Encoded, String>,
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("key", &self.key).finish()
    }
}

/// Makes a picture ready. For a worker.
pub(super) fn make(key: Key) -> Ready {
    let made = catch_unwind(AssertUnwindSafe(|| encode::encode(&key)));
    let outcome = made.unwrap_or_else(|_| Err("recto failed over this picture".to_owned()));
    Ready { key, outcome }
}

/// The last frame that showed a picture, and what was made of it.
type Made = (u64, Result<Encoded, String>);

/// The pictures that are ready, and those that stand on the terminal.
#[derive(Default)]
pub(super) struct Pictures {
    graphics: Option<Graphics>,
    /// With the number of the last frame that showed it, or why it could not be made.
    ready: HashMap<Key, Made>,
    /// Why some could not be made, in words, until they show.
    troubles: HashMap<Key, String>,
    frame: u64,
    /// What was ordered last.
    ordered: Vec<Key>,
    /// What was drawn over the last frame.
    over: Vec<(Key, Rect, u16)>,
    /// Numbers under which the terminal keeps pictures that are not kept here any more.
    gone: Vec<u32>,
}

impl Pictures {
    /// From now on pictures are drawn so, or not at all.
    pub fn draw_with(&mut self, graphics: Option<Graphics>) {
        if self.graphics != graphics {
            self.graphics = graphics;
            self.let_all_go();
        }
    }

    /// The screen was wiped.
    pub fn forget(&mut self) {
        self.over.clear();
        self.let_all_go();
    }

    fn let_all_go(&mut self) {
        self.gone.extend(self.ready.values().filter_map(number));
        self.ready.clear();
        self.troubles.clear();
        self.ordered.clear();
    }

    /// Has the terminal let go of what it keeps, before it is given back.
    pub fn leave(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.forget();
        self.delete(out)?;
        out.flush()
    }

    fn delete(&mut self, out: &mut impl Write) -> io::Result<()> {
        for number in self.gone.drain(..) {
            write!(out, "\x1b_Ga=d,d=I,i={number},q=2\x1b\\")?;
        }
        Ok(())
    }

    fn key(&self, drawable: &Drawable, extent: Extent, model: &Model) -> Option<Key> {
        Some(Key {
            drawable: drawable.clone(),
            extent,
            graphics: self.graphics?,
            cell: model.cell?,
        })
    }

    /// What has to be made ready for the page that shows: first what shows, then what is near.
    pub fn missing(&mut self, shown: &[ShownPicture<'_>], model: &Model) -> Option<Vec<Key>> {
        let open = model.reader.open.as_ref()?;
        let pictures = open.layout.pictures();
        if self.graphics.is_none() || pictures.is_empty() {
            return None;
        }
        let (first, last) = (open.page.first()?.block, open.page.last()?.block);
        let above = pictures.partition_point(|it| it.block < first);
        let below = pictures.partition_point(|it| it.block <= last);
        let near = (below..below.saturating_add(NEAR.1)).chain(above.saturating_sub(NEAR.0)..above);
        let near = near.filter_map(|index| {
            let picture = pictures.get(index)?;
            let (_, extent, _) = open.layout.picture(picture.block)?;
            Some((picture.drawable.as_ref()?, extent))
        });
        let here = shown.iter().map(|it| (it.drawable, it.extent));
        let wanted = here.chain(near);
        let keys = wanted.filter_map(|(drawable, extent)| self.key(drawable, extent, model));
        let missing: Vec<Key> = keys.filter(|key| !self.ready.contains_key(key)).collect();
        if missing.is_empty() || missing == self.ordered {
            return None;
        }
        self.ordered.clone_from(&missing);
        Some(missing)
    }

    /// Takes a picture that was made ready.
    pub fn take(&mut self, ready: Ready) {
        let Ready { key, outcome } = ready;
        if Some(key.graphics) != self.graphics {
            return;
        }
        self.ordered.retain(|it| *it != key);
        if let Err(why) = &outcome {
            self.troubles.insert(key.clone(), why.clone());
        }
        let old = self.ready.insert(key, (self.frame, outcome));
        self.gone.extend(old.as_ref().and_then(number));
        self.let_go();
    }

    /// Why one of those that show could not be made, in words: once, and not before anybody can see
    /// which one is meant.
    pub fn trouble(&mut self, shown: &[ShownPicture<'_>], model: &Model) -> Option<String> {
        if self.troubles.is_empty() {
            return None;
        }
        let mut keys = shown
            .iter()
            .filter_map(|it| self.key(it.drawable, it.extent, model));
        let key = keys.find(|key| self.troubles.contains_key(key))?;
        let why = self.troubles.remove(&key)?;
        let name = match &key.drawable.media {
            Media::File(path) => {
                let name = path.file_name().unwrap_or_default();
                clean::line(&name.to_string_lossy())
            }
            Media::Book(_, src) => {
                let name = src.rsplit('/').next().unwrap_or_default();
                clean::line(name)
            }
            Media::Data(_) => "A picture in this story".to_owned(),
        };
        Some(format!("{name}: {why}."))
    }

    /// Lets those go that were not shown for longest, as long as there are too many.
    fn let_go(&mut self) {
        let bytes = |it: &Made| it.1.as_ref().map_or(0, Encoded::bytes);
        let mut all: usize = self.ready.values().map(bytes).sum();
        while all > KEPT && self.ready.len() > 1 {
            let oldest = self.ready.iter().min_by_key(|(_, it)| it.0);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                return;
            };
            if let Some(it) = self.ready.remove(&key) {
                all -= bytes(&it);
                self.gone.extend(number(&it));
            }
        }
    }

    /// Puts what consists of cells into a frame.
    pub fn put(&self, shown: &[ShownPicture<'_>], model: &Model, screen: &mut Buffer) {
        for it in shown {
            let key = self.key(it.drawable, it.extent, model);
            match key.and_then(|key| self.ready.get(&key)) {
                Some((_, Ok(encoded))) => encoded.put(it.place, it.skipped, screen),
                // In its place: what was said in the status line is gone with the next key.
                Some((_, Err(why))) if it.skipped == 0 => {
                    let style = Style::new().add_modifier(Modifier::DIM);
                    let Rect { x, y, width, .. } = it.place;
                    let why = why.trim_start_matches("this picture ");
                    screen.set_stringn(x, y, why, width.into(), style);
                }
                _ => {}
            }
        }
    }

    /// Before a frame is drawn: sends the terminal what it is to show, and wipes what was drawn over
    /// the last frame and is not there in this one.
    pub fn before(
        &mut self,
        shown: &[ShownPicture<'_>],
        model: &Model,
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.frame += 1;
        self.delete(out)?;
        let mut stay = Vec::new();
        for it in shown {
            let Some(key) = self.key(it.drawable, it.extent, model) else {
                continue;
            };
            if let Some((frame, Ok(encoded))) = self.ready.get_mut(&key) {
                *frame = self.frame;
                if let Encoded::Placed { transmission, .. } = encoded
                    && let Some(sequence) = transmission.take()
                {
                    out.write_all(sequence.as_bytes())?;
                }
                stay.push((key, it.place, it.skipped));
            }
        }
        let over = mem::take(&mut self.over);
        let (stay, go): (Vec<_>, Vec<_>) = over.into_iter().partition(|it| stay.contains(it));
        for (_, place, _) in go {
            let blank = " ".repeat(place.width.into());
            for y in place.top()..place.bottom() {
                write!(out, "\x1b[0m\x1b[{};{}H{blank}", y + 1, place.x + 1)?;
            }
        }
        self.over = stay;
        Ok(())
    }

    /// After a frame was drawn: draws over it what does not consist of cells. `wiped` are the rows
    /// that were drawn whole, and what stood over them with them.
    pub fn after(
        &mut self,
        shown: &[ShownPicture<'_>],
        model: &Model,
        wiped: &[u16],
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.over.retain(|(_, place, _)| {
            let rows = place.top()..place.bottom();
            !wiped.iter().any(|row| rows.contains(row))
        });
        for it in shown {
            let Some(key) = self.key(it.drawable, it.extent, model) else {
                continue;
            };
            let drawn = (key, it.place, it.skipped);
            if self.over.contains(&drawn) {
                continue;
            }
            if let Some((_, Ok(encoded))) = self.ready.get(&drawn.0)
                && let Some(sequence) = encoded.sequence(it.place, it.skipped)
            {
                out.write_all(sequence.as_bytes())?;
                self.over.push(drawn);
            }
        }
        Ok(())
    }
}

/// The number under which the terminal keeps it.
fn number(it: &Made) -> Option<u32> {
    match &it.1 {
        // What was never sent, it has not.
        Ok(Encoded::Placed {
            number,
            transmission: None,
            ..
        }) => Some(*number),
        _ => None,
    }
}
