//! Dates as people write them.

use super::*;
use crate::story::iso;

#[test]
fn whole_texts() {
    for (text, expected) in [
        ("2019-02-28", "2019-02-28"),
        ("2019-02-28T14:05:00Z", "2019-02-28T14:05:00Z"),
        ("2019-02-28T14:05:00+01:00", "2019-02-28T13:05:00Z"),
        ("2019-02-28T14:05:00.123-0500", "2019-02-28T19:05:00Z"),
        ("2019-02-28 14:05", "2019-02-28T14:05:00Z"),
        ("2019-02-28T14:05:33", "2019-02-28T14:05:33Z"),
        ("Thu, 28 Feb 2019 14:05:00 +0000", "2019-02-28T14:05:00Z"),
        ("Thu, 28 Feb 2019 14:05:00 EST", "2019-02-28T19:05:00Z"),
        ("Thu Feb 28 14:05:00 UTC 2019", "2019-02-28T14:05:00Z"),
        ("February 28, 2019", "2019-02-28"),
        ("Feb 28 2019", "2019-02-28"),
        ("28 February 2019", "2019-02-28"),
        ("28th February 2019", "2019-02-28"),
        ("the 28th of February, 2019", "2019-02-28"),
        ("Feb. 28, 2019, 2:05 p.m. EST", "2019-02-28T19:05:00Z"),
        ("Feb. 28, 2019 at 2:05 PM ET", "2019-02-28T19:05:00Z"),
        ("July 28, 2019 at 2:05 PM ET", "2019-07-28T18:05:00Z"),
        ("28 Feb 2019 12:05am GMT", "2019-02-28T00:05:00Z"),
        ("March 3, 2021 10 a.m. PST", "2021-03-03T18:00:00Z"),
        ("March 3, 2021 10:15 IST", "2021-03-03"),
        ("3 March 2021 10:15 (UTC+2)", "2021-03-03T08:15:00Z"),
        ("14:05, 28 February 2019", "2019-02-28T14:05:00Z"),
        ("10:15 PM EST, Wed March 3, 2021", "2021-03-04T03:15:00Z"),
        ("Friday May 26, 2023", "2023-05-26"),
        ("| Friday May 26, 2023", "2023-05-26"),
        ("28. Februar 2019", "2019-02-28"),
        (
            "Donnerstag, den 28. Februar 2019 um 14 Uhr",
            "2019-02-28T14:00:00Z",
        ),
        ("28.02.2019, 14:05 Uhr", "2019-02-28T14:05:00Z"),
        ("28.02.2019 - 14.05 Uhr", "2019-02-28T14:05:00Z"),
        ("28.02.19", "2019-02-28"),
        ("3. 4. 2021", "2021-04-03"),
        ("le 28 février 2019 à 14h05", "2019-02-28T14:05:00Z"),
        ("1er mars 2020", "2020-03-01"),
        ("28 de febrero de 2019", "2019-02-28"),
        ("28 de febrero de 2019, 14:05 h", "2019-02-28T14:05:00Z"),
        ("28 febbraio 2019 alle 14:05", "2019-02-28T14:05:00Z"),
        ("28 de fevereiro de 2019 às 14h05", "2019-02-28T14:05:00Z"),
        ("28 februari 2019 om 14:05 uur", "2019-02-28T14:05:00Z"),
        ("28 lutego 2019 r., godz. 14:05", "2019-02-28T14:05:00Z"),
        ("28 февраля 2019 г. в 14:05", "2019-02-28T14:05:00Z"),
        ("28 Şubat 2019, Perşembe", "2019-02-28"),
        ("28 februari 2019 kl. 14.05", "2019-02-28T14:05:00Z"),
        ("2019. február 28.", "2019-02-28"),
        ("28 فبراير 2019", "2019-02-28"),
        ("2019年2月28日", "2019-02-28"),
        ("2019年2月28日 14:05", "2019-02-28T14:05:00Z"),
        ("2019년 2월 28일", "2019-02-28"),
        ("2019/02/28", "2019-02-28"),
        ("02/28/2019", "2019-02-28"),
        ("28/02/2019", "2019-02-28"),
        ("28-Feb-2019", "2019-02-28"),
    ] {
        let found = parse(text).map(iso);
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn no_dates() {
    for text in [
        "",
        "yesterday",
        "3 hours ago",
        "March",
        "March 3",
        "March 2021",
        "2021",
        "12:30",
        "31 February 2019",
        "32 March 2021",
        "192.168.10.2019",
        "1.2.3",
        "Updated: 3 March 2021",
        "In March 3, 2021 people left",
        "13/13/2021",
        "99999999999999999999",
        "5 min read",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn the_language_decides_between_two_readings() {
    let day = |text, language| parse_with(text, language).map(iso).unwrap_or_default();
    assert_eq!(day("03/04/2021", "en"), "2021-03-04");
    assert_eq!(day("03/04/2021", "en-GB"), "2021-04-03");
    assert_eq!(day("03/04/2021", "fr"), "2021-04-03");
    assert_eq!(day("03.04.2021", "en"), "2021-04-03");
    assert_eq!(day("03/28/2021", "fr"), "2021-03-28");
}

#[test]
fn inside_a_line() {
    for (line, inside, expected) in [
        (
            "By Jane Doe | March 3, 2021 | Politics",
            "March 3, 2021",
            "2021-03-03",
        ),
        (
            "Jane Doe · Wed, 3 Mar 2021 · 5 min read",
            "Wed, 3 Mar 2021",
            "2021-03-03",
        ),
        (
            "Von Max Muster, Berlin, 3. März 2021, 10:15 Uhr",
            "3. März 2021, 10:15 Uhr",
            "2021-03-03T10:15:00Z",
        ),
        (
            "Posted 10:15 am on March 3, 2021 by X",
            "10:15 am on March 3, 2021",
            "2021-03-03T10:15:00Z",
        ),
    ] {
        let (range, published) = find(line).expect(line);
        assert_eq!((&line[range], iso(published).as_str()), (inside, expected));
    }
    assert_eq!(find("It was March again, 2021 things to do"), None);
}
