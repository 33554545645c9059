use super::*;
use proptest::prelude::*;

const PROSE: &str = "It was the best of times, it was the worst of times, it was the age of
wisdom, it was the age of foolishness, it was the epoch of belief, it was
the epoch of incredulity, it was the season of Light, it was the season
of Darkness, it was the spring of hope.";

fn of(text: &str) -> String {
    body(text)
}

#[test]
fn openings() {
    for (text, title, authors, rest) in [
        (
            "A Title\n\nThe text begins.\n",
            "A Title",
            &[][..],
            "The text begins.",
        ),
        (
            "A Title\nby Ann Lee\n\nText.",
            "A Title",
            &["Ann Lee"],
            "Text.",
        ),
        (
            "A Title\n\nBy Ann Lee and Bo Chen\n\nText.",
            "A Title",
            &["Ann Lee", "Bo Chen"],
            "Text.",
        ),
        ("A Title\n=======\n\nText.", "A Title", &[], "Text."),
        ("Is this one?\n\nYes.", "Is this one?", &[], "Yes."),
        (
            "A sentence ends here.\n\nText.",
            "name",
            &[],
            "A sentence ends here.\n\nText.",
        ),
        ("only line", "name", &[], "only line"),
        ("- item\n\nText.", "name", &[], "- item\n\nText."),
        (
            "two lines\nof text\n\nText.",
            "name",
            &[],
            "two lines\\\nof text\n\nText.",
        ),
        ("12:30 14:40\n\nText.", "name", &[], "12:30 14:40\n\nText."),
        ("", "name", &[], ""),
    ] {
        let story = read(text, "name");
        assert_eq!(story.title, title, "{text:?}");
        assert_eq!(story.title_given, title != "name", "{text:?}");
        assert_eq!(story.authors, authors, "{text:?}");
        assert_eq!(story.markdown, rest, "{text:?}");
        let (head, rest) = head(text, "name");
        assert_eq!(
            head,
            Story {
                markdown: String::new(),
                ..story.clone()
            }
        );
        assert_eq!(
            crate::ingest::words(rest),
            crate::ingest::words(&story.markdown)
        );
    }
    let book = "The Project Gutenberg eBook of Emma\n\nTitle: Emma\n\nAuthor: Jane Austen\n\nText.";
    let story = read(book, "name");
    assert_eq!(
        (story.title.as_str(), story.authors),
        ("Emma", vec!["Jane Austen".to_owned()])
    );
    assert!(story.markdown.starts_with("The Project"));
}

#[test]
fn paragraphs_are_set_anew() {
    assert_eq!(of(PROSE), PROSE);
    let indented = format!(
        "{PROSE}\n  We had everything before us, we had nothing before us, we were all\ngoing direct to Heaven, we were all going direct the other way."
    );
    assert!(
        of(&indented).contains("hope.\n\nWe had"),
        "{}",
        of(&indented)
    );
    let chinese = "我们大家都在直奔天堂，我们大家都在直奔相反的方向，那是最美好的时代，那是最糟糕的时代，那是智慧的年\n头，那是愚昧的年头，那是信仰的时期，那是怀疑的时期。";
    assert!(of(chinese).contains("智慧的年头"), "{}", of(chinese));
}

#[test]
fn verse_keeps_its_lines() {
    let verse = "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\n  Could frame thy fearful symmetry?";
    let want = "Tyger Tyger, burning bright,\\\nIn the forests of the night;\\\nWhat immortal hand or eye,\\\n\u{a0}\u{a0}Could frame thy fearful symmetry?";
    assert_eq!(of(verse), want);
    assert_eq!(
        of(&format!("{PROSE}\n\n{verse}")),
        format!("{PROSE}\n\n{want}")
    );
    let sonnet = "Shall I compare thee to a summer’s day of light?\nThou art more lovely and more temperate by far:\nRough winds do shake the darling buds of our May,\nAnd summer’s lease hath all too short a date now.";
    assert_eq!(of(sonnet).matches("\\\n").count(), 3);
}

#[test]
fn prose_in_narrow_lines_is_set_anew() {
    let prose = "The lamp on the quay was lit at five and\nput out at seven, and between the two the\nold man sat under it with his nets. What\nhe waited for he never said, and nobody\nwho passed by in the evening ever asked.";
    let short = "Then the ferry came, and the children\nran down to meet it.";
    assert_eq!(
        of(&format!("{prose}\n\n{short}")),
        format!("{prose}\n\n{short}")
    );
    // Lines of free verse are not full.
    let free =
        "so much of the light\nis gone by the time\nthe boats come home and\nnobody\nis there";
    assert_eq!(of(free).matches("\\\n").count(), 4);
    let rhymed = "When in the chronicle of wasted time\nI see descriptions of the fairest wights,\nAnd beauty making beautiful old rhyme\nIn praise of ladies dead and lovely knights";
    assert_eq!(
        of(&format!("{prose}\n\n{rhymed}")).matches("\\\n").count(),
        3
    );
}

#[test]
fn quotations_lists_and_headings() {
    let quoted = PROSE
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect::<String>();
    let text = of(&format!("{PROSE}\n\n{quoted}"));
    assert!(text.contains("\n\n> It was the best"), "{text}");
    assert!(!text.contains('\\'), "{text}");
    assert_eq!(of("> one line\n> and more"), "> one line\\\n> and more");
    assert_eq!(
        of("• one\n• two\n  goes on\n• three"),
        "- one\n- two\n    goes on\n- three"
    );
    assert_eq!(of("1. one\n2. two"), "1. one\n2. two");
    assert_eq!(
        of("1. the one\n3. the third"),
        "1\\. the one\\\n3\\. the third"
    );
    assert_eq!(
        of("These are met:\n1. one thing\n   of two\n2. the other"),
        "These are met:\n\n1. one thing\n    of two\n2. the other"
    );
    assert_eq!(of("1986. A year."), "1986\\. A year.");
    assert_eq!(
        of("CHAPTER I.\nDown the Rabbit-Hole\n\nAlice was"),
        "## CHAPTER I. Down the Rabbit-Hole\n\nAlice was"
    );
    assert_eq!(of("Chapter 2: *\n\nText"), "## Chapter 2: \\*\n\nText");
    assert_eq!(of("Prologue\n\nText"), "## Prologue\n\nText");
    assert_eq!(of("Part of it\n\nText"), "Part of it\n\nText");
    assert_eq!(of("Intro\n-----\nText"), "## Intro\n\nText");
    assert_eq!(of("a\n\n*       *       *\n\nb"), "a\n\n* * *\n\nb");
}

#[test]
fn what_is_drawn_keeps_every_space() {
    let cat = " /\\_/\\\n( o.o )\n > ^ <";
    assert_eq!(of(cat), format!("```\n{cat}\n```"));
    let table = "Name      Age   Town\nAnn        30   Bern\n\nBo         41   Rome";
    assert_eq!(of(table).matches("```").count(), 2, "{}", of(table));
    let log = "2024-01-01 12:00:00 INFO [main] start ok=1\n2024-01-01 12:00:01 WARN [io-2] retry=3 t=0.5s";
    assert_eq!(of(log), format!("```\n{log}\n```"));
    let code = "Run this:\n\n    cargo build --release && ./x\n\nDone.";
    assert_eq!(
        of(code),
        "Run this:\n\n```\n    cargo build --release && ./x\n```\n\nDone."
    );
    assert!(of("```\na |||| ||| b\n```").starts_with("````\n"));
}

#[test]
fn markup_in_text_is_text() {
    assert_eq!(of("# no heading"), "\\# no heading");
    assert_eq!(of("<b>x</b> & *y*"), "\\<b>x\\</b> & \\*y\\*");
}

#[test]
fn long_inputs_take_little_time() {
    let start = std::time::Instant::now();
    for text in [
        "a\n",
        "a\n\n",
        "  a\nbb bb bb\n",
        "- a\n",
        "| |\n\n",
        "=\n",
        "word ",
        "> > a\n",
    ] {
        body(&text.repeat(50_000));
    }
    let wide = "It was the best of times, it was the worst of times, of wisdom and of folly\n  ";
    body(&wide.repeat(20_000));
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn every_word_is_shown(text in "(( {0,5})[-#>*•1.=|`~_:]{0,2} ?[A-Za-c ]{0,12}\n{1,2}){0,14}") {
        let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let mut shown = String::new();
        for event in pulldown_cmark::Parser::new(&body(&text)) {
            use pulldown_cmark::Event;
            if let Event::Text(text) | Event::Code(text) = event {
                shown.push_str(&text);
            }
        }
        prop_assert_eq!(letters(&shown), letters(&text), "{}", body(&text));
    }
}

#[test]
fn a_long_text_is_read_in_sections_that_lose_nothing() {
    let paragraph = "Words that are broken at a common width, as in a book of long\n\
                     ago, and go on over several lines.\n\n    A quotation, indented.\n\n";
    let text = paragraph.repeat(20_000);
    let body = read(&text, "").markdown;
    let words = |text: &str| text.matches(char::is_alphabetic).count();
    assert_eq!(words(&body), words(&text));
    // Each as the first.
    let first = read(paragraph, "").markdown;
    assert_eq!(body.matches(&first).count(), 20_000);
}
