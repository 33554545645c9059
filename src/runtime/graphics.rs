//! How pictures can be drawn: the terminal is asked, and the environment is looked at.
//!
//! Nobody waits for an answer. Until there is one, or [`PATIENCE`] is over, the room of pictures
//! stays empty; a terminal that stays silent gets half blocks.

use std::{env, time::Duration};

use ratatui::crossterm::terminal::window_size;

use super::{input::Answer, pictures::Graphics};

/// How long pictures wait for an answer.
pub(super) const PATIENCE: Duration = Duration::from_millis(200);

/// A cell in pixels, where nobody says.
pub(super) const USUAL_CELL: (u16, u16) = (8, 16);

/// Who are you (XTVERSION), do you know kitty's pictures, how large is a cell (XTWINOPS), and what
/// can you do (DA1): every terminal answers the last one.
pub(super) fn questions() -> String {
    let term = env::var("TERM").unwrap_or_default();
    questions_to(&term, env::var_os("TMUX").is_some())
}

/// The questions to a terminal of this `TERM`. tmux and screen take that of kitty, which neither of them
/// is, for the title of their window.
fn questions_to(term: &str, in_tmux: bool) -> String {
    let parted = in_tmux || term.starts_with("tmux") || term.starts_with("screen");
    let kitty = match parted {
        true => "",
        false => "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    };
    format!("\x1b[>q{kitty}\x1b[16t\x1b[c")
}

/// Those that draw inline pictures best, or draw no others as recto does.
const INLINE: &[&str] = &["iterm", "wezterm", "mintty"];

/// Those whose word on pictures does not hold: tmux gives it whatever terminal it is in, and fills the screen
/// with crosses where that has no sixel; Konsole leaves pictures under the text that is written over them.
const UNFIT: &[&str] = &["tmux", "konsole"];

/// The first kitty that draws pictures by characters in their place (U+10EEEE); older ones show boxes.
/// <https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders>
const KITTY: (u32, u32) = (0, 28);

/// What a terminal answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    name: String,
    kitty: bool,
    sixel: bool,
    cell: Option<(u16, u16)>,
}

impl Answers {
    /// Takes an answer; whether it is the last one.
    pub(super) fn take(&mut self, answer: Answer) -> bool {
        match answer {
            Answer::Name(name) => self.name = name.to_lowercase(),
            Answer::Kitty => self.kitty = true,
            Answer::Cell(0, _) | Answer::Cell(_, 0) | Answer::Colour(_) => {}
            Answer::Cell(width, height) => self.cell = Some((width, height)),
            Answer::Attributes { sixel } => {
                self.sixel = sixel;
                return true;
            }
        }
        false
    }

    /// What the terminal calls itself.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether pictures can be drawn by characters in their place. No answer tells that: others know the
    /// rest of kitty's protocol, and would show a box in each cell.
    fn has_placeholders(&self) -> bool {
        let version = || {
            let numbers = self.name.strip_prefix("kitty(")?.strip_suffix(')')?;
            let mut numbers = numbers.split('.').map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        };
        self.name.starts_with("ghostty") || version().is_some_and(|it| it >= KITTY)
    }

    /// The best way to draw pictures, and the size of a cell; `blocks` where there is no better one.
    pub(super) fn best(
        &self,
        program: &str,
        blocks: Option<Graphics>,
        window: Option<(u16, u16)>,
    ) -> Option<(Graphics, (u16, u16))> {
        let cell = self.cell.or(window);
        let inline = |name: &str| INLINE.iter().any(|it| name.starts_with(it));
        let graphics = if inline(&self.name) {
            Graphics::Iterm2
        } else if self.kitty && self.has_placeholders() {
            Graphics::Kitty
        } else if self.sixel && cell.is_some() && !UNFIT.iter().any(|it| self.name.starts_with(it))
        {
            // Drawn in pixels: with another cell it would cover text.
            Graphics::Sixel
        } else if self.name.is_empty() && inline(&program.to_lowercase()) {
            Graphics::Iterm2
        } else {
            return Some((blocks?, coarse(cell.unwrap_or(USUAL_CELL))));
        };
        Some((graphics, cell.unwrap_or(USUAL_CELL)))
    }
}

/// A cell as it counts where two blocks stand in it: a small picture of as many cells as its pixels take
/// would be a few spots, so it may grow two or three times, whatever keeps its proportions best.
fn coarse((width, height): (u16, u16)) -> (u16, u16) {
    let proportion = |(width, height): (u16, u16)| f64::from(height) / f64::from(width.max(1));
    let wanted = proportion((width, height));
    let off = |cell: &(u16, u16)| (proportion(*cell) / wanted).ln().abs();
    let narrow = width.div_ceil(3).max(1)..=width.div_ceil(2).max(1);
    let cells = narrow.map(|it| (it, (f64::from(it) * wanted).round().max(1.0) as u16));
    let best = cells.min_by(|a, b| off(a).total_cmp(&off(b)));
    best.unwrap_or((width, height))
}

/// What the environment calls the terminal.
pub(super) fn program() -> String {
    let names = ["LC_TERMINAL", "TERM_PROGRAM"];
    let mut set = names.iter().filter_map(|name| env::var(name).ok());
    set.find(|name| !name.is_empty()).unwrap_or_default()
}

/// A cell in pixels, as the system knows it of the terminal.
pub(super) fn window_cell() -> Option<(u16, u16)> {
    let size = window_size().ok()?;
    let cell = (
        size.width.checked_div(size.columns)?,
        size.height.checked_div(size.rows)?,
    );
    (cell.0 > 1 && cell.1 > 1).then_some(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmux_is_not_asked_what_it_would_take_for_a_title() {
        for (term, in_tmux, asked) in [
            ("xterm-kitty", false, true),
            ("xterm-256color", true, false),
            ("tmux-256color", false, false),
            ("screen-256color", false, false),
        ] {
            let questions = questions_to(term, in_tmux);
            assert_eq!(questions.contains("\x1b_"), asked, "{term}");
            assert!(questions.ends_with("\x1b[16t\x1b[c"), "{term}");
        }
    }

    #[test]
    fn the_best_way_is_taken() {
        let blocks = Some(Graphics::Blocks { true_colour: true });
        let of = |name: &str, kitty, sixel, cell| Answers {
            name: name.to_owned(),
            kitty,
            sixel,
            cell,
        };
        let cell = Some((10, 20));
        for (answers, program, wanted) in [
            (
                of("kitty(0.35)", true, false, cell),
                "",
                Some(Graphics::Kitty),
            ),
            (
                of("ghostty 1.2.0", true, false, cell),
                "",
                Some(Graphics::Kitty),
            ),
            (of("kitty(0.26.5)", true, false, cell), "", blocks),
            (of("someterm 3", true, false, cell), "", blocks),
            (
                of("someterm 3", true, true, cell),
                "",
                Some(Graphics::Sixel),
            ),
            (
                of("wezterm 2024", true, true, cell),
                "",
                Some(Graphics::Iterm2),
            ),
            (
                of("foot(1.16)", false, true, cell),
                "",
                Some(Graphics::Sixel),
            ),
            (of("foot(1.16)", false, true, None), "", blocks),
            (of("tmux 3.4", false, false, cell), "iTerm.app", blocks),
            (of("tmux 3.5a", false, true, cell), "", blocks),
            (of("konsole 22.12.3", true, true, cell), "", blocks),
            (of("", false, false, None), "iTerm2", Some(Graphics::Iterm2)),
            (of("", false, false, None), "", blocks),
        ] {
            let best = answers.best(program, blocks, None);
            assert_eq!(best.map(|it| it.0), wanted, "{answers:?}");
        }
        assert_eq!(Answers::default().best("", None, None), None);
        // In proportion, and larger where there are only blocks.
        let cell = |name, kitty| of(name, kitty, false, cell).best("", blocks, None);
        assert_eq!(cell("kitty(1.0.0)", true).map(|it| it.1), Some((10, 20)));
        assert_eq!(cell("foot", false).map(|it| it.1), Some((4, 8)));
        for (width, height) in [
            (8, 16),
            (8, 15),
            (7, 15),
            (7, 13),
            (9, 19),
            (10, 21),
            (6, 13),
        ] {
            let (narrow, tall) = coarse((width, height));
            let off = f64::from(tall * width) / f64::from(narrow * height);
            assert!(
                (0.93..1.08).contains(&off),
                "{width}x{height}: {narrow}x{tall}"
            );
        }
    }
}
