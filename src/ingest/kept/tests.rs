use super::*;

fn of(text: &str) -> Export {
    read(text.as_bytes(), &|_| None).unwrap_or_default()
}

#[test]
fn pockets_table_and_page_say_the_same() {
    let table = of("title,url,time_added,tags,status\n\
         \"Knots, and ropes\",https://e.org/knots,1551359100,sea|ropes,unread\n\
         https://e.org/b,https://e.org/b,1551359101,,archive\nbad,javascript:x,1,,unread\n");
    let page = of(
        "<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><h1>Unread</h1><ul>\
         <li><a href=\"https://e.org/knots\" time_added=\"1551359100\" tags=\"sea,ropes\">Knots, and ropes</a></li>\
         </ul><h1>Read Archive</h1><ul><li><a href=\"https://e.org/b\" time_added=\"1551359101\" tags=\"\">\
         https://e.org/b</a></li></ul></body></html>",
    );
    assert_eq!((table.by, page.by), ("Pocket", "Pocket"));
    assert_eq!(table.links, page.links);
    let [knots, other] = &table.links[..] else {
        panic!("{table:?}");
    };
    assert_eq!(
        (&*knots.title, &knots.tags[..]),
        (
            "Knots, and ropes",
            &["sea".to_owned(), "ropes".to_owned()][..]
        )
    );
    assert_eq!(knots.added.map(|it| it.as_second()), Some(1_551_359_100));
    assert_eq!((knots.read, other.read, &*other.title), (false, true, ""));
    assert_eq!((table.refused.len(), table.commands), (0, 1));
}

#[test]
fn instapapers_folders_say_what_was_done() {
    let export = of("URL,Title,Selection,Folder,Timestamp,Tags\n\
         https://e.org/a,A,,Unread,1551359100,\"[\"\"sea\"\",\"\"x\"\"]\"\n\
         https://e.org/b,B,\"A passage\",Archive,1551359100,[]\nhttps://e.org/c,C,,Starred,1551359100,\n\
         https://e.org/d,D,,Recipes,1551359100,\n");
    assert_eq!(export.by, "Instapaper");
    let state: Vec<_> = export
        .links
        .iter()
        .map(|it| (it.read, it.starred, it.folder.as_deref()))
        .collect();
    let want = [
        (false, false, None),
        (true, false, None),
        (false, true, None),
        (false, false, Some("Recipes")),
    ];
    assert_eq!(state, want);
    assert_eq!(export.links[0].tags, ["sea", "x"]);
    assert_eq!(export.links[3].all_tags(), ["Recipes"]);
    assert!(export.links[3].story().categories.is_empty());
    assert_eq!(export.links[1].highlights[0].0, "A passage");
}

#[test]
fn raindrops_table_has_notes() {
    let export = of(
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n\
         1,A,Mine,About it,https://e.org/a,Sea,\"x, y z\",2024-01-02T03:04:05.000Z,,\"Highlight:One\nNote:yes\",true\n",
    );
    let link = &export.links[0];
    assert_eq!(export.by, "Raindrop");
    assert_eq!(
        (link.note.as_deref(), link.summary.as_deref()),
        (Some("Mine"), Some("About it"))
    );
    assert_eq!(
        (&link.tags[..], link.starred),
        (&["x".to_owned(), "y z".to_owned()][..], true)
    );
    assert_eq!(link.highlights, [("One".to_owned(), "yes".to_owned())]);
    let story = link.story();
    assert_eq!(
        story.markdown,
        "[A](<https://e.org/a>)\n\n## Note\n\nMine\n\n## Highlights\n\n> One\n\nyes\n"
    );
}

#[test]
fn bookmarks_lie_in_folders() {
    let export = of(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n\
         <DT><H3 PERSONAL_TOOLBAR_FOLDER=\"true\">Bar</H3>\n<DL><p>\n\
         <DT><A HREF=\"https://e.org/a\" ADD_DATE=\"1551359100\" TAGS=\"sea\">A</A>\n<DD>Said of it\n\
         <DT><H3>Ropes</H3>\n<DL><p>\n<DT><A HREF=\"https://e.org/b\" ADD_DATE=\"1551359100000000\">B</A>\n</DL><p>\n\
         <DT><A HREF=\"javascript:alert(1)\">no</A>\n<DT><A HREF=\"place:sort=8\">recent</A>\n</DL><p>\n</DL>\n",
    );
    let [a, b] = &export.links[..] else {
        panic!("{export:?}");
    };
    assert_eq!(
        (a.folder.as_deref(), a.note.as_deref(), &a.tags[..]),
        (None, Some("Said of it"), &["sea".to_owned()][..])
    );
    assert_eq!(b.folder.as_deref(), Some("Ropes"));
    assert!(b.all_tags().contains(&"Ropes".to_owned()));
    assert!(b.story().categories.is_empty());
    assert_eq!(a.added, b.added);
    assert_eq!((export.refused.len(), export.commands), (0, 1));
}

#[test]
fn wallabags_entries_have_their_texts() {
    let export = of(
        r#"[{"is_archived":1,"is_starred":0,"tags":["sea"],"id":7,"title":"A","url":"https://e.org/a",
        "content":"<p>Words <a href=\"/b\">there</a>.</p>","created_at":"2019-02-28T14:05:00+0000",
        "published_at":"2019-02-01T00:00:00+0000","published_by":["Ann"],"language":"en_GB",
        "annotations":[{"text":"yes","quote":"Words"}]},{"is_archived":0,"is_starred":1,"tags":[],"url":""}]"#,
    );
    let link = &export.links[0];
    assert!(link.read && !link.starred && link.has_text());
    let story = link.story();
    assert_eq!(
        story.markdown,
        "Words [there](https://e.org/b).\n\n## Highlights\n\n> Words\n\nyes\n"
    );
    assert_eq!(
        (&story.authors[..], story.language.as_deref()),
        (&["Ann".to_owned()][..], Some("en-GB"))
    );
    assert_eq!(link.added.map(|it| it.as_second()), Some(1_551_362_700));
    assert_eq!(export.refused[0].reason, "it has no address");
}

#[test]
fn what_wallabag_writes_in_the_place_of_a_text_is_none() {
    let export = of(
        r#"[{"is_archived":0,"is_starred":0,"tags":[],"id":7,"title":"No title found","url":"https://e.org/a",
        "content":"wallabag can't retrieve contents for this article. Please <a href=\"https://doc.wallabag.org/\">troubleshoot this issue</a>."}]"#,
    );
    let link = &export.links[0];
    assert!(!link.has_text());
    assert_eq!(
        link.story().markdown,
        "[https://e.org/a](<https://e.org/a>)\n"
    );
}

#[test]
fn omnivores_texts_lie_beside_it() {
    let text = r#"[{"id":"1","slug":"a-1","title":"A","description":"About","author":"Ann","url":"https://e.org/a",
        "state":"Archived","readingProgress":100,"thumbnail":"","labels":["sea"],"savedAt":"2024-01-02T03:04:05.000Z",
        "updatedAt":"","publishedAt":"2023-12-01T00:00:00.000Z"},{"slug":"../etc","url":"https://e.org/b","savedAt":""}]"#;
    let beside = |name: &str| match name {
        "content/a-1.html" => Some(b"<h2>Ropes</h2><p>Words.</p>".to_vec()),
        "highlights/a-1.md" => Some(b"> Words.\n\nmine\n".to_vec()),
        other => panic!("{other}"),
    };
    let export = read(text.as_bytes(), &beside).unwrap_or_default();
    assert_eq!(export.by, "Omnivore");
    let story = export.links[0].story();
    assert!(export.links[0].read);
    assert_eq!(
        story.markdown,
        "## Ropes\n\nWords.\n\n## Highlights\n\n> Words.\n\nmine\n"
    );
    assert_eq!(story.summary.as_deref(), Some("About"));
}

#[test]
fn what_readeck_lists_is_taken() {
    let export = of(
        r#"[{"id":"x","url":"https://e.org/a","title":"A","created":"2024-01-02T03:04:05Z","labels":["sea"],
        "is_marked":true,"is_archived":false,"authors":["Ann"],"description":"About","lang":"en"}]"#,
    );
    let link = &export.links[0];
    assert_eq!(
        (export.by, link.starred, link.read, &*link.tags[0]),
        ("Readeck", true, false, "sea")
    );
}

#[test]
fn other_files_are_none() {
    for text in [
        "",
        "a,b\n1,2\n",
        "[]",
        "[1]",
        "[{\"a\":1}]",
        "<html><p>x</p>",
        "<opml></opml>",
        "https://e.org/feed\n",
    ] {
        assert_eq!(read(text.as_bytes(), &|_| None), None, "{text}");
    }
    // Nor does what is broken do any harm.
    let deep = "[".repeat(100_000);
    assert_eq!(read(deep.as_bytes(), &|_| None), None);
    let cut = of("title,url,time_added,tags,status\n\"never ends,https://e.org/a,1,,unread\n");
    assert_eq!((cut.links.len(), cut.refused.len()), (0, 1));
}
