//! Lines are more even than those that are filled one by one, and few paragraphs end with a single
//! short word: over all stories of the folder that `RECTO_LIBRARY_OF_TEXTS` names.

use super::*;

/// What is wrong with lines: the squares of the cells that are free at their ends, and whether the
/// last one is a widow.
fn faults(lines: &[&[Piece]], measure: usize) -> (f64, usize) {
    let cells = |line: &[Piece]| {
        let space = line.last().map_or(0.0, |last| last.space);
        line.iter().map(|it| it.cells + it.space).sum::<f64>() - space
    };
    let Some((last, others)) = lines.split_last() else {
        return (0.0, 0);
    };
    let free = others
        .iter()
        .map(|line| (measure as f64 - cells(line)).powi(2));
    let widow = !others.is_empty() && cells(last) < 9.0;
    (free.sum(), usize::from(widow))
}

fn texts(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|it| it == "md") {
            found.extend(std::fs::read_to_string(&path));
        }
    }
}

#[test]
fn lines_are_more_even_than_if_they_were_filled() {
    let Some(folder) = std::env::var_os("RECTO_LIBRARY_OF_TEXTS") else {
        return;
    };
    let mut all = Vec::new();
    texts(folder.as_ref(), &mut all);
    let measure = 72;
    let division = Division::Patterns(Hyphenation::of_language("en").unwrap());
    let (mut worse, mut ours, mut greedy) = (Vec::new(), (0.0, 0), (0.0, 0));
    for story in &all {
        let (mut even, mut filled) = ((0.0, 0), (0.0, 0));
        for paragraph in story.split("\n\n") {
            let text = Text::plain(paragraph.replace('\n', " "));
            let all = 0..text.text.len();
            let pieces = pieces(&text, all.clone(), measure, division);
            add(&mut even, faults(&wrap(&pieces, measure, true), measure));
            // To fill lines with as much of each word as fits would make a hyphen of every other end.
            let words = self::pieces(&text, all, measure, Division::Never);
            let lines = wrap_first_fit(&words, &[measure as f64]);
            add(&mut filled, faults(&lines, measure));
        }
        add(&mut ours, even);
        add(&mut greedy, filled);
        if even.0 > filled.0 {
            worse.push(story.lines().nth(1).unwrap_or_default());
        }
    }
    println!("{} stories: {ours:?} against {greedy:?}", all.len());
    assert!(worse.is_empty(), "{} stories: {worse:?}", worse.len());
    assert!(ours.0 * 1.3 < greedy.0, "{} against {}", ours.0, greedy.0);
    assert!(
        ours.1 * 4 < greedy.1 * 3,
        "widows: {} against {}",
        ours.1,
        greedy.1
    );
}

fn add(to: &mut (f64, usize), faults: (f64, usize)) {
    *to = (to.0 + faults.0, to.1 + faults.1);
}
