use super::tests::*;
use super::*;
use crate::document::{Layout, Rtl, Setting, Spot};
use std::sync::Arc;

#[test]
fn pictures_show_their_alt_text() {
    assert_eq!(
        drawn("![a lighthouse](x.png \"At night\")"),
        ["▢ a lighthouse", "At night"]
    );
    // Within a line and in a cell, too; and none without words.
    assert_eq!(
        drawn("see ![a *light*house](x.svg), ![](y.svg) and ![*b*](z.png)"),
        ["see ▢\u{a0}a lighthouse,  and ▢\u{a0}b"]
    );
    assert_eq!(
        drawn("| a | b |\n|---|---|\n| ![sea](s.png) | ![land](l.svg) c |")[2],
        "▢\u{a0}sea  ▢\u{a0}land c"
    );
    assert_eq!(
        drawn("<table><tr><td><img src=s.png alt=sea></td><td>b</td></tr></table>"),
        ["▢\u{a0}sea  b"]
    );
}

#[test]
fn pictures_that_stand_by_themselves_have_room_over_their_words() {
    use crate::document::{Document, Drawable, Frame, Media};

    let source = "One.\n\n![A square](a.png)\n\n- item\n\n  ![](b/c.png)\n\nIn a ![line](d.png).\n\n\
                  ![two](e.png) ![of them](f.png)\n\n[^1]\n\n[^1]: ![note](g.png)\n";
    let mut document = Document::of_markdown(source);
    let srcs: Vec<_> = document.pictures.iter().map(|it| it.src.as_str()).collect();
    assert_eq!(srcs, ["a.png", "b/c.png", "e.png", "f.png"]);
    document.pictures[1].drawable = Some(Drawable {
        media: Media::File(std::path::Path::new("c.png").into()),
        stamp: 0,
        width: 80,
        height: 64,
    });
    let block = document.pictures[1].block;
    let setting = Setting {
        measure: 40,
        free: 0,
        hyphenate: false,
        justify: false,
        rtl: Rtl::AsRead,
    };
    let mut layout = Layout::new(Arc::new(document), setting);
    let lines = |layout: &mut Layout| -> Vec<String> {
        layout.lines(block).iter().map(|it| it.plain()).collect()
    };
    assert_eq!(lines(&mut layout), ["  ", "  ▢ Picture · c.png"]);
    let frame = Frame {
        cell: (8, 16),
        rows: 12,
    };
    assert!(layout.make_room(Some(frame)));
    assert!(!layout.make_room(Some(frame)));
    let set = lines(&mut layout);
    assert_eq!(set.len(), 6, "{set:?}");
    assert!(
        set[1..5].iter().all(|line| line.trim().is_empty()),
        "{set:?}"
    );
    assert_eq!(set[5], "  Picture · c.png");
    let row = |line| layout.picture_row(Spot { block, line });
    assert_eq!(row(0), None);
    let second = row(2).map(|it| (it.picture, it.row, it.indent, it.extent.columns));
    assert_eq!(second, Some((1, 1, 2, 10)));
    assert_eq!(row(5), None);
}

#[test]
fn several_pictures_stand_below_each_other_and_badges_in_a_line() {
    let figures = |source: &str| {
        let part = parse(source);
        let words = |block: usize| part.blocks[block].as_text().into_owned();
        let all: Vec<String> = (0..part.blocks.len()).map(words).collect();
        let pictures = part.pictures.iter();
        let pictures: Vec<String> = pictures
            .map(|it| format!("{} {}", it.block, it.src))
            .collect();
        (all, pictures)
    };
    assert_eq!(
        figures("![a](a.png)\n![b](b.png \"Under b\") [![c](c.png)](https://e.org)"),
        (
            ["a", "b", "Under b", "c"].map(str::to_owned).into(),
            ["0 a.png", "1 b.png", "3 c.png"].map(str::to_owned).into()
        )
    );
    let badges = "[![build](https://e.org/a.svg)](b) ![docs](docs.svg)\n\n![one](x.svg \"Said\")";
    assert_eq!(
        figures(badges),
        (
            ["build ▢\u{a0}docs", "one", "Said"]
                .map(str::to_owned)
                .into(),
            vec!["1 x.svg".to_owned()]
        )
    );
    assert_eq!(
        figures("<p align=center><img src='a.png' alt=' a '> <img src=b.png></p>"),
        (
            ["a", "Picture · b.png"].map(str::to_owned).into(),
            ["0 a.png", "1 b.png"].map(str::to_owned).into()
        )
    );
    assert_eq!(
        drawn("<figure><img src=a.png alt=a><figcaption>Under a</figcaption></figure>"),
        ["▢ a", "Under a"]
    );
    let (words, pictures) = figures("![](data:image/png;base64,AAAA)");
    assert_eq!(
        (&*words[0], &*pictures[0]),
        ("Picture", "0 data:image/png;base64,AAAA")
    );
    let nested = figures("![a ![b](b.png)](a.png \"A\")");
    assert_eq!(
        nested,
        (
            ["a b", "A"].map(str::to_owned).into(),
            vec!["0 a.png".to_owned()]
        )
    );
    // A cell of a table has none, and a sentence goes on.
    assert_eq!(
        figures("<table><tr><td><img src=a.png alt=a></table>\n\nb")
            .1
            .len(),
        0
    );
    assert_eq!(
        figures("In ![a](a.png \"A\") words.").0,
        ["In ▢\u{a0}a words."]
    );
}

#[test]
fn links_behind_pictures_take_nothing_from_them() {
    let pictures = |text: &str| crate::document::Document::of_markdown(text).pictures.len();
    assert_eq!(
        pictures("![one](a.png) [two](https://example.org/b.png)\n"),
        1
    );
    assert_eq!(
        drawn("![one](a.png) [two](https://example.org/b.png)\n"),
        ["▢ one", "", "two"]
    );
    // A picture in a sentence is no more than words, and so is one behind a link.
    assert_eq!(
        pictures("![one](a.png) and [two](https://example.org/b.png)\n"),
        0
    );
    assert_eq!(
        pictures("[two](https://example.org/b.png) ![one](a.png)\n"),
        0
    );
}
