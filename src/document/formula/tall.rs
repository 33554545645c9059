//! What takes several lines by itself: fractions, binomials, roots over them, signs with limits.

use super::{
    drawn::{Drawn, Row},
    expression,
    tokens::{Token, Tokens},
};
use crate::{
    document::block::Align,
    story::tex::{self, FRACTION_HOLE, HOLE, LARGE_HOLE},
};

/// Operators whose scripts stand over and under them where a formula is displayed.
const WITH_LIMITS: [&str; 23] = [
    "sum",
    "prod",
    "coprod",
    "int",
    "iint",
    "iiint",
    "oint",
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

/// All others of which one may be.
const OTHERS: [&str; 6] = ["frac", "dfrac", "cfrac", "binom", "dbinom", "sqrt"];

/// Whether there may be something of that kind in a formula; `all` counts fractions that are one sign, too.
pub(super) fn is_in(tex: &str, all: bool) -> bool {
    let mut tokens = Tokens::new(tex);
    while let Some((_, token)) = tokens.next() {
        let Token::Command(name) = token else {
            continue;
        };
        let behind = tokens.at();
        let is_small = name == "frac" && !all && {
            let (over, under) = (tokens.argument(), tokens.argument());
            over.zip(under)
                .is_some_and(|(over, under)| is_one_sign(&tex[over], &tex[under]))
        };
        tokens.go_on_at(behind);
        if !is_small && (WITH_LIMITS.contains(&name) || OTHERS.contains(&name)) {
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
                (_, None) => (of.rooted()?, HOLE),
                (_, Some(_)) => return None,
            }
        }
        _ if WITH_LIMITS.contains(&name) => return with_limits(name, tex, tokens),
        _ => return Some(None),
    };
    Some(Some(drawn))
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

#[allow(clippy::option_option)]
fn with_limits(name: &str, tex: &str, tokens: &mut Tokens<'_>) -> Option<Option<(Drawn, char)>> {
    let (mut above, mut below) = (None, None);
    tokens.take("\\limits");
    loop {
        if below.is_none() && tokens.take("_") {
            below = Some(limit(&tex[tokens.argument()?])?);
        } else if above.is_none() && tokens.take("^") {
            above = Some(limit(&tex[tokens.argument()?])?);
        } else {
            break;
        }
    }
    if above.is_none() && below.is_none() {
        return Some(None);
    }
    let sign = Drawn::line(&tex::unicode(&format!("\\{name}"))?);
    let at = usize::from(above.is_some());
    let boxes = above.into_iter().chain([sign]).chain(below).collect();
    Some(Some((Drawn::stacked(boxes, at)?, LARGE_HOLE)))
}

/// From where, or to where: in a line, or in several where it says so.
fn limit(tex: &str) -> Option<Drawn> {
    let Some(rows) = tex.trim().strip_prefix("\\substack") else {
        return Some(Drawn::line(&tex::close(tex)?));
    };
    let rows = rows.trim().strip_prefix('{')?.strip_suffix('}')?;
    let rows = rows.split("\\\\");
    let rows = rows.map(|it| Some(Drawn::line(&tex::close(it)?)));
    Drawn::stacked(rows.collect::<Option<_>>()?, 0)
}
