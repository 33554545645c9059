//! The line at the top and the line at the bottom.

mod here;
mod labels;
mod wrong;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted, put_right};
use crate::{
    app::{
        Column, Model, Notice, Open, Prompt, PromptKind,
        action::{self, Action},
        sort_words,
    },
    document::{
        Sought, Unit,
        width::{fit, suffix, width},
    },
    story::{self, Anchor, Sort, Source, grouped},
};

/// On a screen of fewer cells a search of the text and how far one has come do not stand beside each other.
const NARROW: u16 = 34;

/// Cells of the progress line.
const BAR: usize = 24;

/// Cells of the words that a note is written on.
const QUOTE: usize = 40;

/// Where one is, and how much there is to read.
pub(super) fn header(model: &Model, theme: &Theme, line: Rect, screen: &mut Buffer) {
    let source = &model.list.listing.source;
    let listed = model.sources.row(source);
    let (unread, total) = listed.map_or((0, 0), |row| (row.unread, row.total));
    // What came in last is counted before it is listed: until both agree, it is still being read.
    let searching = !model.list.listing.search.is_empty();
    let settled = searching || model.list.wanted != Some(Anchor::Start);
    let waits = model.scan.reading || !settled;
    // Of a damaged database it may never come.
    let count = if waits && !model.damaged {
        format!("reading … {} ", grouped(model.scan.stories))
    } else {
        format!("{} unread of {} ", grouped(unread), grouped(total))
    };
    let indexing = match model.unindexed {
        0 => String::new(),
        left => format!("indexing … {} left · ", grouped(left)),
    };
    let used = put(
        screen,
        line.x + 1,
        line.y,
        line.width,
        "recto",
        theme.strong,
    );
    let name = format!(" · {}", listed_as(model));
    let room = line.width.saturating_sub(1 + used);
    let used = used + put_fitted(screen, line.x + 1 + used, line.y, room, &name, theme.dim);
    let room = usize::from(line.width.saturating_sub(used + 2));
    // Where there is no room for words, that it goes on says more than what is counted.
    let short = model.refreshing.as_ref().map_or_else(String::new, |it| {
        format!("feeds {}/{} ", grouped(it.done), grouped(it.total))
    });
    let refreshing = match &model.refreshing {
        None => String::new(),
        Some(it) => format!(
            "feeds {} of {} · {} new · ",
            grouped(it.done),
            grouped(it.total),
            grouped(it.new)
        ),
    };
    let awaited = model.refreshing.as_ref().map(|it| &it.awaited[..]);
    let awaited = match awaited.unwrap_or_default() {
        [] => String::new(),
        [host] => format!("waiting for {host} · "),
        [host, others @ ..] => format!("waiting for {host} and {} more · ", grouped(others.len())),
    };
    // Whatever else there is to say: it holds for all that is done.
    let count = match model.forgets {
        true => format!("not kept · {count}"),
        false => count,
    };
    let forms = [
        format!("{indexing}{awaited}{refreshing}{count}"),
        format!("{awaited}{refreshing}{count}"),
        match &*awaited {
            "" => String::new(),
            _ => format!("{awaited}{short}"),
        },
        format!("{indexing}{refreshing}{count}"),
        format!("{refreshing}{count}"),
        short,
        count,
        "not kept ".to_owned(),
    ];
    let forms = match model.forgets {
        true => &forms[..],
        false => &forms[..7],
    };
    let mut forms = forms.iter().filter(|it| !it.is_empty());
    if let Some(form) = forms.find(|form| width(form) < room) {
        put_right(screen, line, form, theme.dim);
    }
}

/// What is listed, and in which way.
fn listed_as(model: &Model) -> String {
    let listing = &model.list.listing;
    let mut name = listing.source.name().to_owned();
    if listing.unread && listing.source != Source::Unread {
        name.push_str(" · unread only");
    }
    if listing.sort != Sort::default() {
        name.push_str(" · ");
        name.push_str(sort_words(listing.sort));
    }
    name
}

/// The last line. Says in which cell the cursor of an open prompt stands.
pub(super) fn draw(model: &Model, theme: &Theme, line: Rect, screen: &mut Buffer) -> Option<u16> {
    let reading = model.geometry().reader.is_some();
    let open = model.reader.open.as_ref().filter(|_| reading);
    // How far one has come is kept room for; hints take what is left.
    let progress_cells = open.map_or(0, |open| width(&percent(model, open)) as u16 + 3);
    // On a narrow screen labels tell where they lead, a selection what can be done with it and a search
    // what it found, or progress tells how far: not both.
    let labelled = (model.labels.is_some() || model.is_selecting()) && line.width < 60
        || open.is_some_and(|it| it.search.is_some()) && line.width < NARROW;
    // What was typed or said comes first; progress takes what is left.
    let mut left;
    let mut cursor = None;
    if let Some(prompt) = &model.prompt {
        let sign = match prompt.kind {
            PromptKind::Titles if model.list.listing.everywhere => " / everything ",
            PromptKind::Titles => " / ",
            PromptKind::Text => " text / ",
            PromptKind::Tags => " tags ",
            PromptKind::Outline => " outline ",
            PromptKind::Notes => " notes ",
            PromptKind::Note => " note ",
            PromptKind::Pipe => " pipe to ",
            PromptKind::Subscribe => " subscribe to ",
            PromptKind::FeedName(_) | PromptKind::FolderName => " call it ",
            PromptKind::FeedFolder(_) => " folder ",
            PromptKind::FolderFolder => " into folder ",
            PromptKind::FeedAddress(_) => " its address ",
            PromptKind::Percent => " to percent ",
        };
        left = put(screen, line.x, line.y, line.width, sign, theme.here);
        let room = line.width.saturating_sub(left + 1);
        // Of more than fits, the part around the cursor shows.
        let before = prompt.input.visual_cursor();
        let hidden = before.saturating_sub(usize::from(room));
        let (shown, pad) = suffix(prompt.input.value(), hidden);
        let x = line.x + left + pad as u16;
        let typed = put(screen, x, line.y, room, shown, theme.text);
        if let Some((wrong, look)) = wrong::marked(model, prompt, theme) {
            wrong::mark(prompt, wrong, shown, (x, line.y, room), look, screen);
        }
        if hidden > 0 && left > 0 {
            put(screen, line.x + left - 1, line.y, 1, "‹", theme.marked);
        }
        cursor = Some((line.x + left + (before - hidden) as u16).min(line.right() - 1));
        left += typed + 2;
        let room = line.width.saturating_sub(left);
        let mut forms = answer(model, prompt);
        if let Some(told) = wrong::told(model, prompt)
            && width(&told) > usize::from(room)
        {
            let look = match prompt.wrong {
                Some(_) => theme.trouble,
                None => theme.dim,
            };
            wrong::above(&told, look, line, screen);
            forms = vec![String::new()];
        }
        let answer = fitting(forms, usize::from(room));
        left += put_fitted(screen, line.x + left, line.y, room, &answer, theme.dim);
    } else if let Some(Notice(text)) = &model.notice {
        left = 1 + notice(text, theme, line, screen);
    } else {
        let beside = if labelled { 0 } else { progress_cells };
        let room = line.width.saturating_sub(2 + beside);
        let hints = hints(model, usize::from(room));
        left = 1 + put_fitted(screen, line.x + 1, line.y, room, &hints, theme.dim);
    }
    if let Some(open) = open.filter(|_| !labelled) {
        let place = Rect {
            x: line.x + left + 2,
            width: line.width.saturating_sub(left + 3),
            ..line
        };
        progress(model, open, theme, place, screen);
    }
    cursor
}

/// What was said, or its beginning and the key that shows it whole. Says how many cells it took.
fn notice(text: &str, theme: &Theme, line: Rect, screen: &mut Buffer) -> u16 {
    let room = line.width.saturating_sub(2);
    let key = action::all().find(|spec| spec.action == Action::Messages);
    let key = key.and_then(|spec| spec.keys.first()).unwrap_or(&"");
    let hints = [format!("   {key} all of it"), format!("  {key} all")];
    let hint = hints.iter().find(|it| room >= 2 * width(it) as u16);
    let hint = hint.map_or("", String::as_str);
    let hinted = width(hint) as u16;
    if width(text) <= usize::from(room) || hint.is_empty() {
        return put_fitted(screen, line.x + 1, line.y, room, text, theme.marked);
    }
    let cells = room - hinted;
    let said = put_fitted(screen, line.x + 1, line.y, cells, text, theme.marked);
    said + put(screen, line.x + 1 + said, line.y, hinted, hint, theme.dim)
}

/// What the prompt found so far, in forms of less and less words.
fn answer(model: &Model, prompt: &Prompt) -> Vec<String> {
    let list = &model.list;
    let (here, there) = if list.listing.everywhere {
        ("everything", "titles")
    } else {
        ("titles", "everything")
    };
    if let Some(wrong) = &prompt.wrong {
        return vec![wrong.to_string()];
    }
    // Enter leads nowhere then.
    let none_chosen = model
        .outline
        .as_ref()
        .is_none_or(|it| it.chosen().is_none());
    match prompt.kind {
        PromptKind::Titles if prompt.input.value().is_empty() => {
            let what = format!("search {here}");
            vec![format!("{what}   tab {there}"), what]
        }
        PromptKind::Titles if list.stale => vec![String::new()],
        PromptKind::Titles => {
            let mut forms = typed_forms(model, prompt);
            forms.insert(0, format!("{}   tab {there}", forms[0]));
            if let Some((_, option)) = model.completion() {
                forms.insert(0, format!("→ {option}   {}", forms[1]));
                forms.insert(1, format!("→ {option}"));
            }
            forms
        }
        PromptKind::Text => vec![found(model.reader.open.as_ref())],
        PromptKind::Tags => tags(model, prompt),
        PromptKind::Note => {
            let noting = prompt.noting.as_ref();
            let quote = noting.map_or("", |it| it.note.quote.exact.as_str());
            let quote = fit(&story::clean::line(quote), QUOTE);
            let what = match noting {
                Some(it) if !it.note.text.is_empty() => {
                    "enter keeps it, nothing leaves the highlight"
                }
                _ => "enter keeps it",
            };
            vec![
                format!("{what}   on “{quote}”"),
                what.to_owned(),
                "enter keeps it".to_owned(),
                String::new(),
            ]
        }
        PromptKind::Notes => {
            let count = model.outline.as_ref().map_or(0, |it| it.rows().len());
            let count = match count {
                1 => "1 note".to_owned(),
                count => format!("{} notes", grouped(count)),
            };
            if none_chosen {
                return vec![count];
            }
            vec![
                format!("{count}   ↓ ↑ choose   enter goes there   del removes"),
                format!("{count}   enter goes there"),
                count,
            ]
        }
        PromptKind::Pipe => vec!["a program and its arguments".to_owned(), String::new()],
        PromptKind::Subscribe => vec![
            "the address of a feed or of a site".to_owned(),
            String::new(),
        ],
        PromptKind::FeedName(_) => {
            vec!["nothing: as it calls itself".to_owned(), String::new()]
        }
        PromptKind::FeedAddress(_) => vec!["where it has moved to".to_owned(), String::new()],
        PromptKind::FolderName => vec![String::new()],
        PromptKind::FeedFolder(_) | PromptKind::FolderFolder => vec![
            "as News or News/Sea; nothing: in no folder".to_owned(),
            "nothing: in no folder".to_owned(),
            String::new(),
        ],
        PromptKind::Percent => vec!["a number from 0 to 100".to_owned(), String::new()],
        PromptKind::Outline => {
            let count = model.outline.as_ref().map_or(0, |it| it.rows().len());
            let count = match count {
                1 => "1 heading".to_owned(),
                count => format!("{} headings", grouped(count)),
            };
            if none_chosen {
                return vec![count];
            }
            vec![format!("{count}   ↓ ↑ choose   enter goes there"), count]
        }
    }
}

/// How much a search of the list found, and what there is to say of it.
fn found_in_list(model: &Model) -> String {
    let window = &model.list.window;
    let found = format!("{} found", grouped(window.total));
    match &window.remark {
        // Where nothing is listed, the remark stands in the list.
        Some(remark) if window.total > 0 => format!("{found} · {remark}"),
        _ => found,
    }
}

/// How much was found while one is still typing, in forms of less and less words: why it is not what was
/// meant is told last of all.
fn typed_forms(model: &Model, prompt: &Prompt) -> Vec<String> {
    let window = &model.list.window;
    let text = prompt.input.value();
    let count = format!("{} found", grouped(window.total));
    let is_open = text.matches('"').count() % 2 == 1;
    match &window.remark {
        None if window.total == 0 && is_open => {
            vec![
                format!("{count}: a \" is still open"),
                "a \" is still open".to_owned(),
            ]
        }
        _ => match wrong::told(model, prompt) {
            Some(told) => vec![format!("{count} · {told}"), told],
            None => vec![count],
        },
    }
}

/// The tags that may be meant, or what typing one does.
fn tags(model: &Model, prompt: &Prompt) -> Vec<String> {
    let begun = !prompt.input.value().is_empty();
    let known = prompt.completions(model.known_tags()).join(", ");
    if begun {
        return vec![format!("tab {known}"), String::new()]
            .into_iter()
            .filter(|_| !known.is_empty())
            .collect();
    }
    let count = prompt.tagging.stories.len();
    let whose = if count > 1 {
        format!("of {} stories", grouped(count))
    } else {
        String::new()
    };
    let present = match prompt.tagging.present.as_deref() {
        None => String::new(),
        Some([]) if !prompt.tagging.own.is_empty() => String::new(),
        Some([]) => "no tag yet".to_owned(),
        Some(tags) => format!("has {}", tags.join(", ")),
    };
    let own = match &prompt.tagging.own[..] {
        [] => String::new(),
        own => format!("came with {}", own.join(", ")),
    };
    let what: Vec<String> = [whose, present, own]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    let what = what.join(" · ");
    vec![
        format!("{what}   a name gives a tag or takes it, a comma parts two"),
        format!("{what}   name a tag"),
        what,
    ]
}

/// The first form that fits into `room` cells, else the last.
fn fitting(forms: Vec<String>, room: usize) -> String {
    let last = forms.last().cloned().unwrap_or_default();
    forms
        .into_iter()
        .find(|form| width(form) <= room)
        .unwrap_or(last)
}

fn found(open: Option<&Open>) -> String {
    match open.and_then(|open| open.search.as_ref()) {
        Some(search) if !search.found.is_empty() => {
            let at = grouped(search.current + 1);
            match search.total {
                Some(all) => format!("{at} of {}", grouped(all)),
                None => "counting …".to_owned(),
            }
        }
        Some(search) if search.sought != Sought::Phrase(String::new()) => {
            "not in this story".to_owned()
        }
        _ => "search this story".to_owned(),
    }
}

/// The keys worth knowing where one is, as many as fit into `room` cells.
fn hints(model: &Model, room: usize) -> String {
    let open = model.reader.open.as_ref();
    let searching = open.is_some_and(|open| open.search.is_some());
    let forms = if let Some(labels) = &model.labels {
        labels::hints(labels, open, room)
    } else if let Some(open) = open.filter(|_| model.is_selecting()) {
        selecting(open)
    } else if model.piping > 0 && model.focus == Column::Reader {
        let command = fit(&model.piped, room.saturating_sub(24));
        vec![
            format!("{command} runs   esc ends it"),
            "esc ends it".to_owned(),
        ]
    } else if model.focus == Column::Reader && searching {
        let found = found(open);
        vec![
            format!("{found}   n next   esc leave"),
            format!("{found}   n next"),
            found,
        ]
    } else if model.focus == Column::Reader && open.is_some_and(|open| open.comments) {
        here::COMMENTS.map(str::to_owned).into()
    } else if model.focus == Column::Reader && open.is_some_and(|open| open.source) {
        vec![
            "source   \\ page   / search   ? help".to_owned(),
            "source   \\ page".to_owned(),
        ]
    } else if model.focus == Column::Reader {
        let usual = "/ search   ] next   f links   v select   ? help";
        let mut first = open.map(here::here).unwrap_or_default();
        let mut forms = Vec::new();
        while !first.is_empty() {
            let keys = first.join("   ");
            forms.extend([
                format!("{keys}   {usual}"),
                format!("{keys}   / search   ] next   f links   ? help"),
                format!("{keys}   ? help"),
                keys,
            ]);
            first.pop();
        }
        if forms.is_empty() {
            forms.extend([
                usual.to_owned(),
                "f links   v select   ? help".to_owned(),
                "f links   ? help".to_owned(),
            ]);
        }
        forms
    } else if let Some((_, row)) = model.chosen_feed() {
        let keys = "r refresh   e name   M folder   E address   d unsubscribe";
        let why = row.trouble.as_ref().map(|it| it.words.to_string());
        match why {
            Some(why) => vec![format!("{why}   {keys}"), why.clone(), fit(&why, room)],
            None => vec![format!("{keys}   ? help"), keys.to_owned()],
        }
    } else if !model.list.selected.is_empty() && model.focus == Column::List {
        let selected = format!("{} selected", grouped(model.list.selected.len()));
        let clear = format!("{selected}   esc clear");
        vec![
            format!("{selected}   m read   s star   L later   t tags   d remove   esc clear"),
            clear,
            selected,
        ]
    } else if model.list.before_search.is_some() {
        let leave = "esc leave   ? help".to_owned();
        let found = found_in_list(model);
        let what = format!("“{}” · {found}", model.list.listing.search);
        vec![
            format!("{what}   {leave}"),
            format!("{what}   esc leave"),
            leave,
        ]
    } else {
        vec!["/ search titles   ? help".to_owned()]
    };
    let fitting = forms.into_iter().find(|form| width(form) <= room);
    let least = ["? help", "?"];
    let least = least.into_iter().find(|form| width(form) <= room);
    fitting.unwrap_or_else(|| least.unwrap_or_default().to_owned())
}

/// What can be done with the selection, in forms of less and less words.
fn selecting(open: &Open) -> Vec<String> {
    if let Some(placed) = open.selected_note() {
        let what = match placed.note.text.is_empty() {
            true => ("highlighted", "n note"),
            false => ("noted", "n edit"),
        };
        let edited = match placed.stand {
            Some(stand) if stand.edited => ", the text was edited since",
            _ => "",
        };
        let ((what, n), keys) = (what, "d remove   ] next");
        return vec![
            format!("{what}{edited}   {n}   {keys}   y copy   esc leave   ? help"),
            format!("{what}{edited}   {n}   {keys}   esc leave"),
            format!("{what}{edited}   {n}   d remove"),
            format!("{what}   {n}   d remove"),
            format!("{n}   d remove"),
        ];
    }
    let unit = match open.selection.map(|it| (it.unit, it.held)) {
        Some((unit, held)) => {
            let name = match unit {
                Unit::Word => "word",
                Unit::Sentence => "sentence",
                Unit::Paragraph => "paragraph",
            };
            format!("{name}{}", if held { " …" } else { "" })
        }
        None => String::new(),
    };
    let does = "enter highlight   n note   y copy";
    vec![
        format!("{unit}   j k move   J K longer   w s p unit   {does}   esc leave   ? help"),
        format!("{unit}   j k move   J K longer   w s p unit   {does}   ? help"),
        format!("{unit}   J K longer   {does}   ? help"),
        format!("{unit}   {does}   ?"),
        format!("{unit}   {does}"),
        "enter highlight   n note".to_owned(),
        "enter marks   ? help".to_owned(),
        format!("{unit}   ? help"),
    ]
}

/// How much of the story is passed at the page, or was seen, from 0 to 1.
fn seen(model: &Model, open: &Open) -> f64 {
    if model.focus == Column::Reader {
        return open.passed();
    }
    let kept = model.reader.progress.get(&open.id);
    kept.map_or(0.0, |progress| progress.seen)
}

/// How much was seen in words, and how long the rest takes.
fn percent(model: &Model, open: &Open) -> String {
    let minutes = match (model.focus == Column::Reader, open.minutes_left()) {
        (true, 0) => "read".to_owned(),
        (true, minutes) => format!("{} left", story::duration(minutes)),
        (false, _) if seen(model, open) >= 1.0 => "read".to_owned(),
        (false, _) => story::duration(story::minutes(open.layout.document().words)),
    };
    // Beside the list these stand in the story's row.
    let reading = model.focus == Column::Reader;
    let star = if open.state.starred && reading {
        "★  "
    } else {
        ""
    };
    let later = if open.state.later && reading {
        "later  "
    } else {
        ""
    };
    // What was asked for in percent is that much, whatever a computer makes of the fraction.
    let seen = (seen(model, open) * 100.0 + 1e-9).floor();
    format!("{star}{later}{seen:3.0} %  {minutes}")
}

/// A thin line that fills, percent, and minutes left: as much of it as there is room for.
fn progress(model: &Model, open: &Open, theme: &Theme, place: Rect, screen: &mut Buffer) {
    let seen = seen(model, open);
    let percent = percent(model, open);
    let room = usize::from(place.width);
    if room < width(&percent) {
        return;
    }
    put_right(screen, place, &percent, theme.dim);
    if room >= width(&percent) + 2 + BAR {
        let full = (seen * BAR as f64).round() as usize;
        let x = place.right() - (width(&percent) + 2 + BAR) as u16;
        let used = put(
            screen,
            x,
            place.y,
            BAR as u16,
            &"━".repeat(full),
            theme.here,
        );
        put(
            screen,
            x + used,
            place.y,
            BAR as u16,
            &"─".repeat(BAR - full),
            theme.hairline,
        );
    }
}
