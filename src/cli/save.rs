//! `recto save`: pages and files, kept on the shelf.

use std::{
    ffi::OsString,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::{Exit, Home, Out, WrongUsage, default_inputs, fetch, inputs, inspect::Base, output};
use crate::{
    ingest::{epub::is_book_name, mailbox},
    keep::{self, Asking, From, Keeping, Kept},
    library::{Input, Library, key_of_file},
    net::Client,
    runtime::settings,
    story::{Kind, Story, clean, grouped},
};

/// Bytes of a file that is kept, at most.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(override_usage = "recto save [OPTIONS] <URL|FILE|->...")]
pub(super) struct Save {
    /// The address of a page, a file (HTML, Markdown, text, a saved page, a book), or - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<OsString>,

    #[command(flatten)]
    base: Base,

    /// Print a JSON object a line
    #[arg(long)]
    json: bool,
}

/// What an input came to.
struct Done {
    kept: Kept,
    is_story: bool,
    /// What is there instead of a page, if something is.
    instead: Option<String>,
    /// What the file was known by that it was read from.
    from: Option<String>,
}

impl Done {
    fn story(kept: Kept) -> Self {
        Done {
            kept,
            is_story: true,
            instead: None,
            from: None,
        }
    }

    fn link(kept: Kept) -> Self {
        Done {
            is_story: false,
            ..Done::story(kept)
        }
    }
}

/// What saving needs.
struct Saving<'a> {
    library: &'a Library,
    client: &'a Client,
    shelf: &'a keep::Shelf,
    base: Option<&'a Url>,
    stop: &'a AtomicBool,
}

impl Save {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let is_address = |it: &OsString| fetch::address(it).is_ok_and(|it| it.is_some());
        if let (Some(_), Some(first)) = (
            self.base.address(),
            self.inputs.iter().find(|it| is_address(it)),
        ) {
            let told = format!(
                "--base-url says where a file was published; {} says so itself",
                clean::line(&first.to_string_lossy())
            );
            return Err(WrongUsage(told).into());
        }
        if home.data.is_none() {
            bail!("no home folder is known; name the folder of the database with --data");
        }
        let shelf = home.shelf()?;
        let library = super::open(home.data.as_deref(), default_inputs(home)?)?;
        let (access, wrong) = settings::of(&library, home.config.as_deref(), home.config_named);
        for wrong in wrong {
            output::complain(&format!("recto: {wrong}"));
        }
        let client = access.client().map_err(anyhow::Error::msg)?;
        let stop = AtomicBool::new(false);
        let saving = Saving {
            library: &library,
            client: &client,
            shelf: &shelf,
            base: self.base.address(),
            stop: &stop,
        };
        shelf.empty_trash(Timestamp::now());
        let is_read = library
            .folder()
            .is_some_and(|it| shelf.folder().starts_with(it));
        let had_shelf = is_read && shelf.folder().exists();
        let (mut written, mut copied) = (Vec::new(), Vec::new());
        let (mut titles, mut files) = (Vec::new(), Vec::new());
        let mut exit = Exit::Done;
        for input in &self.inputs {
            match saving.save(input) {
                Ok(done) => {
                    self.tell(input, &done, out)?;
                    let kept = done.kept;
                    if let Some(file) = kept.step().and_then(|it| it.written()) {
                        files.push(file);
                        copied.push(kept.copied(done.from));
                        titles.push(kept.title);
                    }
                    written.push(kept.path);
                }
                Err(error) => {
                    output::complain(&format!("recto: {error:#}"));
                    exit = Exit::Failed;
                }
            }
        }
        // Lists show them at once. A shelf that was made just now is read by the next start.
        if had_shelf && !written.is_empty() {
            library.look_at(&written, &stop)?;
        }
        if !files.is_empty() {
            let what = keep::said_of(&titles);
            library.files_written(None, &what, &files, &copied, Some(shelf.folder()))?;
            // What was done is kept, whatever becomes of its copy.
            let _ = library.end_keepsake();
        }
        for path in &written {
            if let Some(done) = shelf.want(&library, path)? {
                output::complain(&format!("recto: {done}: it is in the list again"));
                let _ = library.end_keepsake();
            }
        }
        Ok(exit)
    }

    fn tell(&self, input: &OsString, done: &Done, out: &mut Out) -> anyhow::Result<()> {
        let Done {
            kept,
            is_story,
            instead,
            from: _,
        } = done;
        let input = clean::line(&input.to_string_lossy());
        if kept.new_shelf {
            output::complain(&format!(
                "recto: your library begins, and recto reads it from now on: {}",
                clean::line(
                    &kept
                        .path
                        .parent()
                        .and_then(Path::parent)
                        .unwrap_or(&kept.path)
                        .to_string_lossy()
                )
            ));
        }
        let path = clean::line(&kept.path.to_string_lossy());
        let status = match (is_story, kept.unchanged, kept.updated) {
            _ if kept.stays.is_some() => "kept",
            (_, true, _) => "unchanged",
            (false, ..) => "link",
            (true, _, true) => "updated",
            (true, ..) => "saved",
        };
        if self.json {
            let failed = |(src, why): &(String, String)| json!({ "src": src, "why": why });
            let object = json!({
                "input": input,
                "status": status,
                "updated": kept.updated,
                "path": path,
                "title": kept.title,
                "url": kept.story.url,
                "pictures": kept.pictures,
                "failed": kept.failed.iter().map(failed).collect::<Vec<_>>(),
                "why": kept.stays.map(|it| it.words().to_owned()).or_else(|| instead.clone()),
            });
            return Ok(out.line(&object.to_string())?);
        }
        let words = match status {
            "kept" => "unchanged",
            "link" if kept.updated => "updated as a link",
            "link" if instead.is_some() => "saved as a link:",
            "link" => "saved as a link, for there is no story on this page:",
            status => status,
        };
        out.line(&format!("{words} “{}”  {path}", kept.title))?;
        if let Some(instead) = instead {
            output::complain(&format!("recto: {input}: {instead}"));
        }
        if let Some(why) = kept.stays {
            output::complain(&format!("recto: {input}: {}", why.words()));
        }
        if let Some(edited) = &kept.edited {
            output::complain(&format!(
                "recto: {} was edited since recto wrote it and stays as it is; the page as it is now lies beside it \
                 and is listed as “{}”",
                clean::line(&edited.to_string_lossy()),
                kept.title
            ));
        }
        if let Some(aside) = kept.replaced.as_ref().filter(|_| kept.says_else) {
            output::complain(&format!(
                "recto: what was kept of this address before says something else; it lies at {} now",
                clean::line(&aside.to_string_lossy())
            ));
        }
        if let Some(beside) = &kept.beside {
            output::complain(&format!(
                "recto: another story was kept of this address before and stays as it is: {}; this one lies beside it",
                clean::line(&beside.to_string_lossy())
            ));
        }
        for (src, why) in &kept.failed {
            output::complain(&format!("recto: {input}: without {src}: {why}"));
        }
        Ok(())
    }
}

impl Saving<'_> {
    fn save(&self, input: &OsString) -> anyhow::Result<Done> {
        if let Some(address) = fetch::address(input)? {
            return self.save_page(address);
        }
        let shown = clean::line(&input.to_string_lossy());
        if shown.contains("://") && !Path::new(input).exists() {
            bail!("{shown}: recto fetches only from http:// and https://");
        }
        let mut file = None;
        let (bytes, folder) = match inputs(vec![input.into()])?.pop() {
            Some(Input::Stdin(bytes)) => (bytes.to_vec(), None),
            Some(Input::Path(path)) if path.is_dir() => {
                bail!("{shown}: this is a folder; recto save keeps files and pages")
            }
            Some(Input::Path(path)) => {
                let folder = path.parent().map(|it| match it.as_os_str().is_empty() {
                    true => PathBuf::from("."),
                    false => it.to_owned(),
                });
                let bytes = read(&path).with_context(|| shown.clone())?;
                file = std::path::absolute(path).ok();
                (bytes, folder)
            }
            _ => bail!("{shown}: recto save keeps files and pages"),
        };
        let name = match input.to_str() {
            Some("-") => "standard input",
            _ => &shown,
        };
        let letters = match mailbox::is_mailbox(&bytes) {
            true => mailbox::Letters::new(&*bytes).count(),
            false => 1,
        };
        if letters > 1 {
            bail!(
                "{shown}: this is a mailbox of {} letters and no story; recto {shown} lists them, and S keeps those \
                 that you choose",
                grouped(letters)
            );
        }
        let whole = bytes.clone();
        let page = keep::read_file(bytes, name, self.base)?;
        let known_as = file.map(|file| key_of_file(&page.story, &file));
        if !page.is_story && self.base.is_none() {
            let what = keep::without_story(page.asks);
            bail!("{shown}: {what}; --base-url has it kept as a link");
        }
        let hosts = self.base.and_then(Url::host_str).map(str::to_owned);
        let from = From {
            folder: folder.as_deref(),
            hosts: hosts.into_iter().collect(),
            letter: Some(&whole)
                .filter(|_| page.story.kind == Kind::Letter)
                .map(|it| &**it),
            ..From::default()
        };
        if let Some(base) = self.base.filter(|_| !page.is_story) {
            let kept = self
                .keeping()
                .keep_link(&page.story, page.asks, base, base, &from)?;
            return Ok(Done::link(kept));
        }
        if page.story.kind == Kind::Book {
            let kept = self.shelf.keep_book(
                page.story,
                &whole,
                folder.as_ref().map(|_| Path::new(input)),
            )?;
            return Ok(Done {
                from: known_as,
                ..Done::story(kept)
            });
        }
        let own = self.base.map(Url::as_str);
        Ok(Done {
            from: known_as,
            ..self.keep(page.story, own, &from)?
        })
    }

    fn save_page(&self, address: Url) -> anyhow::Result<Done> {
        let asking = Asking {
            client: self.client,
            url: address.clone(),
            typed: true,
            headers: Vec::new(),
            stop: self.stop,
        };
        let page = match keep::fetch(asking) {
            Ok(page) => page,
            Err(error) => {
                if let Some(story) = error.unread(&address) {
                    let from = From::default();
                    let keeping = self.keeping();
                    let kept = keeping.keep_link(&story, false, &address, &address, &from)?;
                    return Ok(Done {
                        instead: error.what(),
                        ..Done::link(kept)
                    });
                }
                return Err(fetch::or_copy(self.library, self.shelf, &address, &error));
            }
        };
        let hosts = page.address.host_str().filter(|_| page.home);
        let from = From {
            folder: None,
            hosts: hosts.map(str::to_owned).into_iter().collect(),
            home: page.home,
            letter: page
                .whole
                .as_deref()
                .filter(|_| page.story.kind == Kind::Letter),
            ..From::default()
        };
        if !page.is_story {
            let keeping = self.keeping();
            let kept = keeping.keep_link(&page.story, page.asks, &address, &page.address, &from)?;
            return Ok(Done::link(kept));
        }
        if let (Kind::Book, Some(whole)) = (page.story.kind, &page.whole) {
            let kept = self.shelf.keep_book(page.story, whole, None)?;
            return Ok(Done::story(kept));
        }
        self.keep(page.story, Some(page.address.as_str()), &from)
    }

    fn keeping(&self) -> Keeping<'_> {
        Keeping {
            client: self.client,
            shelf: self.shelf,
            library: self.library,
            stop: self.stop,
        }
    }

    fn keep(&self, story: Story, own: Option<&str>, from: &From<'_>) -> anyhow::Result<Done> {
        let kept = self.keeping().keep(story, own, from)?;
        Ok(Done::story(kept))
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        bail!("this is not a regular file");
    }
    let most = match is_book_name(&path.to_string_lossy()) {
        true => keep::LARGEST_BOOK,
        false => LARGEST,
    };
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        bail!(
            "the file is too large to be kept: {} MB is the most",
            most / (1024 * 1024)
        );
    }
    Ok(bytes)
}
