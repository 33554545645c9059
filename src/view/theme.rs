//! Looks: what colours and attributes stand for a role.

use ratatui::style::{Color, Modifier, Style};

use crate::document::{AlertKind, Marks, Role, Token};

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: attributes alone (`NO_COLOR`, <https://no-color.org>).
    None,
    /// The sixteen that every terminal's own scheme defines.
    Sixteen,
    /// 256 or more.
    Many,
}

/// What the text stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Not known: colours must be legible on both.
    Unknown,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// The looks of everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Running text.
    pub text: Style,
    /// Titles, headings, unread stories.
    pub strong: Style,
    /// What is less important than the text.
    pub dim: Style,
    /// The line between columns.
    pub hairline: Style,
    /// First accent: where one is.
    pub here: Style,
    /// The dot before an unread story.
    pub bullet: Style,
    /// Second accent: what is marked.
    pub marked: Style,
    /// The match that one is at, a link's label.
    pub label: Style,
    /// What the reader highlighted in a text.
    pub highlight: Style,
    /// What is selected in it.
    pub selected: Style,
    /// What went wrong.
    pub trouble: Style,
    /// A link in running text.
    pub link: Style,
    /// Code.
    pub code: Style,
    colours: bool,
}

impl Theme {
    /// The theme for a terminal.
    pub fn new(depth: Depth, background: Background) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        if depth == Depth::None {
            return Theme {
                text: plain,
                strong: bold,
                dim,
                hairline: dim,
                here: bold.patch(underlined),
                bullet: plain,
                marked: underlined,
                label: reversed,
                highlight: underlined,
                selected: reversed,
                trouble: bold,
                link: underlined,
                code: plain,
                colours: false,
            };
        }
        // Place, mark, trouble, dim, hairline.
        let [here, marked, trouble, grey, hair] = match (depth, background) {
            (Depth::Many, Background::Dark) => [110, 179, 174, 246, 239].map(Color::Indexed),
            (Depth::Many, Background::Light) => [25, 130, 124, 242, 251].map(Color::Indexed),
            // In the middle of the scale: legible on black and on white.
            (Depth::Many, _) => [67, 136, 167, 244, 244].map(Color::Indexed),
            _ => [
                Color::Cyan,
                Color::Yellow,
                Color::Red,
                Color::Reset,
                Color::Reset,
            ],
        };
        // Of sixteen colours none is a grey that shows on every scheme: dimmed is.
        let (dim, hairline) = match depth {
            Depth::Many => (plain.fg(grey), plain.fg(hair)),
            _ => (dim, dim),
        };
        Theme {
            text: plain,
            strong: bold,
            dim,
            hairline,
            here: plain.fg(here).add_modifier(Modifier::BOLD),
            bullet: plain.fg(marked),
            marked: plain.fg(marked),
            label: plain
                .fg(marked)
                .add_modifier(Modifier::REVERSED | Modifier::BOLD),
            highlight: underlined.fg(marked),
            selected: reversed,
            trouble: plain.fg(trouble),
            link: plain.fg(here).add_modifier(Modifier::UNDERLINED),
            code: plain.fg(match depth {
                Depth::Many => marked,
                _ => Color::Reset,
            }),
            colours: true,
        }
    }

    /// The look of something in code: few colours, for what is read is the code.
    fn of_token(&self, token: Token) -> Style {
        match token {
            Token::Keyword if self.colours => self.here,
            Token::Keyword => self.strong,
            Token::Name if self.colours => self.here.remove_modifier(Modifier::BOLD),
            Token::Text | Token::Constant if self.colours => self.marked,
            Token::Name | Token::Text | Token::Constant => self.text,
            Token::Comment => self.dim.add_modifier(Modifier::ITALIC),
        }
    }

    /// The look of a stretch of a story's text.
    pub fn of(&self, role: Role, marks: Marks, link: bool) -> Style {
        let mut style = match role {
            Role::Plain => self.text,
            // What stands in it has looks of its own.
            Role::Code => self.text,
            Role::Title => self.strong,
            Role::Byline | Role::Furniture => self.dim,
            Role::Summary | Role::Figure => self.dim.add_modifier(Modifier::ITALIC),
            Role::Token(token) => self.of_token(token),
            Role::Heading(1 | 2) => self.strong.patch(self.here),
            Role::Heading(_) | Role::Term | Role::TableHead => self.strong,
            Role::Math => self.text.add_modifier(Modifier::ITALIC),
            Role::Warning => self.trouble,
            Role::Alert(kind) => match kind {
                AlertKind::Note | AlertKind::Tip => self.here,
                AlertKind::Important => self.marked.add_modifier(Modifier::BOLD),
                AlertKind::Warning | AlertKind::Caution => {
                    self.trouble.add_modifier(Modifier::BOLD)
                }
            },
        };
        if marks.has(Marks::CODE) {
            style = style.patch(self.code);
            if !self.colours {
                style = style.add_modifier(Modifier::BOLD);
            }
        }
        if link && !marks.has(Marks::IMAGE) {
            style = style.patch(self.link);
        }
        for (mark, modifier) in [
            (Marks::EMPHASIS, Modifier::ITALIC),
            (Marks::STRONG, Modifier::BOLD),
            (Marks::STRUCK, Modifier::CROSSED_OUT),
            (Marks::IMAGE, Modifier::ITALIC),
            (Marks::MATH, Modifier::ITALIC),
        ] {
            if marks.has(mark) {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_has_one() {
        let theme = Theme::new(Depth::None, Background::Unknown);
        for style in [
            theme.here,
            theme.marked,
            theme.trouble,
            theme.link,
            theme.code,
        ] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn no_theme_paints_the_background() {
        for depth in [Depth::Sixteen, Depth::Many] {
            for background in [Background::Unknown, Background::Dark, Background::Light] {
                let theme = Theme::new(depth, background);
                for style in [theme.text, theme.dim, theme.here, theme.marked, theme.link] {
                    assert_eq!(style.bg, None);
                }
            }
        }
    }
}
