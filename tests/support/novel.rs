//! A novel as publishers make them: forty chapters, a cover, contents in two forms, links, notes, pictures.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Some words for its sentences.
const WORDS: [&str; 48] = [
    "the", "sea", "at", "night", "was", "never", "quiet", "and", "she", "walked", "along", "a",
    "harbour", "wall", "where", "old", "men", "mended", "nets", "under", "yellow", "lamps",
    "nobody", "spoke", "of", "what", "had", "happened", "in", "spring", "when", "ships", "came",
    "home", "without", "their", "captains", "letters", "were", "found", "behind", "stone", "with",
    "names", "that", "everyone", "knew", "again",
];

/// A number after another, the same ones every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// An archive of these files, as books are.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file(
        "mimetype",
        options.compression_method(CompressionMethod::Stored),
    )
    .unwrap();
    zip.write_all(b"application/epub+zip").unwrap();
    for (name, content) in files {
        zip.start_file(
            name,
            options.compression_method(CompressionMethod::Deflated),
        )
        .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A novel of so many chapters with about so many bytes of text each. `picture` is its cover, a PNG.
pub fn novel(title: &str, chapters: usize, bytes: usize, picture: &[u8]) -> Vec<u8> {
    let mut dice = Dice(7);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let container = "<?xml version=\"1.0\"?><container version=\"1.0\" \
        xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
        full-path=\"OEBPS/content.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
    files.push(("META-INF/container.xml".into(), container.into()));
    let (mut manifest, mut spine, mut nav, mut ncx) =
        (String::new(), String::new(), String::new(), String::new());
    for n in 1..=chapters {
        let mut body = format!("<h2 class=\"chapter\" id=\"start\">Chapter {n}</h2>\n");
        let mut notes = 0;
        let mut paragraph = 0;
        while body.len() < bytes {
            let mut text = String::new();
            for _ in 0..3 + dice.throw(5) {
                let mut sentence: Vec<&str> = Vec::new();
                for _ in 0..6 + dice.throw(18) {
                    sentence.push(WORDS[dice.throw(WORDS.len())]);
                }
                let sentence = sentence.join(" ");
                text.push_str(&sentence[..1].to_uppercase());
                text.push_str(&sentence[1..]);
                text.push_str(". ");
            }
            paragraph += 1;
            if paragraph % 40 == 5 {
                notes += 1;
                text.push_str(&format!(
                    "So it is said.<a epub:type=\"noteref\" id=\"r{notes}\" href=\"#n{notes}\">{notes}</a>"
                ));
            }
            if paragraph == 2 && n > 1 {
                text.push_str(&format!(
                    "<a href=\"chapter{}.xhtml#start\">As was told before</a>.",
                    n - 1
                ));
            }
            body.push_str(&format!("<p id=\"p{paragraph}\">{}</p>\n", text.trim()));
        }
        for note in 1..=notes {
            body.push_str(&format!(
                "<aside epub:type=\"footnote\" id=\"n{note}\"><p>Note {note} of chapter {n}. <a href=\"#r{note}\">↩</a></p></aside>"
            ));
        }
        if n == 1 {
            body.push_str("<p><img src=\"images/map.png\" alt=\"A map of the harbour\"/></p>");
        }
        let page = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html \
             xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><head>\
             <title>Chapter {n}</title><link rel=\"stylesheet\" href=\"style.css\"/></head><body>{body}</body></html>"
        );
        files.push((format!("OEBPS/chapter{n}.xhtml"), page.into()));
        manifest.push_str(&format!(
            "<item id=\"c{n}\" href=\"chapter{n}.xhtml\" media-type=\"application/xhtml+xml\"/>"
        ));
        spine.push_str(&format!("<itemref idref=\"c{n}\"/>"));
        nav.push_str(&format!(
            "<li><a href=\"chapter{n}.xhtml\">Chapter {n}</a></li>"
        ));
        ncx.push_str(&format!(
            "<navPoint id=\"n{n}\"><navLabel><text>Chapter {n}</text></navLabel><content src=\"chapter{n}.xhtml\"/></navPoint>"
        ));
    }
    let page = format!("<html><body><nav epub:type=\"toc\"><ol>{nav}</ol></nav></body></html>");
    files.push(("OEBPS/nav.xhtml".into(), page.into()));
    files.push((
        "OEBPS/toc.ncx".into(),
        format!("<ncx><navMap>{ncx}</navMap></ncx>").into(),
    ));
    let package = format!(
        "<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title><dc:creator>Jane \
         Doe</dc:creator><dc:language>en</dc:language><dc:date>2019-02-28</dc:date><dc:subject>Fiction</dc:subject>\
         </metadata><manifest>{manifest}<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\" \
         media-type=\"application/xhtml+xml\"/><item id=\"ncx\" href=\"toc.ncx\" \
         media-type=\"application/x-dtbncx+xml\"/><item id=\"cover\" href=\"images/cover.png\" \
         properties=\"cover-image\" media-type=\"image/png\"/><item id=\"map\" href=\"images/map.png\" \
         media-type=\"image/png\"/></manifest><spine toc=\"ncx\">{spine}</spine></package>"
    );
    files.push(("OEBPS/content.opf".into(), package.into()));
    files.push(("OEBPS/images/cover.png".into(), picture.to_vec()));
    files.push(("OEBPS/images/map.png".into(), picture.to_vec()));
    pack(&files)
}
