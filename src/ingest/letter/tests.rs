use super::*;
use crate::story::iso;

fn letter(text: &str) -> Story {
    read(text.replace('\n', "\r\n").as_bytes(), "name", true)
}

const PICTURE_LETTERS: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

fn newsletter() -> String {
    format!(
        "\
Return-Path: <bounce@mail.example.org>
From: =?UTF-8?Q?Ann_L=C3=A9e?= <ann@example.org>
To: reader@example.net
Subject: =?UTF-8?B?VGhlIGhhcmJvdXIg4oCT?= at
 =?ISO-8859-1?Q?_caf=E9?= night
Date: Thu, 28 Feb 2019 14:05:00 +0100 (CET)
Message-ID: <one@example.org>
List-Id: \"The Sea Letter\" <sea.lists.example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"outer\"

This is for programs that know no MIME.
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8

The plain words.
--inner
Content-Type: multipart/related; boundary=\"rel\"

--rel
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><head><style>p {{ color: red }}</style></head><body>
<div style=3D\"display:none;max-height:0\">Shown in the list alone</div>
<a href=3D\"https://example.org/letters/1?utm_source=3Dmail&amp;n=3D1\">View this email in your browser</a>
<table width=3D\"600\" cellpadding=3D\"0\"><tr><td><h1>Caf=C3=A9 night</h1></td></tr><tr><td>
<p>Read <a href=3D\"https://example.org/a?utm_campaign=3Dx&amp;p=3D2\">the story</a>, which is=
 long.</p></td><td>Beside it</td></tr></table>
<img src=3D\"cid:pic@example.org\" alt=3D\"A quay\">
<img src=3D\"https://track.example.org/open.gif\" width=3D\"1\" height=3D\"1\">
<img src=3D\"https://example.org/far.png\" alt=3D\"Far\">
</body></html>
--rel
Content-Type: image/png
Content-ID: <pic@example.org>
Content-Transfer-Encoding: base64

{PICTURE_LETTERS}
--rel--
--inner--
--outer
Content-Type: application/pdf; name=\"../../tide table.pdf\"
Content-Disposition: attachment; filename*=UTF-8''tide%20t%C3%A4ble.pdf
Content-Transfer-Encoding: base64

AAAAAAAAAAAA
--outer--
"
    )
}

#[test]
fn a_newsletter_is_a_story() {
    let story = letter(&newsletter());
    assert_eq!(story.title, "The harbour – at café night");
    assert_eq!(story.authors, ["Ann Lée"]);
    assert_eq!(
        story.published.map(iso).as_deref(),
        Some("2019-02-28T13:05:00Z")
    );
    assert_eq!(story.categories, ["The Sea Letter"]);
    assert_eq!(story.id.as_deref(), Some("one@example.org"));
    assert_eq!(
        story.url.as_deref(),
        Some("https://example.org/letters/1?n=1")
    );
    assert_eq!(story.kind, Kind::Letter);
    let body = &story.markdown;
    assert!(body.starts_with("# Café night"), "{body}");
    assert!(
        body.contains("Read [the story](https://example.org/a?p=2), which is long."),
        "{body}"
    );
    assert!(body.contains("Beside it") && !body.contains("| "), "{body}");
    assert!(
        body.contains(&format!(
            "![A quay](data:image/png;base64,{PICTURE_LETTERS})"
        )),
        "{body}"
    );
    assert!(
        body.contains("![Far](https://example.org/far.png)"),
        "{body}"
    );
    for hidden in ["open.gif", "plain words", "list alone", "browser", "color"] {
        assert!(!body.contains(hidden), "{hidden}: {body}");
    }
    let [file] = &story.enclosures[..] else {
        panic!("{:?}", story.enclosures);
    };
    assert_eq!(file.title.as_deref(), Some("tide täble.pdf"));
    assert_eq!(file.media_type.as_deref(), Some("application/pdf"));
}

#[test]
fn a_list_tells_of_it_what_the_letter_does() {
    let text = newsletter();
    let (head, counted) = head(text.as_bytes(), "name");
    let mut story = read(text.as_bytes(), "name", false);
    let all = words(&story.markdown);
    assert!(counted.abs_diff(all) < 12, "{counted} {all}");
    story.markdown.clear();
    story.enclosures.clear();
    assert_eq!(head, story);
}

#[test]
fn plain_text_flows_quotes_and_is_signed() {
    let story = letter(
        "From: \"Lee, Ann\" <ann@example.org>, bo@example.org\nSubject: Re: ropes\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8; format=flowed\n\nThe rope \nwas long,\nand * old.\n\n\
         > They said \n> so.\n>> And before.\n\nYes.\n-- \nAnn\nHarbour St. 1\n",
    );
    assert_eq!(story.authors, ["Lee, Ann", "bo@example.org"]);
    let want = "\
The rope was long,\nand \\* old.\n\n> They said so.\n\n> > And before.\n\nYes.\n\n* * *\n\nAnn\\\nHarbour St. 1";
    let plain: Vec<&str> = story
        .markdown
        .lines()
        .map(|it| it.trim_end_matches('\\'))
        .collect();
    let want: Vec<&str> = want.lines().map(|it| it.trim_end_matches('\\')).collect();
    assert_eq!(plain, want, "{}", story.markdown);
}

#[test]
fn charsets_are_believed_as_far_as_they_fit() {
    for (said, bytes, want) in [
        ("iso-8859-1", &b"caf\xe9"[..], "café"),
        ("utf-8", b"caf\xe9 cr\xe8me", "café crème"),
        ("us-ascii", "café".as_bytes(), "café"),
        ("no-such-thing", "café".as_bytes(), "café"),
        ("windows-1251", b"\xd0\xf3\xf1\xfc", "Русь"),
    ] {
        let mut text = format!(
            "From: a@b.c\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset={said}\n\n"
        )
        .into_bytes();
        text.extend(bytes);
        assert_eq!(read(&text, "name", true).markdown, want, "{said}");
    }
    // Nor are headers always encoded.
    let story = read(
        b"From: J\xfcrgen <j@e.org>\nSubject: Gr\xfc\xdfe\n\nx",
        "name",
        true,
    );
    assert_eq!(
        (story.title.as_str(), &*story.authors[0]),
        ("Grüße", "Jürgen")
    );
}

#[test]
fn what_is_no_letter_is_told_from_one() {
    for (text, named, want) in [
        ("From: a@b.c\nDate: x\nMessage-ID: <1>\n\nhi", false, true),
        (
            "From a@b.c Thu Feb 28 14:05:00 2019\nFrom: a\nTo: b\nReceived: x\n\nhi",
            false,
            true,
        ),
        ("Title: A\nAuthor: B\nDate: 2019\n\nhi", false, false),
        ("From: the sea\nTo: the land\n\nA poem", false, false),
        ("From: a@b.c\n\nhi", true, true),
        ("Dear reader,\nwords", true, false),
        ("", true, false),
    ] {
        assert_eq!(is_letter(text.as_bytes(), named), want, "{text}");
    }
}

#[test]
fn lists_are_called_by_their_names() {
    for (said, want) in [
        ("The Sea Letter <sea.example.org>", Some("The Sea Letter")),
        ("<rust-users.lists.example.org>", Some("rust-users")),
        ("1234567mc list <1234567.998.list-id.example.net>", None),
        ("=?UTF-8?Q?Caf=C3=A9?= <cafe.example.org>", Some("Café")),
    ] {
        let story = letter(&format!("From: a@b.c\nSubject: x\nList-Id: {said}\n\nhi"));
        assert_eq!(story.categories.first().map(String::as_str), want, "{said}");
    }
}

#[test]
fn a_letters_page_is_its_own() {
    let of = |header: &str| letter(&format!("From: a@b.c\nSubject: x\n{header}\n\nhi")).url;
    assert_eq!(
        of("List-Post: <https://sea.example.org/p/one?utm_source=x>").as_deref(),
        Some("https://sea.example.org/p/one")
    );
    assert_eq!(
        of("Archived-At: <https://e.org/m/1>").as_deref(),
        Some("https://e.org/m/1")
    );
    for not in [
        "List-Archive: <https://e.org/archive/>",
        "List-Post: <mailto:l@e.org>",
    ] {
        assert_eq!(of(not), None, "{not}");
    }
}

#[test]
fn letters_in_letters_follow_under_their_subjects() {
    let story = letter(
        "From: a@b.c\nSubject: digest\nMIME-Version: 1.0\nContent-Type: multipart/digest; boundary=x\n\n\
         --x\n\nFrom: Ann <ann@e.org>\nSubject: One\n\nFirst.\n--x\n\nSubject: Two\n\nSecond.\n--x--\n",
    );
    assert_eq!(
        story.markdown,
        "## One\n\n*Ann*\n\nFirst.\n\n## Two\n\nSecond."
    );
}

#[test]
fn broken_letters_are_read_as_far_as_they_go() {
    // Lone carriage returns.
    let story = read(b"From: a@b.c\rSubject: old\r\rOne.\r\rTwo.", "name", true);
    assert_eq!(
        (story.title.as_str(), &*story.markdown),
        ("old", "One.\n\nTwo.")
    );
    // Base64 with what is none in it, cut off.
    let story = letter(
        "From: a@b.c\nSubject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n\
         VGhl!!IHdv\n cmRz=\nIGFyZQ",
    );
    assert_eq!(story.markdown, "The words are");
    // Quoted-printable with what is none.
    let story = letter(
        "From: a@b.c\nSubject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n\
         a =ZZ b=3D=\n c=",
    );
    assert_eq!(story.markdown, "a =ZZ b= c");
    // A boundary that never comes, and one that never ends.
    let of = |body: &str| {
        letter(&format!(
            "From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n{body}"
        ))
    };
    assert_eq!(of("words").markdown, "words");
    assert_eq!(of("--q\n\nwords\n").markdown, "words");
    assert_eq!(of("").warnings, ["This letter has no text."]);
    // HTML without words says less than the text beside it.
    let story = letter(
        "From: a@b.c\nSubject: x\nContent-Type: multipart/alternative; boundary=q\n\n\
         --q\n\nwords\n--q\nContent-Type: text/html\n\n<style>p { a: b }</style><p></p>\n--q--\n",
    );
    assert_eq!(story.markdown, "words");
}

#[test]
fn hostile_letters_end_soon() {
    let deep: String = (0..20_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let nested = "Content-Type: message/rfc822\n\n".repeat(50_000);
    let wide = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n\nx\n".repeat(50_000)
    );
    let long = format!(
        "Subject: {}\n\n{}",
        "a ".repeat(2_000_000),
        "b".repeat(5_000_000)
    );
    let crowd = format!("{}\nx", "X-A: b\n".repeat(100_000));
    for body in [deep, nested, wide, long, crowd] {
        let begun = std::time::Instant::now();
        let text = format!("From: a@b.c\n{body}");
        let _ = read(text.as_bytes(), "name", true);
        let _ = head(text.as_bytes(), "name");
        let took = begun.elapsed();
        assert!(took.as_secs() < 60, "{took:?}: {}", &text[..60]);
    }
}

#[test]
fn nothing_of_the_terminals_stays() {
    let story = letter(
        "From: =?UTF-8?Q?A=1B]0;x=07?= <a@b.c>\nSubject: =?UTF-8?B?G1szMW1y?=\nList-Id: =?UTF-8?Q?=1Bx?= <a.b>\n\
         Message-ID: <a\u{1b}b>\nMIME-Version: 1.0\n\nwords \u{1b}[2J and \u{9b}",
    );
    let all = format!("{story:?}{}", story.markdown);
    assert!(!all.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{all:?}");
}

mod laws {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut text = b"From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n".to_vec();
            text.extend(&bytes);
            let story = read(&text, "name", true);
            prop_assert!(!story.title.is_empty());
            let _ = read(&bytes, "name", true);
            let _ = head(&bytes, "name");
        }
    }
}
