//! Pages as single programs print them.

use super::{links, read};
use crate::story::Story;

const PARAGRAPHS: [&str; 6] = [
    "The ferry at Alder Point will carry bicycles again from Monday, after eleven years in which they had to take the long way around the bay.",
    "Riders had asked for the change since the bridge was closed for repairs, and the council found in March that the old deck could bear the weight.",
    "A crossing takes nine minutes and costs what it did before, said the harbour master, who rode aboard on the first trial and came back dry.",
    "Whoever wants to be sure of a place on a Sunday in summer should be at the landing by ten, for there is room for twelve bicycles and no more.",
    "The first bicycle to cross belonged to a baker from the north shore, who had signed up in the winter and slept badly the night before.",
    "He rode home by the long road all the same, he said, since he had promised his daughter that they would look for herons on the way.",
];

/// A text broken at a width as text browsers break it, set off by `indent`.
fn broken(text: &str, width: usize, indent: usize) -> String {
    let options = textwrap::Options::new(width - indent)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .break_words(false);
    let lines = textwrap::wrap(text, options);
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{}{line}\n", " ".repeat(indent)))
        .collect();
    lines.concat()
}

fn story(page: &str) -> Story {
    read(page, "file").unwrap_or_else(|| unreachable!("no story in:\n{page}"))
}

/// A page as lynx prints it: its links have numbers, their addresses follow.
fn by_lynx(headline: &str, between: &str, addresses: &str) -> String {
    let mut page =
        format!("   [1]Home [2]News [3]Harbour\n\n{headline}\n\n   By Ada Holm\n   3 May 2021\n\n");
    for (nth, paragraph) in PARAGRAPHS.iter().enumerate() {
        let linked = paragraph.replacen("the ", &format!("the [{}]", nth + 4), 1);
        page += &broken(&linked, 75, 3);
        page.push('\n');
        if nth == 2 {
            page += between;
        }
    }
    page + "References\n\n   Visible links:\n" + addresses
}

const FOOT: &str = "\nShare on Facebook\nShare on Twitter\nSubscribe to our newsletter\n\n© 2021 Alder Gazette. All rights reserved.\n";

const ADDRESSES: &str = "   1. https://a.example/\n   2. https://a.example/news\n   3. mailto:?subject=The ferry | Alder&body=Read this\n   4. https://a.example/x\n";

/// The paragraphs with the one link whose address `ADDRESSES` has.
fn linked() -> [String; 6] {
    let mut paragraphs = PARAGRAPHS.map(str::to_owned);
    paragraphs[0] = paragraphs[0].replacen("long", "[long](https://a.example/x)", 1);
    paragraphs
}

#[test]
fn paragraphs_are_joined_where_numbers_of_links_filled_their_lines() {
    let story = story(&by_lynx("The ferry carries bicycles again", "", ADDRESSES));
    let paragraphs: Vec<&str> = story.markdown.trim().split("\n\n").collect();
    assert_eq!(paragraphs, linked(), "{}", story.markdown);
}

#[test]
fn a_table_with_a_frame_is_one_and_ends_no_text() {
    let table = "┌──────┬───────┐\n│ Day  │ Trips │\n├──────┼───────┤\n│Sunday│none   │\n└──────┴───────┘\n\n";
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        table,
        ADDRESSES,
    ));
    let rows = "| Day | Trips |\n| --- | --- |\n| Sunday | none |";
    assert!(story.markdown.contains(rows), "{}", story.markdown);
    assert!(story.markdown.contains("on the way."), "{}", story.markdown);
}

#[test]
fn a_number_that_goes_on_a_sentence_begins_no_list() {
    let between = "   Whoever asks for the paper of the council will find it in the list (12 May,\n   18) of the town and nowhere else.\n\n";
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        between,
        ADDRESSES,
    ));
    assert!(
        story.markdown.contains("(12 May, 18) of the town"),
        "{}",
        story.markdown
    );
}

#[test]
fn an_address_alone_is_whole_again_where_it_was_broken() {
    let between = "   https://ferries.example/2021/05/03/the-old-boats-of-the-bay-and-their/\n   journey-to-the-north\n\n";
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        between,
        ADDRESSES,
    ));
    assert!(
        story.markdown.contains("and-their/journey-to-the-north"),
        "{}",
        story.markdown
    );
}

#[test]
fn a_column_above_a_text_with_headline_and_date_is_none() {
    let mut page = String::from("  • Home\n  • News\n\n");
    let saying = "Whoever has not stood at the landing before the sun is up does not know the bay, said the first keeper of the lamp to all who came to him with their troubles and their boats.";
    page += &broken(saying, 79, 2);
    page += "\n  • Archive\n\n";
    for month in [
        "January", "February", "March", "April", "May", "June", "July", "August",
    ] {
        page += &format!("      □ {month} (12)\n");
    }
    page += "\nThe ferry carries bicycles again\n\nPosted on Maret 30, 2015 by Admin\n\n";
    for paragraph in PARAGRAPHS {
        page += &broken(paragraph, 79, 0);
        page.push('\n');
    }
    let story = story(&(page + FOOT));
    assert_eq!(story.title, "The ferry carries bicycles again");
    assert!(!story.markdown.contains("troubles"), "{}", story.markdown);
}

#[test]
fn a_page_of_html2text_with_few_links_is_one() {
    let mut page = String::from(
        "**** Welcome to the Gazette ****\nLearn_more\n\n****** The ferry carries bicycles again ******\nBy Ada Holm\n3 May 2021\n[The old ferry at the landing below the bridge, with twelve bicycles on its\nupper deck and a dog that waits]\n",
    );
    for paragraph in PARAGRAPHS {
        page += &broken(paragraph, 79, 0);
    }
    page += "***_The_boats_that_lie_in_the_harbour_***\n        # Our_boats\n";
    let story = story(&(page + FOOT));
    assert_eq!(story.title, "The ferry carries bicycles again");
    assert!(!story.markdown.contains("a dog that"), "{}", story.markdown);
    assert!(!story.markdown.contains("**_"), "{}", story.markdown);
    assert!(!story.markdown.contains("# Our"), "{}", story.markdown);
}

#[test]
fn a_page_turned_into_markdown_with_one_heading_has_it_as_its_title() {
    let mut page = String::from(
        "[Home](https://a.example/) [News](https://a.example/news)\n[Harbour](https://a.example/harbour)\n\n#  The ferry carries bicycles again\n\nBy Ada Holm\n\n3 May 2021\n\n",
    );
    for paragraph in PARAGRAPHS {
        page += &broken(paragraph, 79, 0);
        page.push('\n');
    }
    assert_eq!(
        story(&(page + FOOT)).title,
        "The ferry carries bicycles again"
    );
}

#[test]
fn addresses_at_the_end_are_no_text_even_with_spaces_or_below_their_words() {
    let apart =
        "  1. Home\n     https://a.example/\n  2. All the news\n     https://a.example/news\n";
    for addresses in [ADDRESSES, apart] {
        let story = story(&by_lynx("The ferry carries bicycles again", "", addresses));
        assert!(
            !story.markdown.contains("https://a.example/\n"),
            "{}",
            story.markdown
        );
        assert!(!story.markdown.contains("mailto:"), "{}", story.markdown);
        assert!(!story.markdown.contains("References"), "{}", story.markdown);
        assert!(
            story.markdown.trim_end().ends_with("on the way."),
            "{}",
            story.markdown
        );
    }
}

#[test]
fn a_headline_set_in_the_middle_goes_on_below() {
    let headline = "The ferry at Alder Point carries bicycles again after eleven years, and\n                               nobody is wet";
    let story = story(&by_lynx(headline, "", ADDRESSES));
    assert_eq!(
        story.title,
        "The ferry at Alder Point carries bicycles again after eleven years, and nobody is wet"
    );
}

#[test]
fn a_line_between_two_rules_does_not_end_a_text() {
    let rule = "━".repeat(75);
    let between = format!("   {rule}\n\n   Related post: A boat for goats\n\n   {rule}\n\n");
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        &between,
        ADDRESSES,
    ));
    assert!(story.markdown.contains("on the way."), "{}", story.markdown);
}

#[test]
fn headlines_upon_headlines_in_a_text_are_of_other_stories() {
    let others = [
        "Schools in the north are to open a week later",
        "Why the lighthouse keeper would not take the prize",
        "Council votes on the new market hall in June",
        "Two horses found safe behind the old brickworks",
        "Watch how the biggest bell of the county was hung",
        "A baker tells what he learned from seven floods",
    ];
    let between: String = others.iter().map(|it| format!("{it}\n\n")).collect();
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        &between,
        ADDRESSES,
    ));
    assert!(!story.markdown.contains("lighthouse"), "{}", story.markdown);
    assert!(
        story.markdown.contains("came back dry"),
        "{}",
        story.markdown
    );
}

#[test]
fn agencies_words_for_pictures_are_no_text() {
    let caption = "In this photo released by the harbour office, riders push their bicycles up the ramp of the ferry at Alder Point on a trial day in April, while the harbour master and two of the crew look on from the upper deck and a dog waits for its owner on the landing below, where the first of the new signs for bicycles was put up in the week before the trial began.";
    let between = broken(caption, 75, 3) + "\n";
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        &between,
        ADDRESSES,
    ));
    assert!(!story.markdown.contains("push their"), "{}", story.markdown);
}

#[test]
fn what_elinks_says_of_the_head_is_no_title() {
    let head = "   Link: [1]canonical\n   Link: [2]Alder Gazette » The ferry carries bicycles again after eleven\n   years Comments Feed (alternate)\n   Link: RSD (EditURI)\n";
    let page = by_lynx("The ferry carries bicycles again", "", ADDRESSES);
    let story = story(&format!("{head}{page}"));
    assert_eq!(story.title, "The ferry carries bicycles again");
    assert!(!story.markdown.contains("Feed"));
}

#[test]
fn a_page_of_html2text_has_headings_and_words_for_its_links() {
    let mut page = String::from(
        "    * Home\n    * All_the_news\n    * About_the_paper\n    * Write_to_us\n    * Our_weather\n    * Local_sports\n****** The ferry at Alder Point carries bicycles again after eleven years, and\nnobody is wet ******\nBy Ada Holm\n3 May 2021\n",
    );
    for paragraph in PARAGRAPHS {
        page += &broken(
            &paragraph
                .replacen("the old", "the_old", 1)
                .replacen("Sunday in", "Sunday_in", 1)
                .replacen("they had", "they_had", 1),
            79,
            0,
        );
    }
    page += FOOT;
    let story = story(&page);
    assert_eq!(
        story.title,
        "The ferry at Alder Point carries bicycles again after eleven years, and nobody is wet"
    );
    let paragraphs: Vec<&str> = story.markdown.trim().split("\n\n").collect();
    assert_eq!(paragraphs, PARAGRAPHS, "{}", story.markdown);
}

#[test]
fn addresses_in_markdown_may_be_broken_over_lines_and_have_titles() {
    let page = "[ Pass it on ](https://n.example/share?url=https://a.example/the-ferry-\ncarries\\(again\\)-after \"Share it\") and [the old](https://a.example/long-\naddress) deck, [once](https://a.example/a_(b)) more\n";
    assert_eq!(
        links::strip_links(page),
        " Pass it on  and the old deck, once more\n"
    );
}

#[test]
fn addresses_in_brackets_before_the_words_of_links_go() {
    let mut page = String::from(
        "   [https://a.example/]Home [https://a.example/news]News\n\nThe ferry carries bicycles again\n\n   By Ada Holm\n   3 May 2021\n\n",
    );
    for (nth, paragraph) in PARAGRAPHS.iter().enumerate() {
        let (before, after) = paragraph.split_at(paragraph.find("the ").unwrap_or(0));
        // The address is longer than a line, and the words of its link follow on its last one.
        page += &broken(before, 75, 3);
        page += &format!(
            "   [https://a.example/{}\n   a-long-address-{nth}/]",
            "x".repeat(53)
        );
        page += broken(after, 75, 3).trim_start();
        page += "\n\n";
    }
    for link in ["a", "b", "c", "d"] {
        page += &format!("     * [mailto:{link}@a.example]{link}\n");
    }
    let story = story(&(page + FOOT));
    assert!(!story.markdown.contains("example"), "{}", story.markdown);
    assert!(
        story
            .markdown
            .contains("the old deck could bear the weight."),
        "{}",
        story.markdown
    );
    assert_eq!(
        story.markdown.trim().split("\n\n").count(),
        6,
        "{}",
        story.markdown
    );
}

#[test]
fn what_stands_behind_a_table_and_a_program_is_of_the_text() {
    let mut page = String::from("   The keeper's log\n\n   By Ada Lind\n\n   20 November 2026\n\n");
    let paragraph = "The harbour light burned through the night while the keeper wrote his log with care and without hurry.";
    for _ in 0..4 {
        page += &broken(paragraph, 66, 3);
        page += "\n\n";
    }
    page += "A table of winds\n\n   Day Wind  Ships\n   Mon NW 4  12\n   Tue S | 2 7\n\n\
        The program\n\ndef lamp(on):\n    if on:\n        return 1\n    return   None\n\n";
    page += &broken(&paragraph.replace("harbour", "last"), 66, 3);
    page += "\n\nRelated\n\n     * One other story\n     * Two other stories\n";
    let markdown = story(&page).markdown;
    assert!(
        markdown.contains("    Mon NW 4  12\n    Tue S | 2 7\n"),
        "{markdown}"
    );
    assert!(
        markdown.contains(
            "    def lamp(on):\n        if on:\n            return 1\n        return   None\n"
        ),
        "{markdown}"
    );
    assert!(
        markdown.trim_end().ends_with("without hurry."),
        "{markdown}"
    );
    assert!(markdown.contains("The last light"), "{markdown}");
}

#[test]
fn a_page_may_begin_with_a_rule() {
    let page = by_lynx("The ferry carries bicycles again", "", "");
    let plain = story(&page).markdown;
    assert_eq!(story(&format!("---  \n  \n{page}")).markdown, plain);
    assert!(read(&format!("---\ntitle: A\n---\n{page}"), "file").is_none());
}

#[test]
fn buttons_to_share_a_story_say_which_line_is_its_headline() {
    let page = by_lynx(
        "A town looks back on eleven long years\n\nThe ferry carries bicycles again",
        "",
        "   1. https://a.example/\n   2. https://net.example/share?u=https%3A%2F%2Fa.example%2Fn%2Fthe-ferry-carries-bicycles-again&\
         title=The+ferry+carries+bicycles+again\n",
    );
    let story = story(&page);
    assert_eq!(story.title, "The ferry carries bicycles again");
    assert_eq!(
        story.url.as_deref(),
        Some("https://a.example/n/the-ferry-carries-bicycles-again")
    );
}

#[test]
fn a_headline_may_begin_with_the_name_of_its_column() {
    let headline = "Column: A merger of ferries bodes ill for the towns around the bay";
    let page = format!(
        "   Opinion\n\n{headline}\n\n   A ferry at its landing\n\n   By Ada Holm\n   3 May 2021\n"
    );
    let page = by_lynx("", "", ADDRESSES).replace("   By Ada Holm\n   3 May 2021\n", &page);
    assert_eq!(story(&page).title, headline);
}

#[test]
fn who_wrote_a_text_is_introduced_below_it() {
    let page = by_lynx("The ferry carries bicycles again", "", "");
    let (text, _) = page.split_once("References").unwrap_or_default();
    let bio = "Ada Marie Holm\n\n   Ada joined the paper in 2017. She has been reporting on harbours since 2009, and on all \
        that floats.\n\n   Questions about the text go to the desk.\n";
    let markdown = story(&format!("{text}{bio}{FOOT}")).markdown;
    assert!(markdown.trim_end().ends_with("on the way."), "{markdown}");
}

#[test]
fn pictures_in_a_text_leave_neither_numbers_nor_words_nor_names() {
    let between = "   Image 2 of / 5\n\n   Red deck Red deck\n\n   The ferry at its landing on Monday, May 3, 2021, with twelve \
        riders.\n   Jane Doe, AP\n\n   A heron by the roadCredit: Alder Agency\n\n";
    let story = story(&by_lynx(
        "The ferry carries bicycles again",
        between,
        ADDRESSES,
    ));
    let paragraphs: Vec<&str> = story.markdown.trim().split("\n\n").collect();
    assert_eq!(paragraphs, linked(), "{}", story.markdown);
}

#[test]
fn a_bullet_above_a_picture_belongs_to_the_line_below_it() {
    let page = by_lynx("The ferry carries bicycles again", "", "");
    let links: String = [
        "Old bells ring in three towns",
        "Why herons stand on one leg",
    ]
    .iter()
    .map(|link| format!("  •\n\n    [pic123]\n\n    {link}\n"))
    .collect();
    let cut = super::lines::cut(&format!("{links}\n{page}[pic124]\n[pic125]\n"));
    let entries: Vec<&str> = cut
        .items
        .iter()
        .filter(|item| item.marker == super::lines::Marker::Bullet)
        .map(|item| item.text.as_str())
        .collect();
    assert_eq!(
        entries,
        [
            "Old bells ring in three towns",
            "Why herons stand on one leg"
        ]
    );
}

#[test]
fn pages_in_hindi_are_read() {
    let paragraph = "मंगलवार को निवासी चौक में उस घंटी को सुनने के लिए इकट्ठा हुए जिसने सदियों तक शहर के घंटे बताए थे और जो चालीस साल से खामोश थी।";
    let page = format!(
        "हम आपके अनुभव को बेहतर बनाने के लिए कुकीज़ का उपयोग करते हैं।\n\n[स्वीकार करें]\n\n  • होम\n  • खेल\n\n\
         शहर की आखिरी घंटी फिर से बजने लगी\n\nलेखक: अनीता शर्मा\n\n12 मार्च 2024, 08:35\n\n  • शेयर करें\n  • फेसबुक\n\n\
         {paragraph}\n\nदूसरे दिन {paragraph}\n\nयह भी पढ़ें\n\n  • खेल के मैदान की खबर\n\nटिप्पणियां (3)\n\nबहुत अच्छी खबर है।\n"
    );
    let story = story(&page);
    assert_eq!(story.title, "शहर की आखिरी घंटी फिर से बजने लगी");
    assert_eq!(story.authors, ["अनीता शर्मा"]);
    let day = story.published.map(|it| it.day(&jiff::tz::TimeZone::UTC));
    assert_eq!(day, Some(jiff::civil::date(2024, 3, 12)));
    assert_eq!(
        story.markdown.trim(),
        format!("{paragraph}\n\nदूसरे दिन {paragraph}")
    );
}
