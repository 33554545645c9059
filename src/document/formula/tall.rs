//! What takes several lines by itself: fractions, binomials, roots over them, signs with limits, braces.

use super::{
    Place,
    drawn::{Drawn, Row},
    expression,
    tokens::{Token, Tokens, split},
};
use crate::{
    document::{block::Align, width::width},
    story::tex::{self, FRACTION_HOLE, HOLE, LARGE_HOLE, RELATION_HOLE},
};

/// Operators whose scripts stand over and under them where a formula is displayed.
const WITH_LIMITS: [&str; 19] = [
    "sum",
    "prod",
    "coprod",
    "bigcup",
    "bigcap",
    "bigvee",
    "bigwedge",
    "bigoplus",
    "bigotimes",
    "lim",
    "limsup",
    "liminf",
    "max",
    "min",
    "sup",
    "inf",
    "det",
    "gcd",
    "Pr",
];

/// Those whose scripts stand beside them, unless `\limits` says otherwise.
const INTEGRALS: [&str; 4] = ["int", "iint", "iiint", "oint"];

/// All others of which one may be.
const OTHERS: [&str; 17] = [
    "frac",
    "dfrac",
    "cfrac",
    "over",
    "binom",
    "dbinom",
    "sqrt",
    "underbrace",
    "overbrace",
    "overset",
    "underset",
    "stackrel",
    "xrightarrow",
    "xleftarrow",
    "mathop",
    "substack",
    "boxed",
];

/// Whether there may be something of that kind in a formula; `all` counts fractions that are one sign, too.
pub(super) fn is_in(tex: &str, all: bool) -> bool {
    let mut tokens = Tokens::new(tex);
    while let Some((_, token)) = tokens.next() {
        let Token::Command(name) = token else {
            continue;
        };
        let behind = tokens.at();
        let is_tall = match name {
            "frac" if !all => {
                let (over, under) = (tokens.argument(), tokens.argument());
                !over
                    .zip(under)
                    .is_some_and(|(over, under)| is_one_sign(&tex[over], &tex[under]))
            }
            "operatorname" => tokens.pass("*"),
            _ if INTEGRALS.contains(&name) => {
                let scripts = Scripts::behind(&mut tokens);
                scripts.is_some_and(|it| !it.stand_in_line(tex))
            }
            _ => WITH_LIMITS.contains(&name) || OTHERS.contains(&name),
        };
        tokens.go_on_at(behind);
        if is_tall {
            return true;
        }
    }
    false
}

/// What a command that was walked over sets, and the sign that keeps its place in the line; nothing where
/// that is set in the line itself.
#[allow(clippy::option_option)] // Not understood, or nothing for here.
pub(super) fn of(
    name: &str,
    tex: &str,
    tokens: &mut Tokens<'_>,
    depth: usize,
) -> Option<Option<(Drawn, char)>> {
    let drawn = match name {
        "frac" | "dfrac" | "cfrac" => {
            let (over, under) = (tokens.argument()?, tokens.argument()?);
            let (over, under) = (&tex[over], &tex[under]);
            let (over, under) = (written(over, depth)?, written(under, depth)?);
            (Drawn::fraction(over, under)?, FRACTION_HOLE)
        }
        "binom" | "dbinom" => {
            let (of, chosen) = (tokens.argument()?, tokens.argument()?);
            let rows = [of, chosen].map(|it| written(&tex[it], depth).map(|it| vec![it]));
            let [of, chosen] = rows.map(|it| it.map(Row::Cells));
            let column = Drawn::grid(vec![of?, chosen?], &|_| Align::Center, &[String::new()])?;
            (column.enclosed(Some('('), Some(')'))?, HOLE)
        }
        "sqrt" => {
            let degree = tokens.option();
            let of = written(&tex[tokens.argument()?], depth)?;
            match (of.rows.len(), degree) {
                (1, _) => return Some(None),
                (_, None) => (of.rooted("")?, HOLE),
                (_, Some(degree)) => (of.rooted(&tex::close(&tex[degree])?)?, HOLE),
            }
        }
        "underbrace" | "overbrace" => {
            let of = written(&tex[tokens.argument()?], depth)?;
            let is_over = name == "overbrace";
            let label = match tokens.pass(if is_over { "^" } else { "_" }) {
                true => Some(limit(&tex[tokens.argument()?])?),
                false => None,
            };
            (of.braced(label, is_over)?, FRACTION_HOLE)
        }
        "overset" | "stackrel" | "underset" => {
            let (script, of) = (tokens.argument()?, &tex[tokens.argument()?]);
            let hole = match tex::is_relation(of) {
                true => RELATION_HOLE,
                false => HOLE,
            };
            let (sign, script) = (tex::close(of)?, Some(script));
            let scripts = match name {
                "underset" => Scripts::of(None, script),
                _ => Scripts::of(script, None),
            };
            (scripts.over_and_under(&sign, tex)?, hole)
        }
        "xrightarrow" | "xleftarrow" => {
            let below = tokens.option();
            let above = Some(tokens.argument()?).filter(|it| !tex[it.clone()].trim().is_empty());
            let longest = [&above, &below].into_iter().flatten();
            let longest = longest.filter_map(|it| Some(width(&tex::close(&tex[it.clone()])?)));
            let line = "─".repeat(longest.max().unwrap_or(0) + 1);
            let sign = match name {
                "xrightarrow" => format!("{line}→"),
                _ => format!("←{line}"),
            };
            let scripts = Scripts::of(above, below);
            (scripts.over_and_under(&sign, tex)?, RELATION_HOLE)
        }
        "substack" => (substack(&tex[tokens.argument()?])?, HOLE),
        "boxed" => (written(&tex[tokens.argument()?], depth)?.framed()?, HOLE),
        "mathop" => {
            let sign = tex::close(&tex[tokens.argument()?])?;
            let scripts = Scripts::behind(tokens)?;
            (scripts.over_and_under(&sign, tex)?, LARGE_HOLE)
        }
        "operatorname" if tokens.pass("*") => {
            let sign = tex::close(&tex[tokens.argument()?])?;
            let scripts = Scripts::behind(tokens)?;
            (scripts.over_and_under(&sign, tex)?, LARGE_HOLE)
        }
        _ if WITH_LIMITS.contains(&name) || INTEGRALS.contains(&name) => {
            let scripts = Scripts::behind(tokens)?;
            let is_beside = INTEGRALS.contains(&name) && !scripts.limits;
            if scripts.are_none() || is_beside && scripts.stand_in_line(tex) {
                return Some(None);
            }
            let sign = tex::unicode(&format!("\\{name}"))?;
            let drawn = match is_beside {
                true => scripts.beside(&sign, tex),
                false => scripts.over_and_under(&sign, tex),
            };
            (drawn?, LARGE_HOLE)
        }
        _ => return Some(None),
    };
    Some(Some(drawn))
}

/// A fraction whose parts `\over` divides, if this is one.
#[allow(clippy::option_option)] // Not understood, or nothing for here.
pub(super) fn divided(tex: &str, depth: usize) -> Option<Option<Drawn>> {
    if !tex.contains("\\over") {
        return Some(None);
    }
    match split(tex, Token::Command("over"))?[..] {
        [_] => Some(None),
        [over, under] => {
            let (over, under) = (written(over, depth)?, written(under, depth)?);
            Drawn::fraction(over, under).map(Some)
        }
        // TeX would not know which of them comes first.
        _ => None,
    }
}

/// The same of a group that begins here; it is walked over then.
#[allow(clippy::option_option)]
pub(super) fn group(tex: &str, tokens: &mut Tokens<'_>, depth: usize) -> Option<Option<Drawn>> {
    if !tex.contains("\\over") {
        return Some(None);
    }
    let begun = tokens.at();
    let inner = tokens.closing(|it| it == Token::Close)?;
    let drawn = divided(&tex[inner], depth)?;
    if drawn.is_none() {
        tokens.go_on_at(begun);
    }
    Some(drawn)
}

/// Whether Unicode has a sign for a fraction.
fn is_one_sign(over: &str, under: &str) -> bool {
    let sign = tex::unicode(&format!("\\frac{{{over}}}{{{under}}}"));
    sign.is_some_and(|it| it.chars().count() == 1)
}

/// A part that may not be empty.
fn written(tex: &str, depth: usize) -> Option<Drawn> {
    expression(tex, depth).filter(|it| it.width > 0)
}

/// The scripts of a sign.
#[derive(Default)]
struct Scripts {
    above: Option<Place>,
    below: Option<Place>,
    /// Whether it is said that they stand over and under it.
    limits: bool,
}

impl Scripts {
    /// Those that stand here; they are walked over. None where one is missing.
    fn behind(tokens: &mut Tokens<'_>) -> Option<Scripts> {
        let mut found = Scripts {
            limits: tokens.pass("\\limits"),
            ..Scripts::default()
        };
        loop {
            if found.below.is_none() && tokens.pass("_") {
                found.below = Some(tokens.argument()?);
            } else if found.above.is_none() && tokens.pass("^") {
                found.above = Some(tokens.argument()?);
            } else {
                return Some(found);
            }
        }
    }

    fn of(above: Option<Place>, below: Option<Place>) -> Scripts {
        Scripts {
            above,
            below,
            limits: true,
        }
    }

    fn are_none(&self) -> bool {
        self.above.is_none() && self.below.is_none()
    }

    /// Whether small signs beside the large one say them.
    fn stand_in_line(&self, tex: &str) -> bool {
        let is_small = |place: &Option<Place>, raised| {
            let text = place.clone().map(|it| tex::close(&tex[it]));
            text.is_none_or(|it| it.is_some_and(|it| tex::script(&it, raised).is_some()))
        };
        !self.limits && is_small(&self.above, true) && is_small(&self.below, false)
    }

    /// What stands above, a sign, and what stands below.
    fn around(self, sign: &str, tex: &str, align: Align) -> Option<Drawn> {
        let of = usize::from(self.above.is_some());
        let mut boxes = vec![Drawn::line(sign)];
        if let Some(above) = self.above {
            boxes.insert(0, limit(&tex[above])?);
        }
        if let Some(below) = self.below {
            boxes.push(limit(&tex[below])?);
        }
        Drawn::stacked(boxes, of, align)
    }

    fn over_and_under(self, sign: &str, tex: &str) -> Option<Drawn> {
        self.around(sign, tex, Align::Center)
    }

    fn beside(self, sign: &str, tex: &str) -> Option<Drawn> {
        let scripts = self.around("", tex, Align::Left)?;
        Drawn::beside(vec![Drawn::line(sign), scripts])
    }
}

/// From where, or to where: in a line, or in several where it says so.
fn limit(tex: &str) -> Option<Drawn> {
    let Some(rows) = tex.trim().strip_prefix("\\substack") else {
        return Some(Drawn::line(&tex::close(tex)?));
    };
    substack(rows.trim().strip_prefix('{')?.strip_suffix('}')?)
}

/// Rows that stand close under each other.
fn substack(rows: &str) -> Option<Drawn> {
    let rows = rows.split("\\\\");
    let rows = rows.map(|it| Some(Drawn::line(&tex::close(it)?)));
    Drawn::stacked(rows.collect::<Option<_>>()?, 0, Align::Center)
}
