//! What is said of changes of state, and what is asked about it.

use crate::{
    library::{Done, Library, LibraryError},
    story::{self, Change, Operation, StoryId, Target},
};

/// What the reader should know of what was done. One story's mark shows in its row; of several it
/// should be said how many.
pub(super) fn said(operation: &Operation, done: &Done) -> Option<String> {
    let alone = matches!(&operation.target, Target::Stories(stories) if stories.len() == 1);
    let sentence = story::sentence(&done.what);
    match &operation.change {
        _ if done.stories == 0 && !alone => {
            Some("That was so already: nothing changed.".to_owned())
        }
        _ if done.stories == 0 => None,
        Change::Removed(true) => {
            let them = if done.stories == 1 { "it" } else { "them" };
            let sentence = sentence.trim_end_matches('.');
            Some(format!("{sentence}; u brings {them} back."))
        }
        Change::Removed(false) | Change::Tagged(..) => Some(sentence),
        _ => (!alone).then_some(sentence),
    }
}

/// The tags that all of these stories have.
pub(super) fn common_tags(
    library: &Library,
    stories: &[StoryId],
) -> Result<Vec<String>, LibraryError> {
    let Some((first, others)) = stories.split_first() else {
        return Ok(Vec::new());
    };
    let mut common = library.tags(*first)?;
    for id in others {
        if common.is_empty() {
            break;
        }
        let tags = library.tags(*id)?;
        common.retain(|tag| tags.contains(tag));
    }
    Ok(common)
}
