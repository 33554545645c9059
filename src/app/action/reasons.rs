//! Why an action cannot be done just now, in the words that follow “Not now:”.

use super::super::{geometry::FACING, model::Model};
use crate::story::Source;

pub(super) fn always(_: &Model) -> Option<&'static str> {
    None
}

pub(super) fn no_story(model: &Model) -> Option<&'static str> {
    model
        .list
        .current()
        .is_none()
        .then_some("no story is chosen")
}

pub(super) fn no_feed(model: &Model) -> Option<&'static str> {
    let none = model.chosen_feed().is_none();
    none.then_some(match model.sources.hides_all() {
        true => "all feeds are hidden; a and the address of one shows it",
        false => "no feed is chosen",
    })
}

pub(super) fn no_feed_or_folder(model: &Model) -> Option<&'static str> {
    match model.chosen_folder() {
        Some(folder) if model.feeds_in(folder).is_empty() => Some("no feed lies in this folder"),
        Some(_) => None,
        None => no_feed(model),
    }
}

pub(super) fn no_feeds(model: &Model) -> Option<&'static str> {
    // Until the sources are there nobody knows.
    let known = !model.sources.rows.is_empty();
    (known && !model.sources.knows_feeds()).then_some("nothing is subscribed to; a subscribes")
}

pub(super) fn no_rows(model: &Model) -> Option<&'static str> {
    (model.list.window.total == 0).then_some("nothing is listed")
}

pub(super) fn nothing_chosen(model: &Model) -> Option<&'static str> {
    model.chosen().is_empty().then_some("no story is chosen")
}

pub(super) fn nothing_picked(model: &Model) -> Option<&'static str> {
    let picked = model.list.picked.is_some() && model.list.current().is_some();
    (!picked).then_some("x selects a first story")
}

pub(super) fn unread_alone(model: &Model) -> Option<&'static str> {
    (model.list.listing.source == Source::Unread).then_some("here stands only what is unread")
}

pub(super) fn no_page(model: &Model) -> Option<&'static str> {
    model.reader.open.is_none().then_some("no story is open")
}

pub(super) fn no_pictures(model: &Model) -> Option<&'static str> {
    let none = model.cell.is_none();
    none.then_some("this terminal cannot draw pictures")
}

pub(super) fn no_set_page(model: &Model) -> Option<&'static str> {
    let source = model.reader.open.as_ref().is_some_and(|open| open.source);
    no_page(model).or(source.then_some("this is the source; \\ goes back to the page"))
}

/// Neither are the comments on a story a text of the reader's to keep places and notes in.
pub(super) fn no_text(model: &Model) -> Option<&'static str> {
    let comments = model.reader.open.as_ref().is_some_and(|open| open.comments);
    no_set_page(model).or(comments.then_some("these are comments; c goes back to the story"))
}

pub(super) fn no_wider(model: &Model) -> Option<&'static str> {
    let room = model.geometry().page(u16::MAX).map(|page| page.width);
    let full = room.is_some_and(|room| room <= model.measure);
    no_page(model).or(match model.zen {
        _ if !full => None,
        true => Some("the screen has no room for longer lines"),
        false => Some("the column has no room for longer lines; z gives it the whole screen"),
    })
}

pub(super) fn no_room_for_two(model: &Model) -> Option<&'static str> {
    let narrow = model.columns < FACING && !model.facing;
    no_page(model).or(narrow.then_some("two pages need a screen of 160 columns"))
}

pub(super) fn no_text_search(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    open.is_none_or(|open| open.search.is_none())
        .then_some("/ in the reader searches its text first")
}

pub(super) fn no_history(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    let searched = open.is_some_and(|open| open.place_before_search().is_some());
    let none = model.back.is_empty() && !searched && !model.came_by_hit();
    none.then_some("no link was followed yet")
}

pub(super) fn no_return(model: &Model) -> Option<&'static str> {
    let none = model.forward.is_empty();
    none.then_some("nowhere was come back from")
}

pub(super) fn nothing_wide(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    open.is_none_or(|open| open.widest == 0)
        .then_some("nothing here is wider than the page")
}

pub(super) fn no_notes(model: &Model) -> Option<&'static str> {
    let none = model
        .reader
        .open
        .as_ref()
        .is_none_or(|it| it.notes.is_empty());
    no_set_page(model).or(none.then_some("nothing is highlighted in this story; v selects text"))
}

pub(super) fn no_selected_note(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    open.is_none_or(|open| open.touched_note().is_none())
        .then_some("nothing is highlighted here")
}
