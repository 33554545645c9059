//! Who wrote something, as feeds name them.

/// A person under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Person {
    pub name: String,
    pub email: String,
    /// Whether name and address stand in elements of their own.
    pub has_parts: bool,
    /// Both, as they are written in one text.
    pub written: Option<String>,
}

impl Person {
    /// The person that a text names: `ann@example.org (Ann Lee)`, `Ann Lee <ann@example.org>`, or either
    /// alone.
    pub(in crate::ingest) fn of(text: &str) -> Person {
        let text = text.trim();
        let cut = |c: char| {
            c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';')
        };
        let is_address = |word: &&str| {
            let (user, host) = word.split_once('@').unwrap_or_default();
            !user.is_empty() && host.contains('.') && !host.contains('@')
        };
        let Some(found) = text.split(cut).map(bare).find(is_address) else {
            return Person {
                name: text.to_owned(),
                ..Person::default()
            };
        };
        let rest = text.replacen("mailto:", "", 1).replacen(found, "", 1);
        let rest = rest.replace("()", "").replace("<>", "").replace("[]", "");
        let mut name = rest.trim().trim_matches([',', ';', '"']).trim();
        if let Some(inner) = name.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
            name = inner.trim();
        }
        Person {
            name: name.to_owned(),
            email: found.to_owned(),
            written: Some(text.to_owned()),
            ..Person::default()
        }
    }

    /// What they are called: by name, else by address.
    pub(in crate::ingest) fn shown(&self) -> Option<&str> {
        [&self.name, &self.email]
            .into_iter()
            .map(|it| it.trim())
            .find(|it| !it.is_empty())
    }

    /// Name and address.
    pub(super) fn whole(&self) -> Option<String> {
        if self.written.is_some() {
            return self.written.clone();
        }
        match (self.name.trim(), self.email.trim()) {
            ("", "") => None,
            (one, "") | ("", one) => Some(one.to_owned()),
            (name, email) => Some(format!("{name} ({email})")),
        }
    }
}

fn bare(word: &str) -> &str {
    word.strip_prefix("mailto:")
        .unwrap_or(word)
        .trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        for (text, name, email) in [
            ("Ann Lee", "Ann Lee", ""),
            ("ann@example.org (Ann Lee)", "Ann Lee", "ann@example.org"),
            ("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org"),
            ("Ann Lee (ann@example.org)", "Ann Lee", "ann@example.org"),
            ("mailto:ann@example.org", "", "ann@example.org"),
            ("(ann@example.org)", "", "ann@example.org"),
            ("Lee, Ann", "Lee, Ann", ""),
            ("@ann", "@ann", ""),
            ("", "", ""),
        ] {
            let person = Person::of(text);
            assert_eq!((&*person.name, &*person.email), (name, email), "{text}");
        }
    }
}
