//! Code, in blocks and in lines.

use super::{
    blocks::Writer,
    inline::Kind,
    tree::{Data, Id},
};

/// Languages that are named by a class of their own.
#[rustfmt::skip]
const NAMES: [&str; 44] = [
    "bash", "c", "clojure", "cpp", "csharp", "css", "diff", "elixir", "elm", "erlang", "fish", "fsharp", "go",
    "graphql", "haskell", "html", "java", "javascript", "js", "json", "kotlin", "lisp", "lua", "makefile", "nix",
    "ocaml", "perl", "php", "python", "r", "ruby", "rust", "scala", "scheme", "sh", "shell", "sql", "swift", "toml",
    "ts", "typescript", "xml", "yaml", "zig",
];

impl Writer<'_> {
    pub(super) fn code_in_line(&mut self, id: Id) {
        // A block of it without the element that would keep its lines.
        let text = self.tree.text(id);
        let is_block = self.line.is_none() && text.trim().contains('\n') && self.run.is_empty();
        if is_block && self.tree.within(id).all(|it| self.tree.name(it) != "a") {
            return self.code(id);
        }
        let text: Vec<&str> = text.split_ascii_whitespace().collect();
        if !text.is_empty() {
            self.run.push(Kind::Code(text.join(" ")), self.style);
        }
    }

    pub(super) fn code(&mut self, id: Id) {
        let tree = self.tree;
        let mut text = String::new();
        for node in tree.within(id) {
            match tree.data(node) {
                Data::Text(more) if !self.is_gutter(node, id) => text.push_str(more),
                _ if tree.name(node) == "br" => text.push('\n'),
                _ => {}
            }
        }
        let text = text.replace("\r\n", "\n");
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        if self.line.is_some() {
            for (n, line) in text.lines().enumerate() {
                if n > 0 {
                    self.run.end_line();
                }
                if !line.trim().is_empty() {
                    self.run
                        .push(Kind::Code(line.trim().to_owned()), self.style);
                }
            }
            return;
        }
        self.flush();
        if text.trim().is_empty() {
            return;
        }
        let longest = text.lines().map(|line| {
            let line = line.trim_start();
            line.len() - line.trim_start_matches('`').len()
        });
        let fence = "`".repeat(longest.max().unwrap_or(0).max(2) + 1);
        let language = self.language(id).unwrap_or_default();
        self.block(&format!("{fence}{language}\n{text}\n{fence}"));
    }

    /// Whether a text in code is the number of a line.
    fn is_gutter(&self, node: Id, code: Id) -> bool {
        let mut at = node;
        for _ in 0..4 {
            match self.tree.parent(at) {
                Some(parent) if parent != code => at = parent,
                _ => return false,
            }
            let class = self.tree.attribute(at, "class").unwrap_or_default();
            let is = |it: &str| {
                matches!(
                    it,
                    "lineno" | "linenos" | "ln" | "lnt" | "gutter" | "line-number"
                )
            };
            if class.split_whitespace().any(is) {
                return true;
            }
        }
        false
    }

    /// The language of code, as the classes of many highlighters tell it.
    fn language(&self, id: Id) -> Option<String> {
        let tree = self.tree;
        let inner = tree.children(id).find(|it| tree.name(*it) == "code");
        let outer = tree.parent(id);
        let mut found = None;
        let inside = [inner, Some(id)];
        for node in [inner, Some(id), outer, outer.and_then(|it| tree.parent(it))] {
            let Some(node) = node else {
                continue;
            };
            let named = ["data-lang", "data-language"];
            let named = named.iter().find_map(|it| tree.attribute(node, it));
            let class = tree.attribute(node, "class").unwrap_or_default();
            let prefixed = class.split_whitespace().find_map(|it| {
                ["language-", "lang-", "highlight-source-", "brush:"]
                    .iter()
                    .find_map(|prefix| it.strip_prefix(prefix))
            });
            // Beside it the name alone tells nothing: much is called so.
            let plain = class
                .split_whitespace()
                .find(|it| inside.contains(&Some(node)) && NAMES.contains(it));
            let mut words = class.split_whitespace();
            let after = words
                .by_ref()
                .find(|it| matches!(*it, "sourceCode" | "src" | "brush:"));
            let after = after.and_then(|_| words.next());
            found = found.or(named.or(prefixed).or(after).or(plain));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "+-#._".contains(c);
        let name = found?.trim_end_matches(';').to_ascii_lowercase();
        let none = matches!(
            name.as_str(),
            "none" | "text" | "plaintext" | "plain" | "highlighter-rouge"
        );
        (!none && !name.is_empty() && name.len() <= 24 && name.chars().all(plain)).then_some(name)
    }
}
