//! Points for what paragraphs stand in, and the story that has most of them.

use super::super::{measure::*, words};
use crate::ingest::html::tree::{Id, Tree};

/// How many of the best are compared.
const BEST: usize = 5;

/// How many of these have to stand in an element together for it to be better.
const TOGETHER: usize = 3;

/// Points by the number of the element; none where it was never looked at.
struct Points(Vec<Option<f64>>);

impl Points {
    fn of(&self, id: Id) -> Option<f64> {
        self.0.get(id).copied().flatten()
    }

    fn set(&mut self, id: Id, points: f64) {
        if self.0.len() <= id {
            self.0.resize(id + 1, None);
        }
        self.0[id] = Some(points);
    }
}

/// Gathers the story in a new element: what has most points, and what beside it is of its kind.
pub(super) fn story(tree: &mut Tree, body: Id, paragraphs: &[Id], names: bool) -> Option<Id> {
    let mut points = Points(Vec::new());
    let candidates = counted(tree, paragraphs, names, &mut points);
    let mut best: Vec<(Id, f64)> = Vec::new();
    for id in candidates {
        let own = points.of(id).unwrap_or(0.0) * (1.0 - link_density(tree, id));
        points.set(id, own);
        let at = best.iter().position(|(_, it)| own > *it);
        match at {
            Some(at) => best.insert(at, (id, own)),
            None if best.len() < BEST => best.push((id, own)),
            None => {}
        }
        best.truncate(BEST);
    }
    let top = match best.first() {
        Some((top, _)) if tree.name(*top) != "body" => {
            raised(tree, *top, &best, names, &mut points)
        }
        _ => {
            let all = tree.element("div");
            while let Some(child) = tree.first(body) {
                tree.append(all, child);
            }
            tree.append(body, all);
            points.set(all, initial(tree, all, names));
            all
        }
    };
    Some(with_siblings(tree, top, &points))
}

/// Gives points to what the paragraphs stand in, and tells these elements.
fn counted(tree: &Tree, paragraphs: &[Id], names: bool, points: &mut Points) -> Vec<Id> {
    let mut candidates = Vec::new();
    for &id in paragraphs {
        if tree.parent(id).is_none_or(|it| !tree.is_element(it)) {
            continue;
        }
        let length = length(tree, id);
        if length < 25 {
            continue;
        }
        let own = 2.0 + commas(tree, id) as f64 + (length / 100).min(3) as f64;
        for (level, around) in tree.around(id).take(5).enumerate() {
            if !tree.is_element(around) || tree.parent(around).is_none_or(|it| !tree.is_element(it))
            {
                continue;
            }
            let before = points.of(around).unwrap_or_else(|| {
                candidates.push(around);
                initial(tree, around, names)
            });
            let share = match level {
                0 => 1.0,
                1 => 2.0,
                more => more as f64 * 3.0,
            };
            points.set(around, before + own / share);
        }
    }
    candidates
}

/// What an element has before anything in it is counted.
fn initial(tree: &Tree, id: Id, names: bool) -> f64 {
    let by_kind = match tree.name(id) {
        "div" => 5.0,
        "pre" | "td" | "blockquote" => 3.0,
        "address" | "ol" | "ul" | "dl" | "dd" | "dt" | "li" | "form" => -3.0,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" => -5.0,
        _ => 0.0,
    };
    by_kind + weight(tree, id, names)
}

/// What class and identifier of an element speak for.
pub(super) fn weight(tree: &Tree, id: Id, names: bool) -> f64 {
    if !names {
        return 0.0;
    }
    let of = |attribute: &str| {
        let name = tree.attribute(id, attribute).unwrap_or_default();
        if name.is_empty() {
            return 0.0;
        }
        let name = name.to_ascii_lowercase();
        let mut weight = 0.0;
        if words::is_negative(&name) {
            weight -= 25.0;
        }
        if words::POSITIVE.are_in(&name) {
            weight += 25.0;
        }
        weight
    };
    of("class") + of("id")
}

/// The element around the best one that has more of the story, if there is one.
fn raised(tree: &Tree, top: Id, best: &[(Id, f64)], names: bool, points: &mut Points) -> Id {
    let mut top = top;
    let first = best.first().map_or(0.0, |it| it.1);
    let close: Vec<Vec<Id>> = best
        .iter()
        .skip(1)
        .filter(|it| it.1 / first >= 0.75)
        .map(|it| tree.around(it.0).collect())
        .collect();
    let outer = |id: Id| {
        tree.parent(id)
            .filter(|it| !matches!(tree.name(*it), "body" | ""))
    };
    if close.len() >= TOGETHER {
        let mut around = outer(top);
        while let Some(id) = around {
            if close.iter().filter(|it| it.contains(&id)).count() >= TOGETHER {
                top = id;
                break;
            }
            around = outer(id);
        }
    }
    if points.of(top).is_none() {
        points.set(top, initial(tree, top, names));
    }
    let mut last = points.of(top).unwrap_or(0.0);
    let least = last / 3.0;
    let mut around = outer(top);
    while let Some(id) = around {
        around = outer(id);
        let Some(own) = points.of(id) else {
            continue;
        };
        if own < least {
            break;
        }
        if own > last {
            top = id;
            break;
        }
        last = own;
    }
    while let Some(id) = outer(top)
        && tree.elements(id).count() == 1
    {
        top = id;
    }
    if points.of(top).is_none() {
        points.set(top, initial(tree, top, names));
    }
    top
}

/// Gathers the best with those beside it that belong to it.
fn with_siblings(tree: &mut Tree, top: Id, points: &Points) -> Id {
    let story = tree.element("div");
    let own = points.of(top).unwrap_or(0.0);
    let least = (own * 0.2).max(10.0);
    let class = tree.attribute(top, "class").unwrap_or_default().to_owned();
    let siblings: Vec<Id> = match tree.parent(top) {
        Some(around) => tree.elements(around).collect(),
        None => vec![top],
    };
    for id in siblings {
        let belongs = id == top || {
            let alike = !class.is_empty() && tree.attribute(id, "class") == Some(&*class);
            let bonus = if alike { own * 0.2 } else { 0.0 };
            let scored = points.of(id).is_some_and(|it| it + bonus >= least);
            scored || (tree.name(id) == "p" && is_sentence(tree, id))
        };
        if belongs {
            let name = tree.name(id);
            if !matches!(name, "div" | "article" | "section" | "p" | "ol" | "ul") {
                tree.rename(id, "div");
            }
            tree.append(story, id);
        }
    }
    story
}

/// Whether a paragraph beside the story reads like one of its own.
fn is_sentence(tree: &Tree, id: Id) -> bool {
    let length = length(tree, id);
    let density = link_density(tree, id);
    if length > 80 {
        return density < 0.25;
    }
    let text = line(tree, id);
    length > 0 && density == 0.0 && (text.contains(". ") || text.ends_with('.'))
}
