//! The spaces between the atoms of a formula, by their classes (The TeXbook, chapter 18).

use super::{Atom, LARGE_HOLE, signs::Class};

/// The atoms in a line, with the spaces of their classes or without any.
pub(super) fn joined(atoms: &[Atom], spaced: bool) -> String {
    let mut out = String::new();
    let mut before: Option<Class> = None;
    for (index, atom) in atoms.iter().enumerate() {
        let next = atoms.get(index + 1);
        let after = next.map(|it| it.class);
        let class = match atom.class {
            // A sign of plus with nothing on one of its sides belongs to what is on the other.
            Class::Binary if lacks_left(before) || lacks_right(after) => Class::Ordinary,
            class => class,
        };
        let space = match (before, class) {
            // A sign of minus would seem to be a part of its rule.
            (None, Class::Inner) => !out.is_empty(),
            (Some(Class::Operator), Class::Open) => out.ends_with(LARGE_HOLE),
            (Some(Class::Inner), Class::Ordinary) => atom.text != ".",
            (Some(Class::Inner), Class::Inner | Class::Operator | Class::Open) => true,
            (Some(Class::Ordinary | Class::Close), Class::Inner) => true,
            (None, _) | (_, Class::Space) | (Some(Class::Space), _) => false,
            (Some(Class::Relation), Class::Relation) => false,
            (Some(Class::Binary | Class::Relation), _) | (_, Class::Binary | Class::Relation) => {
                true
            }
            (Some(Class::Punctuation), it) => !matches!(it, Class::Close | Class::Punctuation),
            (Some(Class::Operator), it) => {
                matches!(it, Class::Ordinary | Class::Operator | Class::Inner)
            }
            (Some(Class::Ordinary | Class::Close), Class::Operator) => true,
            _ => false,
        };
        if space
            && !out.ends_with(' ')
            && (spaced || class == Class::Operator || before == Some(Class::Operator))
        {
            out.push(' ');
        }
        let touched = matches!(before, Some(Class::Ordinary | Class::Close))
            || matches!(after, Some(Class::Ordinary | Class::Operator | Class::Open));
        let touches_next = matches!(after, Some(Class::Ordinary | Class::Open))
            || next.is_some_and(|it| it.text.starts_with('!'));
        if atom.fraction && (touched || touches_next) || atom.root && touches_next {
            out.push('(');
            out.push_str(&atom.text);
            out.push(')');
        } else {
            out.push_str(&atom.text);
        }
        // What follows a sign of minus is as if nothing stood before it.
        before = (class == atom.class).then_some(class);
    }
    out
}

fn lacks_left(before: Option<Class>) -> bool {
    matches!(
        before,
        None | Some(
            Class::Binary | Class::Relation | Class::Open | Class::Operator | Class::Punctuation
        )
    )
}

fn lacks_right(after: Option<Class>) -> bool {
    matches!(
        after,
        None | Some(Class::Relation | Class::Close | Class::Punctuation)
    )
}
