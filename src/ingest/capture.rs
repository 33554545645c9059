//! Web pages that were saved as plain text: the story is found among the page's furniture.
//!
//! The way of a page: the titles and addresses that it hands on are noted (`addresses`), its text is rid of the
//! marks of links (`links`) and of what single programs print in ways of their own (`printed`), and cut into items
//! (`lines`, with bullets and the like known by `markers`,
//! with what is set as programs and tables are by `aligned`);
//! each item's looks (`shape`) and words (`lexicon`, `signs` and `labels`, from the tables in `words`,
//! which know a text by its `key`) are noted (`view`); the stretch with the text (`core`), headline
//! and beginning of the text are found (`head`, `headline`; with `titles` and `breadcrumb` for what
//! names it, `sections` for what it is filed under), the lines around the headline read for authors
//! and dates (`meta`, `names`, `split`), the text followed to its end (`body`) around what is not of
//! it (`boxes`, `captions`, `ending`, `action`), what stands behind it read for tags (`tail`), the other stories
//! that are announced collected (`related`, `teasers`), and the text written as Markdown (`assemble`),
//! with the links that numbers stand for (`references`).
//!
//! No single word decides: an item is what its looks, its place and its neighbours make likely.

mod action;
mod addresses;
mod aligned;
mod assemble;
mod body;
mod boxes;
mod breadcrumb;
mod captions;
mod core;
mod ending;
mod evidence;
mod head;
mod headline;
mod key;
mod labels;
mod lexicon;
mod lines;
mod links;
mod markers;
mod meta;
mod names;
mod others;
mod printed;
mod references;
mod related;
mod sections;
mod shape;
mod signs;
pub(in crate::ingest) mod single;
mod split;
mod tail;
mod teasers;
mod titles;
mod view;
mod words;

use super::language;
use crate::story::{Kind, Link, Picture, Published, Story};
use lines::{Item, Marker};
use meta::Meta;
use shape::Shape;
use view::View;
use words::{Label, Sign};

/// No page saved as text is longer; what is, is a book or a log.
const LONGEST: usize = 1_000_000;

/// The story in a page that was saved as plain text; none where the text does not look like one.
/// The text is cleaned and has `\n` for line ends.
pub fn read(text: &str, fallback_title: &str) -> Option<Story> {
    if text.len() > LONGEST || !evidence::may_be_page(text) {
        return None;
    }
    let page = lines::cut(text);
    let language = detect(&page.items);
    // Which of 03/04/2021 is the month, the page's own words may tell.
    let dates_in = if language == Some("en") && evidence::is_british(text) {
        "en-GB"
    } else {
        language.unwrap_or("en")
    };
    let mut view = View::new(&page, dates_in);
    view.told = titles::told_by_feeds(text);
    view.shared = addresses::shared(text);
    boxes::settle(&mut view);
    let core = core::find(&view)?;
    let head = head::find(&view, &core)?;
    if !evidence::is_page(&view, &head) {
        return None;
    }

    let mut meta = Meta {
        language: dates_in.to_owned(),
        ..Meta::default()
    };
    read_head(&view, &head, &mut meta);
    let mut body = body::find(&view, &head, &core, &meta.authors);
    let known = meta.authors.len();
    tail::read_meta(&view, body.end, &mut meta);
    if known == 0 && !meta.authors.is_empty() {
        // Named below the text: signature and portrait can now be told from it.
        body = body::find(&view, &head, &core, &meta.authors);
    }

    if meta.authors.is_empty() {
        meta.authors.extend(author_below(&view, &body));
    }
    if meta.published.is_none() && meta.updated.is_none() {
        meta.published = body.kept.first().and_then(|&at| dateline(&view, at));
    }

    let headline = head.headline.map(|at| headline::text_of(&view, at));
    let title_given = headline.is_some() || meta.title.is_some();
    let title = meta
        .title
        .clone()
        .or(headline)
        .unwrap_or_else(|| fallback_title.to_owned());
    let mut story = Story::new(Kind::Capture, title, assemble::markdown(&view, &body.kept));
    story.title_given = title_given;
    sort_filing(&view, &head, &mut meta);
    if meta.tags.is_empty() {
        meta.tags = bare_tags(&view, &head, &body, &meta.authors);
    }
    story.related = related::all_related(
        &view,
        &body.links,
        body.kept.last().map_or(body.end, |at| at + 1),
        &story.title,
        &meta.authors,
    );
    story.call_to_action = body
        .action
        .or_else(|| action_around(&view, &head, body.end))
        .map(|text| Link { text, url: None });
    // What stood for the picture's words may have turned out to be the standfirst.
    let picture_at = head.picture.filter(|&at| Some(at) != head.summary);
    story.lead_image = picture_at.and_then(|at| picture(&view.items[at]));
    story.summary = meta.summary.or_else(|| {
        head.summary
            .map(|at| without_kind(&view.items[at].text).to_owned())
    });
    story.authors = meta.authors;
    story.published = meta.published;
    story.updated = meta.updated;
    if meta.categories.is_empty() {
        let section = sections::tagged(&view, &head, &meta.tags);
        meta.categories
            .extend(section.or_else(|| section_below(&view, &head)));
    }
    meta.categories.retain(|category| *category != story.title);
    story.categories = meta.categories;
    story.tags = meta.tags;
    let own = || view.shared.address(&key::of(&story.title));
    story.url = meta.url.or_else(|| own().map(str::to_owned));
    story.comments_count = meta.comments;
    story.language = language.map(str::to_owned);
    Some(story)
}

/// Settles what are categories and what are tags. "Filed under" names categories where the page
/// has no better, else tags.
fn sort_filing(view: &View<'_>, head: &head::Head, meta: &mut Meta) {
    let above = head.headline.and_then(|at| {
        sections::above(view, at).or_else(|| sections::of_title(view, at).map(|one| vec![one]))
    });
    // A list beside the date that names the section above the headline says more than that.
    if let Some(above) = &above
        && meta.categories.is_empty()
        && meta.filed_beside
        && meta.filed.len() > 1
        && meta.filed.iter().any(|filed| above.contains(filed))
    {
        meta.categories = std::mem::take(&mut meta.filed);
    }
    let trail = head
        .headline
        .and_then(|at| sections::of_breadcrumb(view, at));
    let better = !meta.categories.is_empty() || (above.is_some() && meta.tags.is_empty());
    if better && meta.tags.is_empty() {
        meta.tags = std::mem::take(&mut meta.filed);
    }
    if meta.categories.is_empty() {
        let filed = std::mem::take(&mut meta.filed);
        meta.categories = match above {
            Some(above) => above,
            None if filed.is_empty() => trail.into_iter().collect(),
            None => filed,
        };
    }
}

/// "BERLIN, March 3, 2021 – …": the date in the dateline of a text.
fn dateline(view: &View<'_>, at: usize) -> Option<Published> {
    let text = view.items[at].text.as_str();
    let (range, published) = crate::ingest::dates::find_stated(text, view.language)?;
    let behind: String = text[range.end..].chars().take(40).collect();
    let dash = ["–", "—", "--", " - ", "/PRNewswire", "―", ".-", ".–"]
        .iter()
        .any(|dash| behind.contains(dash));
    (range.start <= 70 && dash && !text[..range.start].contains(". ")).then_some(published)
}

/// Reads the lines between headline and text, then those above the headline.
fn read_head(view: &View<'_>, head: &head::Head, meta: &mut Meta) {
    // A table about the thing that the story is about gives that thing's title.
    let title_at = head.headline.unwrap_or(usize::MAX);
    let from = head.headline.map_or(0, |at| at + 1);
    let mut pending: Option<Label> = None;
    let mut names_at = Vec::new();
    for at in from..head.start {
        let item = &view.items[at];
        if Some(at) == head.summary || item.shape == Shape::Rule {
            continue;
        }
        // "Published in" names a magazine, not the story's section.
        if view.anchors[at]
            || pending.is_some()
            || view.signs[at] == Some(Sign::Comments)
            || labels::label(&item.text).is_some()
        {
            if matches!(labels::label(&item.text), Some((Label::Title, _))) && at > title_at {
                continue;
            }
            let byline = pending == Some(Label::Author);
            pending = meta.take(item, pending);
            // "0 / Comments", each on its own line.
            if meta.comments.is_none() && view.signs[at] == Some(Sign::Comments) && item.words == 1
            {
                meta.comments = view.items[at - 1].text.parse().ok();
            }
            // "By / Jane Doe / and / John Roe", each on its own line.
            let mut next = at + 1;
            while byline
                && next + 1 < head.start
                && matches!(
                    view.items[next].key.as_str(),
                    "and" | "und" | "et" | "y" | "e" | "en" | "&" | ","
                )
                && names::is_name(&view.items[next + 1].text)
            {
                meta.authors.push(view.items[next + 1].text.clone());
                next += 2;
            }
        } else if (names::is_bare_name(&item.text) || names::is_name_and_house(&item.text))
            && view.signs[at].is_none()
            && item.marker == Marker::None
        {
            names_at.push(at);
        }
    }
    let Some(headline) = head.headline else {
        return;
    };
    // Dates and bylines may stand directly above the headline, or at the top of a letter.
    let had = meta.published.is_some() || meta.updated.is_some();
    let mut above = Meta {
        language: meta.language.clone(),
        ..Meta::default()
    };
    for at in (headline.saturating_sub(6)..headline).chain(0..headline.saturating_sub(6).min(60)) {
        let item = &view.items[at];
        if view.anchors[at] && item.words <= 30 {
            let pending = above.take(item, None);
            if pending.is_some() && at + 1 < headline {
                above.take(&view.items[at + 1], pending);
            }
        }
    }
    if !had {
        meta.published = above.published;
        meta.updated = above.updated;
    } else if let (Some(Published::Day(day)), Some(Published::At(at))) =
        (meta.published, above.published)
        && Published::At(at).day(&jiff::tz::TimeZone::UTC) == day
    {
        // The same day, told to the minute.
        meta.published = above.published;
    }
    meta.url = meta.url.take().or(above.url);
    meta.title = meta.title.take().or(above.title);
    if meta.categories.is_empty() {
        meta.categories = above.categories;
    }
    if meta.tags.is_empty() {
        meta.tags = above.tags;
    }
    if meta.authors.is_empty() {
        // A name alone, nearest to the date; else what stands above the headline.
        let dated =
            (from..head.start).find(|&at| meta::is_date_line(&view.items[at], view.language));
        let nearest = names_at
            .iter()
            .copied()
            .min_by_key(|&at| dated.map_or(at, |dated| at.abs_diff(dated)));
        let titled = title_author(view);
        meta.authors = match (titled, nearest) {
            (Some(name), _) => vec![name],
            (None, Some(at)) => names::names(&view.items[at].text),
            (None, None) if !meta.maybe_author.is_empty() => std::mem::take(&mut meta.maybe_author),
            (None, None) if !above.authors.is_empty() => above.authors,
            (None, None) => above.maybe_author,
        };
    }
}

/// A word or two between headline and byline that stand at other stories of the page, too: the
/// story's section.
fn section_below(view: &View<'_>, head: &head::Head) -> Option<String> {
    let from = head.headline? + 1;
    let at = (from..head.start.min(from + 3)).find(|&at| {
        let item = &view.items[at];
        item.words <= 2
            && item.shape == Shape::Phrase
            && view.signs[at].is_none()
            && !view.anchors[at]
            && !names::is_bare_name(&item.text)
            && (at + 1..head.start.min(at + 4)).any(|next| view.anchors[next])
    })?;
    let key = &view.items[at].key;
    let again = view.items.iter().skip(head.start);
    again
        .filter(|item| item.key == *key)
        .map(|_| view.items[at].text.clone())
        .next()
}

/// "… | by Jane Doe | The Long Desk": the author in the page's title.
fn title_author(view: &View<'_>) -> Option<String> {
    view.items.iter().take(12).find_map(|item| {
        item.text
            .split([" | ", " - ", " – ", " — "].map(|mark| mark.chars().nth(1).unwrap_or('|')))
            .skip(1)
            .find_map(|part| {
                let name = names::after_by(part.trim())?.trim();
                names::is_name(name).then(|| name.to_owned())
            })
    })
}

/// Short lines between text and tail: tags, where there are several.
fn bare_tags(
    view: &View<'_>,
    head: &head::Head,
    body: &body::Body,
    authors: &[String],
) -> Vec<String> {
    let above = head.headline.unwrap_or(0);
    // What is said at the top of the page, too, is the site's name or the title.
    let known = |key: &str| {
        view.items[..=above.min(view.items.len() - 1)]
            .iter()
            .any(|item| item.marker == Marker::None && item.words >= 2 && item.key.contains(key))
    };
    let is_tag = |at: usize| {
        let item = &view.items[at];
        item.shape == Shape::Phrase
            && body::is_tag(view, at, authors)
            && !(item.words >= 2 && known(&item.key))
    };
    let Some(&first) = body.labels.iter().find(|&&at| is_tag(at)) else {
        return Vec::new();
    };
    let group = view.items[first].group;
    let alone = view.items[first].group_size == 1;
    let mut tags: Vec<usize> = Vec::new();
    for at in first..view.items.len() {
        let item = &view.items[at];
        if (!alone && view.page.spaced && item.group != group) || !is_tag(at) {
            break;
        }
        // A button ends the row, unless more tags follow: a tag may be called "Email".
        if view.signs[at].is_some()
            && !(at + 1 < view.items.len() && body.labels.contains(&(at + 1)) && is_tag(at + 1))
        {
            break;
        }
        tags.push(at);
    }
    if tags.iter().filter(|at| view.signs[**at].is_none()).count() < 2 {
        return Vec::new();
    }
    tags.into_iter()
        .map(|at| view.items[at].text.trim_start_matches('#').to_owned())
        .collect()
}

/// Who wrote it, where no byline says so: the name below the text, or the portrait there.
fn author_below(view: &View<'_>, body: &body::Body) -> Option<String> {
    let signed = body.trail.iter().take(2).find_map(|&at| {
        let text = view.items[at].text.trim_start_matches(['—', '–', '-', ' ']);
        (names::is_bare_name(text) && view.items[at].group_size == 1 && view.items[at].words <= 4)
            .then(|| text.to_owned())
    });
    let from = body.kept.last().map_or(0, |at| at + 1);
    let portrait =
        || (from..body.end.min(from + 12)).find_map(|at| ending::bio_name(&view.items[at].text));
    portrait().or(signed.filter(|_| body.trail.len() == 1))
}

/// A call to action above or below the text.
fn action_around(view: &View<'_>, head: &head::Head, end: usize) -> Option<String> {
    let above = head.headline.unwrap_or(0)..head.start;
    let below = end..view.items.len().min(end + 60);
    above
        .chain(below)
        .find_map(|at| action::call_to_action(&view.items[at].text))
}

/// "REPORTAGE | They were forty in 1980.": a standfirst without the kind of story before it.
fn without_kind(text: &str) -> &str {
    match text.split_once(" | ") {
        Some((kind, rest)) if shape::is_upper(kind) && shape::word_count(kind) <= 3 => rest.trim(),
        _ => text,
    }
}

/// The words of a picture, unless they are a placeholder's.
fn picture(item: &Item) -> Option<Picture> {
    let alt = item.text.trim_matches(['[', ']']).trim();
    (item.words >= 3 && alt.chars().count() <= 400).then(|| Picture {
        src: String::new(),
        alt: alt.to_owned(),
    })
}

/// The language of the text, where it is long enough to tell.
fn detect(items: &[Item]) -> Option<&'static str> {
    let mut sample = String::new();
    for item in items
        .iter()
        .filter(|item| matches!(item.shape, Shape::Prose | Shape::Sentence))
    {
        sample.push_str(&item.text);
        sample.push(' ');
        if sample.len() > 4000 {
            break;
        }
    }
    language::of_words(&sample)
}

#[cfg(test)]
mod tests;
