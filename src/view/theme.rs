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
    /// 256.
    Many,
    /// Every colour there is.
    True,
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

/// The colours that a reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// The terminal's own, with accents that suit its background.
    #[default]
    Terminal,
    /// Dark text on white paper.
    Light,
    /// Light text on dark.
    Dark,
    /// Brown text on the paper of old books.
    Sepia,
    /// White on black, with as much contrast as there can be.
    Contrast,
}

impl Paper {
    /// Its colours: of the page, its text, place, mark, trouble, dim text, hairlines.
    fn colours(self) -> Option<[u32; 7]> {
        Some(match self {
            Paper::Terminal => return None,
            Paper::Light => [
                0xFB_FB_F9, 0x1F_1F_1F, 0x00_52_9B, 0x85_55_00, 0xB0_1E_1E, 0x5F_5F_5F, 0xCF_CF_CC,
            ],
            Paper::Dark => [
                0x1B_1C_1E, 0xD8_D8_D4, 0x86_B4_E8, 0xE0_B0_60, 0xF0_8A_84, 0x9A_9A_96, 0x45_46_48,
            ],
            Paper::Sepia => [
                0xF4_EC_D8, 0x43_34_22, 0x84_3A_12, 0x70_50_00, 0xA0_22_12, 0x6A_5A_44, 0xCD_C0_A2,
            ],
            Paper::Contrast => [
                0x00_00_00, 0xFF_FF_FF, 0x7C_D0_FF, 0xFF_D8_60, 0xFF_9C_94, 0xD4_D4_D4, 0x8A_8A_8A,
            ],
        })
    }
}

/// The looks of everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// What lies under everything: nothing where the terminal's own colours are kept.
    pub page: Style,
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
    /// The theme for a terminal: on paper that the reader chose, where it has the colours for that.
    pub fn new(depth: Depth, background: Background, paper: Paper) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        if depth == Depth::None {
            return Theme {
                page: plain,
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
        let has_many = matches!(depth, Depth::Many | Depth::True);
        let painted = paper.colours().filter(|_| has_many);
        let painted = painted.map(|all| all.map(|rgb| colour(rgb, depth)));
        // Place, mark, trouble, dim, hairline.
        let [here, marked, trouble, grey, hair] = match (depth, background) {
            _ if let Some([_, _, accents @ ..]) = painted => accents,
            (Depth::Many | Depth::True, Background::Dark) => {
                [110, 179, 174, 246, 239].map(Color::Indexed)
            }
            (Depth::Many | Depth::True, Background::Light) => {
                [25, 94, 124, 241, 251].map(Color::Indexed)
            }
            // In the middle of the scale: legible on black and on white.
            (Depth::Many | Depth::True, _) => [67, 136, 167, 244, 244].map(Color::Indexed),
            _ => [
                Color::Cyan,
                Color::Yellow,
                Color::Red,
                Color::Reset,
                Color::Reset,
            ],
        };
        let page = painted.map_or(plain, |[page, text, ..]| plain.bg(page).fg(text));
        // Of sixteen colours none is a grey that shows on every scheme: dimmed is.
        let (dim, hairline) = match has_many {
            true => (plain.fg(grey), plain.fg(hair)),
            false => (dim, dim),
        };
        Theme {
            page,
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
            code: if has_many { plain.fg(marked) } else { plain },
            colours: true,
        }
    }

    /// The look of cells from which what stood there is taken away: the bare page.
    pub fn cleared(&self) -> Style {
        Style::reset().patch(self.page)
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

/// A colour by its red, green and blue, or the nearest of the 256 that terminals have: a cube of six
/// by six by six, and 24 greys.
fn colour(rgb: u32, depth: Depth) -> Color {
    let [_, r, g, b] = rgb.to_be_bytes();
    if depth == Depth::True {
        return Color::Rgb(r, g, b);
    }
    let nearest = (16..=255_u8).min_by_key(|index| {
        let there = indexed(*index);
        let apart = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        apart(r, there[0]) + apart(g, there[1]) + apart(b, there[2])
    });
    Color::Indexed(nearest.unwrap_or(16))
}

/// Red, green and blue of one of the 256 colours, from the 16th on.
fn indexed(index: u8) -> [u8; 3] {
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let index = index.saturating_sub(16);
    let level = |it: u8| if it == 0 { 0 } else { 55 + 40 * it };
    [index / 36, index / 6 % 6, index % 6].map(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_has_one() {
        let theme = Theme::new(Depth::None, Background::Unknown, Paper::Sepia);
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
    fn the_terminals_own_colours_are_left_alone() {
        for depth in [Depth::Sixteen, Depth::Many, Depth::True] {
            for background in [Background::Unknown, Background::Dark, Background::Light] {
                let theme = Theme::new(depth, background, Paper::Terminal);
                assert_eq!(theme.page, Style::new());
                for style in [theme.text, theme.dim, theme.here, theme.marked, theme.link] {
                    assert_eq!(style.bg, None);
                }
            }
        }
    }

    /// Luminance (WCAG 2.2, "relative luminance").
    fn luminance(colour: Color) -> f64 {
        let rgb = match colour {
            Color::Rgb(r, g, b) => [r, g, b],
            Color::Indexed(index) => indexed(index),
            other => panic!("{other:?} has no luminance of its own"),
        };
        let [r, g, b] = rgb.map(|it| {
            let it = f64::from(it) / 255.0;
            if it <= 0.04045 {
                it / 12.92
            } else {
                ((it + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast (WCAG 2.2, "contrast ratio").
    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_text_has_the_contrast_that_reading_needs() {
        let least = |paper| if paper == Paper::Contrast { 7.0 } else { 4.5 };
        for paper in [Paper::Light, Paper::Dark, Paper::Sepia, Paper::Contrast] {
            for depth in [Depth::True, Depth::Many] {
                let theme = Theme::new(depth, Background::Unknown, paper);
                let page = theme.page.bg.unwrap();
                for style in [
                    theme.page,
                    theme.dim,
                    theme.here,
                    theme.marked,
                    theme.trouble,
                    theme.link,
                    theme.code,
                ] {
                    let found = contrast(style.fg.unwrap(), page);
                    assert!(
                        found >= least(paper),
                        "{paper:?} {depth:?} {style:?}: {found:.2}"
                    );
                }
            }
        }
        // On the terminal's own: what is light or dark for certain is so by a good deal.
        for (background, page) in [(Background::Dark, 235), (Background::Light, 255)] {
            let theme = Theme::new(Depth::True, background, Paper::Terminal);
            for style in [theme.dim, theme.here, theme.marked, theme.trouble] {
                let found = contrast(style.fg.unwrap(), Color::Indexed(page));
                assert!(found >= 4.5, "{background:?} {style:?}: {found:.2}");
            }
        }
    }
}
