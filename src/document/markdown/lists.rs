//! Lists and their items.

use super::{Block, Body, Builder, Nest, Role, Text};

/// A list under way.
pub(super) struct List {
    /// The next item's number; none where items have bullets.
    pub next: Option<u64>,
    /// How its numbers are written, as HTML says it: `a`, `A`, `i`, `I`; else as digits.
    pub kind: char,
    /// Whether they go down.
    pub reversed: bool,
    /// Whether they go down to 1: the first one is known at the end.
    pub counted: bool,
    /// Whether an item's first block was written yet, in the list and in the item.
    pub begun: bool,
    pub item_begun: bool,
    /// Its first block, and how many containers it stands in.
    pub from: usize,
    pub depth: usize,
}

impl Builder {
    /// Begins a list; items are numbered from `first` on, or have bullets.
    pub(super) fn start_list(&mut self, first: Option<u64>) {
        self.lists.push(List {
            next: first,
            kind: '1',
            reversed: false,
            counted: false,
            begun: false,
            item_begun: false,
            from: self.out.blocks.len(),
            depth: self.nest.len(),
        });
    }

    /// Ends a list. Its numbers end at one edge, and its items begin at one.
    pub(super) fn end_list(&mut self) {
        let Some(list) = self.lists.pop().filter(|it| it.next.is_some()) else {
            return;
        };
        let blocks = self.out.blocks.get_mut(list.from..).unwrap_or_default();
        if list.counted {
            count_down(blocks, &list);
        }
        let items = |block: &Block| match block.nest.get(list.depth) {
            Some(Nest::Item { indent, .. }) => Some(*indent),
            _ => None,
        };
        let widest = blocks.iter().filter_map(items).max().unwrap_or(0);
        for block in blocks {
            if let Some(Nest::Item { marker, indent }) = block.nest.get_mut(list.depth) {
                let lacking = usize::from(widest.saturating_sub(*indent));
                if let Some(marker) = marker.as_mut().filter(|_| lacking > 0) {
                    marker.insert_str(0, &" ".repeat(lacking));
                }
                *indent = widest;
            }
        }
    }

    /// The next item of the innermost list has this number, if its items have any.
    pub(super) fn number_items_from(&mut self, number: Option<u64>) {
        if let Some(List { next, .. }) = self.lists.last_mut()
            && next.is_some()
            && number.is_some()
        {
            *next = number;
        }
    }

    /// The items of the innermost list are counted as HTML says (HTML, 4.4.5): by letters, perhaps, or
    /// down, and then to 1 where it does not say from where.
    pub(super) fn count_items_as(&mut self, kind: &str, reversed: bool, started: bool) {
        if let Some(list) = self.lists.last_mut() {
            list.kind = kind.chars().next().unwrap_or('1');
            list.reversed = reversed;
            list.counted = reversed && !started;
        }
    }

    /// Begins an item of the innermost list.
    pub(super) fn start_item(&mut self) {
        self.flush();
        let depth = self.lists.len();
        let marker = match self.lists.last_mut() {
            Some(list) => {
                list.item_begun = false;
                match &mut list.next {
                    Some(number) => {
                        let marker = numbered(list.kind, *number);
                        *number = match list.reversed {
                            true => number.saturating_sub(1),
                            false => number.saturating_add(1),
                        };
                        marker
                    }
                    None => ["•", "◦", "▪"][(depth - 1) % 3].to_owned(),
                }
            }
            None => "•".to_owned(),
        };
        self.enter(item(marker));
    }

    /// Begins what a term means: right below it, and apart from another meaning of it, for lines below
    /// each other would read as one.
    pub(super) fn enter_definition(&mut self) {
        let is_term = |block: &Block| {
            matches!(
                block.body,
                Body::Text {
                    role: Role::Term,
                    ..
                }
            )
        };
        self.close_up = self.out.blocks.last().is_some_and(is_term);
        self.paragraph |= !self.close_up;
        self.enter(Nest::Item {
            marker: None,
            indent: 4,
        });
    }

    /// Ends an item. One with nothing in it still shows its marker.
    pub(super) fn end_item(&mut self) {
        let unmarked = |nest: &Nest| {
            matches!(
                nest,
                Nest::Item {
                    marker: Some(_),
                    ..
                }
            )
        };
        if self.nest.last().is_some_and(unmarked) {
            self.emit(Body::Text {
                role: Role::Plain,
                text: Text::default(),
            });
        }
        self.leave();
    }
}

/// Numbers the items of a list from their number down to 1.
fn count_down(blocks: &mut [Block], list: &List) {
    let depth = list.depth;
    let markers = blocks.iter_mut().filter_map(|it| it.nest.get_mut(depth));
    let items: Vec<&mut Nest> = markers
        .filter(|it| {
            matches!(
                it,
                Nest::Item {
                    marker: Some(_),
                    ..
                }
            )
        })
        .collect();
    let mut number = items.len() as u64;
    for nest in items {
        *nest = item(numbered(list.kind, number));
        number -= 1;
    }
}

/// A number as a kind of list has it: in digits where there is no other way to write it.
fn numbered(kind: char, number: u64) -> String {
    let written = match kind {
        'a' | 'A' => lettered(kind, number),
        'i' => roman(number).map(|it| it.to_lowercase()),
        'I' => roman(number),
        _ => None,
    };
    format!("{}.", written.unwrap_or_else(|| number.to_string()))
}

/// A number as the Romans wrote it, up to 3999.
fn roman(number: u64) -> Option<String> {
    const SIGNS: [(u64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut left = number;
    let mut written = String::new();
    for (worth, sign) in SIGNS {
        while left >= worth {
            written.push_str(sign);
            left -= worth;
        }
    }
    Some(written)
}

/// The letter for a number: after z comes aa.
fn lettered(first: char, number: u64) -> Option<String> {
    let mut letters = Vec::new();
    let mut left = number;
    while let Some(before) = left.checked_sub(1) {
        letters.push(u8::try_from(before % 26).ok()? + u8::try_from(first).ok()?);
        left = before / 26;
    }
    letters.reverse();
    let letters = String::from_utf8(letters).ok()?;
    (!letters.is_empty()).then_some(letters)
}

/// An item, or what else hangs behind a marker.
pub(super) fn item(marker: String) -> Nest {
    let indent = super::super::width::width(&marker) as u16 + 1;
    Nest::Item {
        marker: Some(marker),
        indent,
    }
}
