//! Looks: what colours and attributes stand for a role.

use ratatui::style::{Color, Modifier, Style};

use super::shades::{self, Depth, Rgb, faded, indexed, legible, mixed, painted};
use crate::document::{AlertKind, Marks, Role, Token};

/// What the text stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Not known: colours must be legible on both.
    Unknown,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
    /// What the terminal said of itself.
    Told {
        /// Red, green and blue of the page.
        page: [u8; 3],
        /// Of the text on it.
        text: Option<[u8; 3]>,
    },
}

impl Background {
    /// Whether light text is legible on it, where that is known.
    pub fn is_dark(self) -> Option<bool> {
        match self.kind() {
            Background::Dark => Some(true),
            Background::Light => Some(false),
            _ => None,
        }
    }

    /// Without the exact colours.
    fn kind(self) -> Self {
        match self {
            Background::Told { page, .. } if shades::is_dark(page) => Background::Dark,
            Background::Told { .. } => Background::Light,
            kind => kind,
        }
    }
}

/// What is wished for on the terminal's own page, by the numbers of the 256 colours: place, mark,
/// trouble, dim text, hairlines.
const ON_DARK: [u8; 5] = [110, 179, 174, 246, 239];
const ON_LIGHT: [u8; 5] = [25, 94, 124, 241, 251];

/// In the middle of the scale: legible on black and on white.
const ON_ANY: [u8; 5] = [67, 136, 167, 244, 244];

/// The contrast that text needs (WCAG 2.2, 1.4.3), and that a line has to show.
const TEXT_CONTRAST: f64 = 4.5;
const LINE_CONTRAST: f64 = 1.5;

/// Sixteenths of the way from the text to the page on which dim text and hairlines lie.
const DIM: u8 = 6;
const FAINT: u8 = 12;

/// The colours on a page that the terminal told: those that are wished for, as far as each is legible.
/// What is dim or faint is so beside the terminal's own text, where that is known.
fn on_page(page: Rgb, text: Option<Rgb>, depth: Depth) -> [Color; 5] {
    let wishes = match shades::is_dark(page) {
        true => ON_DARK,
        false => ON_LIGHT,
    };
    let [here, marked, trouble, grey, hair] = wishes.map(indexed);
    let grey = match text {
        Some(text) => faded(text, page, TEXT_CONTRAST, DIM, depth),
        None => legible(grey, page, TEXT_CONTRAST, depth),
    };
    let hair = text.map_or(hair, |text| mixed(text, page, FAINT));
    [
        legible(here, page, TEXT_CONTRAST, depth),
        legible(marked, page, TEXT_CONTRAST, depth),
        legible(trouble, page, TEXT_CONTRAST, depth),
        grey,
        legible(hair, page, LINE_CONTRAST, depth),
    ]
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

/// Sepia in the 256 colours: each of its own has a grey or an olive nearest to it there.
const SEPIA_OF_MANY: [u8; 7] = [230, 94, 52, 130, 124, 95, 180];

impl Paper {
    /// What it is called where the reader chooses it; nothing for the terminal's own.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Paper::Terminal => return None,
            Paper::Light => "light",
            Paper::Dark => "dark",
            Paper::Sepia => "sepia",
            Paper::Contrast => "contrast",
        })
    }

    /// Its colours: of the page, its text, place, mark, trouble, dim text, hairlines; none where the
    /// terminal has too few for them.
    fn colours(self, depth: Depth) -> Option<[Color; 7]> {
        let wished = match (self, depth) {
            (Paper::Terminal, _) | (_, Depth::None | Depth::Sixteen) => return None,
            (Paper::Sepia, Depth::Many) => return Some(SEPIA_OF_MANY.map(Color::Indexed)),
            (paper, _) => paper.wished()?,
        };
        Some(wished.map(|rgb| painted(rgb, depth)))
    }

    /// The same as they are meant.
    fn wished(self) -> Option<[u32; 7]> {
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
    depth: Depth,
    paper: Paper,
}

impl Theme {
    /// The same on another background: the terminal said what its own is.
    #[must_use]
    pub fn on(&self, background: Background) -> Self {
        Theme::new(self.depth, background, self.paper)
    }

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
                depth,
                paper,
            };
        }
        let has_many = matches!(depth, Depth::Many | Depth::True);
        let paint = paper.colours(depth);
        // Place, mark, trouble, dim, hairline.
        let [here, marked, trouble, grey, hair] = match (has_many, background) {
            _ if let Some([_, _, accents @ ..]) = paint => accents,
            (true, Background::Told { page, text }) => on_page(page, text, depth),
            (true, Background::Dark) => ON_DARK.map(Color::Indexed),
            (true, Background::Light) => ON_LIGHT.map(Color::Indexed),
            (true, Background::Unknown) => ON_ANY.map(Color::Indexed),
            (false, background) => of_sixteen(background.kind()),
        };
        let page = paint.map_or(plain, |[page, text, ..]| plain.bg(page).fg(text));
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
            depth,
            paper,
        }
    }

    fn has_colours(&self) -> bool {
        self.depth != Depth::None
    }

    /// The look of cells from which what stood there is taken away: the bare page.
    pub fn cleared(&self) -> Style {
        Style::reset().patch(self.page)
    }

    /// The look of something in code: few colours, for what is read is the code.
    fn of_token(&self, token: Token) -> Style {
        match token {
            Token::Keyword if self.has_colours() => self.here,
            Token::Keyword => self.strong,
            Token::Name if self.has_colours() => self.here.remove_modifier(Modifier::BOLD),
            Token::Text | Token::Constant if self.has_colours() => self.marked,
            Token::Removed if self.has_colours() => self.trouble,
            Token::Name | Token::Text | Token::Constant | Token::Removed => self.text,
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
            // Of sixteen colours none is free for it.
            if matches!(self.depth, Depth::None | Depth::Sixteen) {
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

/// Of the sixteen, whose look is the scheme's own affair: those that most schemes make legible on such
/// a page.
fn of_sixteen(background: Background) -> [Color; 5] {
    let [here, marked, trouble] = match background {
        Background::Light => [Color::Blue, Color::Magenta, Color::Red],
        Background::Dark => [Color::Cyan, Color::Yellow, Color::LightRed],
        _ => [Color::Cyan, Color::Yellow, Color::Red],
    };
    [here, marked, trouble, Color::Reset, Color::Reset]
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

    /// The sixteen colours as xterm has them, in the order of ECMA-48, then the bright ones.
    fn sixteenth(colour: Color) -> Rgb {
        match colour {
            Color::Red => [205, 0, 0],
            Color::Yellow => [205, 205, 0],
            Color::Blue => [0, 0, 238],
            Color::Magenta => [205, 0, 205],
            Color::Cyan => [0, 205, 205],
            Color::LightRed => [255, 0, 0],
            other => panic!("{other:?} is not used"),
        }
    }

    fn rgb(colour: Color) -> Rgb {
        match colour {
            Color::Rgb(r, g, b) => [r, g, b],
            Color::Indexed(index) => indexed(index),
            other => sixteenth(other),
        }
    }

    fn contrast(a: Color, b: Color) -> f64 {
        shades::contrast(rgb(a), rgb(b))
    }

    /// Pages and texts of schemes that many have: black and white, xterm, Solarized, Gruvbox, Nord,
    /// Dracula, GitHub's, and some in the middle that nobody should have.
    const SCHEMES: [(u32, u32); 14] = [
        (0x00_00_00, 0xFF_FF_FF),
        (0x00_00_00, 0xE5_E5_E5),
        (0xFF_FF_FF, 0x00_00_00),
        (0x00_2B_36, 0x83_94_96),
        (0xFD_F6_E3, 0x65_7B_83),
        (0x28_28_28, 0xEB_DB_B2),
        (0xFB_F1_C7, 0x3C_38_36),
        (0x2E_34_40, 0xD8_DE_E9),
        (0x28_2A_36, 0xF8_F8_F2),
        (0xF6_F8_FA, 0x24_29_2F),
        (0x30_0A_24, 0xFF_FF_FF),
        (0xEE_EE_EE, 0x44_44_44),
        (0x55_55_55, 0xFF_FF_FF),
        (0x99_99_99, 0x00_00_00),
    ];

    fn of(number: u32) -> Rgb {
        let [_, r, g, b] = number.to_be_bytes();
        [r, g, b]
    }

    #[test]
    fn on_the_page_that_a_terminal_tells_all_is_legible() {
        for (page, text) in SCHEMES {
            let page = of(page);
            for (text, depth) in [
                (Some(of(text)), Depth::True),
                (Some(of(text)), Depth::Many),
                (None, Depth::True),
                (None, Depth::Many),
            ] {
                let background = Background::Told { page, text };
                let theme = Theme::new(depth, Background::Unknown, Paper::Terminal).on(background);
                assert_eq!(
                    theme.page,
                    Style::new(),
                    "the terminal's own page is left alone"
                );
                for style in [
                    theme.here,
                    theme.marked,
                    theme.trouble,
                    theme.link,
                    theme.code,
                    theme.highlight,
                ] {
                    let found = shades::contrast(rgb(style.fg.unwrap()), page);
                    assert!(found >= 4.5, "{page:?} {depth:?} {style:?}: {found:.2}");
                }
                let line = shades::contrast(rgb(theme.hairline.fg.unwrap()), page);
                assert!((1.5..4.5).contains(&line), "{page:?} {depth:?}: {line:.2}");
                // Dim text is legible, and does not stand out beside text that hardly is.
                let dim = shades::contrast(rgb(theme.dim.fg.unwrap()), page);
                let own = text.map_or(21.0, |text| shades::contrast(text, page));
                // Of 256 colours the nearest is a little off.
                let off = if depth == Depth::Many { 0.5 } else { 0.0 };
                assert!(dim >= own.min(4.5) - off, "{page:?} {depth:?}: {dim:.2}");
                assert!(
                    dim <= own + off,
                    "{page:?} {depth:?}: {dim:.2} beside {own:.2}"
                );
            }
        }
    }

    #[test]
    fn of_sixteen_colours_those_are_taken_that_show_on_the_page() {
        for (page, background) in [([0; 3], Background::Dark), ([255; 3], Background::Light)] {
            let told = Background::Told { page, text: None };
            let theme = Theme::new(Depth::Sixteen, told, Paper::Terminal);
            let known = Theme::new(Depth::Sixteen, background, Paper::Terminal);
            assert_eq!(theme, known);
            for style in [theme.here, theme.marked, theme.trouble, theme.link] {
                let found = shades::contrast(rgb(style.fg.unwrap()), page);
                assert!(found >= 4.5, "{background:?} {style:?}: {found:.2}");
            }
        }
    }

    #[test]
    fn the_paper_of_old_books_is_warm_in_256_colours_too() {
        for depth in [Depth::True, Depth::Many] {
            let theme = Theme::new(depth, Background::Unknown, Paper::Sepia);
            let (page, text) = (theme.page.bg.unwrap(), theme.page.fg.unwrap());
            for colour in [page, text, theme.dim.fg.unwrap()] {
                let [red, green, blue] = rgb(colour);
                assert!(red >= green && green >= blue, "{depth:?} {colour:?}");
                assert!(red - blue > 24, "{depth:?} {colour:?} is a grey");
            }
            // Brown, and not olive.
            let [red, green, _] = rgb(text);
            assert!(red > green, "{depth:?} {text:?}");
        }
    }

    #[test]
    fn paper_that_was_chosen_stays_whatever_the_terminal_tells() {
        let told = Background::Told {
            page: [255; 3],
            text: None,
        };
        let theme = Theme::new(Depth::True, Background::Unknown, Paper::Dark);
        assert_eq!(theme.on(told), theme);
        let plain = Theme::new(Depth::None, Background::Unknown, Paper::Terminal);
        assert_eq!(plain.on(told), plain);
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
        // Of the text on a page, what is dim has less.
        for paper in [Paper::Light, Paper::Dark, Paper::Sepia, Paper::Contrast] {
            for depth in [Depth::True, Depth::Many] {
                let theme = Theme::new(depth, Background::Unknown, paper);
                let page = theme.page.bg.unwrap();
                let [text, dim] = [theme.page, theme.dim].map(|it| contrast(it.fg.unwrap(), page));
                assert!(dim < text, "{paper:?} {depth:?}: {dim:.2} beside {text:.2}");
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
