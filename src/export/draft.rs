//! A file on its way: it has no name that anybody looks for until it is whole.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// A file that is being written.
#[derive(Debug)]
pub struct Draft {
    file: BufWriter<NamedTempFile>,
    goes: Goes,
}

/// Where it goes once it is whole.
#[derive(Debug)]
enum Goes {
    /// To this name.
    Name(PathBuf),
    /// Into a pipe or a device of this name.
    Into(PathBuf),
    /// To whoever asks for it.
    Out,
}

impl Draft {
    /// A file that will be called `target`, in the place of what is called so now.
    ///
    /// # Errors
    /// If nothing can be written beside it.
    pub fn of(target: &Path) -> io::Result<Self> {
        let there = target.metadata().ok();
        if there.as_ref().is_some_and(|it| it.is_dir()) {
            return Err(io::Error::other("this is a folder"));
        }
        if there.as_ref().is_some_and(|it| !it.is_file()) {
            return Self::new(None, Goes::Into(target.to_owned()));
        }
        // What a link leads to is written, not the link.
        let target = target.canonicalize().unwrap_or_else(|_| target.to_owned());
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        Self::new(Some(&folder), Goes::Name(target))
    }

    /// A file that goes to standard output.
    ///
    /// # Errors
    /// If the system has no room for it.
    pub fn passing() -> io::Result<Self> {
        Self::new(None, Goes::Out)
    }

    fn new(folder: Option<&Path>, goes: Goes) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".recto-").suffix(".tmp");
        // Like any file that the reader makes; one that only passes is nobody else's business.
        #[cfg(unix)]
        if folder.is_some() {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let file = match folder {
            Some(folder) => builder.tempfile_in(folder)?,
            None => builder.tempfile()?,
        };
        let file = BufWriter::with_capacity(64 * 1024, file);
        Ok(Draft { file, goes })
    }

    /// Gives the whole file its name, or writes it to `out` where it has none.
    ///
    /// # Errors
    /// If the system refuses; then what was there before is there still.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.file.flush()?;
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        match self.goes {
            Goes::Name(target) => {
                file.as_file().sync_all()?;
                file.persist(&target).map_err(|it| it.error)?;
                // Some file systems cannot; the file itself is whole in any case.
                #[cfg(unix)]
                if let Some(folder) = target.parent() {
                    let _ = File::open(folder).and_then(|it| it.sync_all());
                }
                Ok(())
            }
            Goes::Into(target) => {
                let mut into = File::options().write(true).open(target)?;
                copy(&mut file, &mut into)
            }
            Goes::Out => copy(&mut file, out),
        }
    }
}

/// Copies a file from its beginning.
pub(super) fn copy(from: &mut (impl Read + Seek), out: &mut dyn Write) -> io::Result<()> {
    from.seek(SeekFrom::Start(0))?;
    io::copy(from, out)?;
    out.flush()
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Draft {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
