//! The pictures of a story, fetched or read within limits. Those that cannot be had cost the story nothing.

use std::{
    borrow::Cow,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{ImageFormat, guess_format};
use url::Url;

use crate::{
    document::resolve_pictures,
    library::shipped_picture,
    net::{Client, Request},
    story::{Story, clean, link},
};

/// Pictures of one story, at most.
pub(super) const MOST: usize = 60;

/// Bytes of one picture, at most.
pub(super) const LARGEST: u64 = 10 * 1024 * 1024;

/// Bytes of all pictures of a story, at most.
pub(super) const TOGETHER: u64 = 60 * 1024 * 1024;

/// How long they may take.
const LONGEST: Duration = Duration::from_secs(90);

/// Pictures that are fetched at once.
const HANDS: usize = 2;

/// What is preferred of a server of pictures: what recto draws.
const ACCEPT: &str = "image/webp, image/png, image/jpeg, image/gif, image/*;q=0.5, */*;q=0.1";

/// Where the pictures of a story come from.
#[derive(Debug, Clone, Default)]
pub struct From<'a> {
    /// The folder that its relative addresses begin at.
    pub folder: Option<&'a Path>,
    /// Hosts that may be of the own machine or network: those that the story itself came from.
    pub hosts: Vec<String>,
    /// Whether the story itself was fetched from there.
    pub home: bool,
    /// Whether it ships with recto, and its pictures do.
    pub shipped: bool,
    /// The letter that it is, as it came: files come out of it.
    pub letter: Option<&'a [u8]>,
}

/// A picture that was had, or another file that goes beside the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gotten {
    /// The address that the story names.
    pub src: String,
    /// What it is.
    pub bytes: Vec<u8>,
    /// The ending of its name: `png`.
    pub ending: Cow<'static, str>,
    /// What it is called, if its address does not say.
    pub name: Option<String>,
}

impl Gotten {
    /// A picture.
    pub(super) fn new(src: String, bytes: Vec<u8>, ending: &'static str) -> Self {
        Gotten {
            src,
            bytes,
            ending: ending.into(),
            name: None,
        }
    }
}

/// The pictures of a story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// Those that were had, in the order of the story.
    pub pictures: Vec<Gotten>,
    /// Those that were not: their addresses, and why.
    pub failed: Vec<(String, String)>,
    /// Those of them that may come the next time: nobody answered.
    pub unanswered: Vec<String>,
}

/// Why a picture could not be had, and whether it may come the next time.
struct Vain {
    why: String,
    may_pass: bool,
}

impl std::convert::From<String> for Vain {
    fn from(why: String) -> Self {
        Vain {
            why,
            may_pass: false,
        }
    }
}

impl std::convert::From<&str> for Vain {
    fn from(why: &str) -> Self {
        why.to_owned().into()
    }
}

/// Gets the pictures of a story: the lead image first, then those of its text as they come.
pub fn gather(client: &Client, story: &Story, from: &From<'_>, stop: &AtomicBool) -> Gathered {
    gather_all(client, &sources(story), from, stop)
}

/// The same for these addresses.
pub(super) fn gather_all(
    client: &Client,
    wanted: &[String],
    from: &From<'_>,
    stop: &AtomicBool,
) -> Gathered {
    let end = Instant::now() + LONGEST;
    let (next, spent) = (AtomicUsize::new(0), AtomicU64::new(0));
    let got = Mutex::new(Vec::new());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(src) = wanted.get(index) else {
                return;
            };
            let left = TOGETHER.saturating_sub(spent.load(Ordering::SeqCst));
            let outcome = match index {
                MOST.. => Err(format!("only the first {MOST} pictures are kept").into()),
                _ if left == 0 => Err("the pictures before it take all the room".into()),
                _ if Instant::now() > end || stop.load(Ordering::Relaxed) => Err(Vain {
                    why: "there was no time left for it".to_owned(),
                    may_pass: true,
                }),
                _ => get(client, src, from, left.min(LARGEST), stop),
            };
            if let Ok((bytes, _)) = &outcome {
                spent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
            }
            let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
            got.push((index, outcome));
        }
    };
    thread::scope(|scope| {
        for _ in 1..HANDS.min(wanted.len()) {
            // Where the system has no thread left, this one does it all.
            let _ = thread::Builder::new()
                .name("pages".into())
                .spawn_scoped(scope, work);
        }
        work();
    });
    let mut got = got.into_inner().unwrap_or_else(PoisonError::into_inner);
    got.sort_by_key(|(index, _)| *index);
    let mut gathered = Gathered::default();
    for (index, outcome) in got {
        let Some(src) = wanted.get(index).cloned() else {
            continue;
        };
        match outcome {
            Ok((bytes, ending)) => gathered.pictures.push(Gotten::new(src, bytes, ending)),
            // What is written out in the story stays there.
            Err(_) if src.starts_with("data:") => {}
            Err(vain) => {
                let src = clean::line(&src);
                if vain.may_pass {
                    gathered.unanswered.push(src.clone());
                }
                gathered.failed.push((src, vain.why));
            }
        }
    }
    gathered
}

fn get(
    client: &Client,
    src: &str,
    from: &From<'_>,
    most: u64,
    stop: &AtomicBool,
) -> Result<(Vec<u8>, &'static str), Vain> {
    if let Some(bytes) = written_out(src, most) {
        return Ok(bytes.and_then(|it| ending_of(&it).map(|ending| (it, ending)))?);
    }
    let bytes = match (Url::parse(src), from.folder) {
        (Ok(url), _) if matches!(url.scheme(), "http" | "https") => {
            let host = url.host_str().unwrap_or_default();
            let typed = from.hosts.iter().any(|it| it == host);
            let request = Request {
                accept: ACCEPT,
                typed,
                most: Some(most),
                ..Request::typed(url)
            };
            let fetched = client.fetch(&request, stop).map_err(|it| Vain {
                why: it.to_string(),
                may_pass: it.may_pass(),
            })?;
            fetched.body.unwrap_or_default()
        }
        (Err(_), Some(folder)) => {
            let path = beside(folder, src).ok_or("there is no such file beside the story")?;
            read(&path, most)?
        }
        (Err(_), None) if from.shipped => {
            let bytes = shipped_picture(src).ok_or("it does not ship with recto")?;
            bytes.to_vec()
        }
        (Err(_), None) => return Err("nobody knows where it lies".into()),
        _ => return Err("recto fetches only from http:// and https://".into()),
    };
    let ending = ending_of(&bytes)?;
    Ok((bytes, ending))
}

/// What a picture's file is called behind its name, by its bytes.
///
/// # Errors
/// Says in words that it is none.
pub fn ending_of(bytes: &[u8]) -> Result<&'static str, String> {
    match guess_format(bytes) {
        Ok(ImageFormat::Png) => Ok("png"),
        Ok(ImageFormat::Jpeg) => Ok("jpg"),
        Ok(ImageFormat::Gif) => Ok("gif"),
        Ok(ImageFormat::WebP) => Ok("webp"),
        Ok(ImageFormat::Avif) => Ok("avif"),
        _ if bytes.is_empty() => Err("nothing came".to_owned()),
        _ => Err("this is no picture (PNG, JPEG, GIF, WebP or AVIF)".to_owned()),
    }
}

/// Reads a picture that a story names and that lies on this machine: at most so many bytes. None where it
/// does not; the error says in words why it cannot be had.
pub type Local<'a> = dyn Fn(&str, u64) -> Option<Result<Vec<u8>, String>> + 'a;

/// The pictures of a story that lie on this machine: nothing is fetched.
pub fn gather_local(story: &Story, local: &Local<'_>) -> Gathered {
    let mut gathered = Gathered::default();
    let mut left = TOGETHER;
    for src in sources(story) {
        let most = left.min(LARGEST);
        let Some(had) = written_out(&src, most).or_else(|| local(&src, most)) else {
            continue;
        };
        let had = match gathered.pictures.len() {
            MOST.. => Err(format!("only the first {MOST} pictures are kept")),
            _ => had.and_then(|bytes| ending_of(&bytes).map(|ending| (bytes, ending))),
        };
        match had {
            Ok((bytes, ending)) => {
                left = left.saturating_sub(bytes.len() as u64);
                gathered.pictures.push(Gotten::new(src, bytes, ending));
            }
            // What is written out in the story stays there.
            Err(_) if src.starts_with("data:") => {}
            Err(why) => gathered.failed.push((clean::line(&src), why)),
        }
    }
    gathered
}

/// The bytes of a picture that is written out in its address (RFC 2397), at most so many; none where it is not.
pub fn written_out(src: &str, most: u64) -> Option<Result<Vec<u8>, String>> {
    let (scheme, rest) = src.split_at_checked("data:".len())?;
    if !scheme.eq_ignore_ascii_case("data:") {
        return None;
    }
    let decoded = || {
        let (kind, letters) = rest.split_once(',').ok_or("its address is cut off")?;
        if !kind.to_ascii_lowercase().ends_with(";base64") {
            return Err("it is not written in letters (base64)".to_owned());
        }
        if letters.len() as u64 > most.saturating_mul(4) / 3 + 4 {
            return Err(format!("it has more than {} MB", most / (1024 * 1024)));
        }
        let letters = letters.bytes().filter(|it| !it.is_ascii_whitespace());
        let decoded = STANDARD.decode(letters.collect::<Vec<u8>>());
        decoded.map_err(|_| "its letters are no picture".to_owned())
    };
    Some(decoded())
}

/// The bytes of a picture in a file, at most so many.
///
/// # Errors
/// Says in words why they cannot be had.
pub fn read_local(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    read(path, most)
}

/// The file in `folder`, or in one within, that a relative address names.
fn beside(folder: &Path, src: &str) -> Option<PathBuf> {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    let path = link::decode_percent(path);
    if path.is_empty() || path.contains('\0') || path.starts_with('/') {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    let found = folder.join(path).canonicalize().ok()?;
    // Asked before it is opened: to open a pipe or a device may block for ever.
    let regular = found.metadata().is_ok_and(|meta| meta.is_file());
    (regular && found.starts_with(&folder)).then_some(found)
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let told = |error: std::io::Error| error.to_string();
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(told)?;
    match bytes.len() as u64 > most {
        true => Err(format!("it has more than {} MB", most / (1024 * 1024))),
        false => Ok(bytes),
    }
}

/// The addresses of all pictures of a story, the lead image first, each once.
pub(super) fn sources(story: &Story) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut add = |src: &str| {
        if !src.is_empty() && !all.iter().any(|it| it == src) {
            all.push(src.to_owned());
        }
    };
    if let Some(image) = &story.lead_image {
        add(&image.src);
    }
    resolve_pictures(&story.markdown, |src| {
        add(src);
        None
    });
    all
}
