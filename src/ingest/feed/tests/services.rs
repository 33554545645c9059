//! Feeds in the manner of services that many follow.

use super::{entry, item, of, text};

#[test]
fn one_without_a_name_is_nobody() {
    // Blogs made by Jekyll write an empty name where a post has none.
    let nameless = entry("<title>x</title><author><name></name></author>");
    assert_eq!(nameless.authors, ["Feed Author"]);
    assert_eq!(nameless.author, None);
    let at_home = entry("<author><name> </name><uri>https://ex.org/</uri></author>");
    assert_eq!(at_home.authors, ["Feed Author"]);
}

#[test]
fn names_in_one_element_are_people() {
    let of_many = item("<dc:creator>Ann Reef, Bo Shoal, Cy Bank</dc:creator>");
    assert_eq!(of_many.authors, ["Ann Reef", "Bo Shoal", "Cy Bank"]);
    assert_eq!(
        of_many.author.as_deref(),
        Some("Ann Reef, Bo Shoal, Cy Bank")
    );
    assert_eq!(
        item("<author>Reef, Ann</author>").authors,
        ["Reef, Ann"],
        "a name may have a comma"
    );
}

#[test]
fn what_a_picture_shows_is_not_what_the_story_says() {
    let media = "<media:content url='/seal.jpg' type='image/jpeg' medium='image'>\
        <media:description>A grey seal that lies on a rock in the last light of a long day</media:description>\
        </media:content>";
    let told = item(&format!("<description>Low tide.</description>{media}"));
    assert_eq!(text(&told.content), ("Low tide.", false));
    assert_eq!(told.summary, None);
    let picture = told.lead_image.expect("a picture");
    assert_eq!(picture.src, "https://ex.org/seal.jpg");
    assert!(picture.alt.starts_with("A grey seal"));

    let alone = item(media);
    assert!(text(&alone.content).0.starts_with("A grey seal"));
    let two = item(&format!(
        "<media:content url='/one.jpg' medium='image'/>{media}"
    ));
    assert_eq!(two.lead_image.map(|it| it.alt), Some(String::new()));
}

#[test]
fn faces_stand_for_no_story() {
    let face = item("<media:thumbnail url='/ann.png' width='30' height='30'/>");
    assert_eq!(face.lead_image, None);
    let picture = item("<media:thumbnail url='/sea.png' width='480'/>");
    assert!(picture.lead_image.is_some());
}

#[test]
fn a_content_that_shows_nothing_is_none() {
    for nothing in [
        "&lt;p&gt;&lt;/p&gt;",
        "&lt;div&gt;&lt;p&gt;&amp;nbsp;&lt;/p&gt;&lt;/div&gt;",
    ] {
        let it = item(&format!(
            "<description>All of it.</description><content:encoded>{nothing}</content:encoded>"
        ));
        assert_eq!(text(&it.content), ("All of it.", false), "{nothing}");
    }
    for picture in [
        "&lt;p&gt;&lt;img src='/a.png'&gt;&lt;/p&gt;",
        "&lt;p&gt;&lt;b&gt;x",
    ] {
        let it = item(&format!(
            "<description>About it.</description><content:encoded>{picture}</content:encoded>"
        ));
        assert!(text(&it.content).1, "{picture}");
    }
}

#[test]
fn what_says_that_it_is_html_is() {
    let it = entry("<content type='html'>&lt;nextid&gt;&lt;/nextid&gt; words</content>");
    assert_eq!(it.story(None).markdown, "words");
    let generic = entry("<content type='html'>Vec&lt;T&gt; words</content>");
    assert_eq!(generic.story(None).markdown, "Vec&lt;T> words");
    let page = of(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>&lt;html&gt;&lt;body&gt;Sea\
         &lt;/body&gt;</title></feed>",
    );
    assert_eq!(page.title, "Sea");
}
