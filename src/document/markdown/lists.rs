//! Lists and their items.

use super::{Body, Builder, Nest, Role, Text};

/// A list under way.
pub(super) struct List {
    /// The next item's number; none where items have bullets.
    pub next: Option<u64>,
    /// Whether an item's first block was written yet, in the list and in the item.
    pub begun: bool,
    pub item_begun: bool,
}

impl Builder {
    /// Begins an item of the innermost list.
    pub(super) fn start_item(&mut self) {
        self.flush();
        let depth = self.lists.len();
        let marker = match self.lists.last_mut() {
            Some(list) => {
                list.item_begun = false;
                match &mut list.next {
                    Some(number) => {
                        let marker = format!("{number}.");
                        *number = number.saturating_add(1);
                        marker
                    }
                    None => ["•", "◦", "▪"][(depth - 1) % 3].to_owned(),
                }
            }
            None => "•".to_owned(),
        };
        self.enter(item(marker));
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
        if self.nest.last().is_some_and(unmarked) && self.over == 0 {
            self.emit(Body::Text {
                role: Role::Plain,
                text: Text::default(),
            });
        }
        self.leave();
    }
}

/// An item, or what else hangs behind a marker.
pub(super) fn item(marker: String) -> Nest {
    let indent = super::super::width::width(&marker) as u16 + 1;
    Nest::Item {
        marker: Some(marker),
        indent,
    }
}
