//! Links of a file to others beside it: its copy lies elsewhere, and they lead there still.

use std::path::Path;

use url::Url;

use super::pictures::Gathered;
use crate::{
    document::resolve_addresses,
    story::{Kind, Story, link},
};

/// Has links of a story from this folder that lead to files name these by where they lie; what goes along with the
/// story was `gathered`. Of what says where it was published they may mean what lies there.
pub(super) fn reach_back(story: &mut Story, folder: &Path, gathered: &Gathered) {
    if story.url.is_some() || story.kind == Kind::Letter {
        return;
    }
    let goes_along = |address: &str| gathered.pictures.iter().any(|it| it.src == address);
    story.markdown = resolve_addresses(&story.markdown, |address| {
        let (path, place) = match address.find('#') {
            Some(at) => address.split_at(at),
            None => (address, ""),
        };
        let path = path.split('?').next().unwrap_or(path);
        if goes_along(address) || path.starts_with('/') {
            return None;
        }
        let there = folder
            .join(link::decode_percent(path))
            .canonicalize()
            .ok()?;
        let there = Url::from_file_path(there.to_str()?).ok()?;
        // What would end the link where it is written.
        let there = there.path().replace('(', "%28").replace(')', "%29");
        Some(format!("{there}{place}"))
    });
}
