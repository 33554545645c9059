//! The names of HTML's elements: what looks like a tag and is none, such as the `<String>` of a
//! `Vec<String>`, is text.

/// The elements of HTML, those of its past that still stand in texts, and what pictures and formulas
/// begin with.
const ELEMENTS: &str = " a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big \
    blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del details \
    dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 \
    h6 head header hgroup hr html i iframe img input ins kbd keygen label legend li link main map mark marquee \
    annotation math menu menuitem meta meter mfrac mi mn mo mover mroot mrow mspace msqrt mstyle msub msubsup \
    msup mtable mtd mtext mtr multicol munder munderover nav nextid nobr noembed noframes noscript object ol \
    optgroup option output p param picture plaintext pre progress q rb rbc rp rt rtc ruby s samp script search \
    section select slot small spacer source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time \
    title tr track tt u ul var video wbr xmp ";

/// Elements of drawings and formulas. Some are words that authors set between such brackets, too.
const INNER: &str = " animate circle clippath defs desc ellipse fegaussianblur femerge filter foreignobject g \
    image line lineargradient marker mask path pattern polygon polyline radialgradient rect stop symbol text \
    textpath tspan use view semantics ";

/// Whether this, which begins like a tag, is one: it names an element, or is a comment or the like.
pub fn is_tag(source: &str) -> bool {
    let Some(after) = source.strip_prefix('<') else {
        return false;
    };
    let tag = after.strip_prefix('/').unwrap_or(after);
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return true;
    }
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let (name, rest) = tag.split_at(end.unwrap_or(tag.len()));
    // Names with a colon are of other kinds of XML, which word processors leave behind.
    if name.len() > 20 || name.contains(':') {
        return name.contains(':');
    }
    let name = format!(" {} ", name.to_ascii_lowercase());
    let told = tag.len() < after.len() || rest.contains('=');
    ELEMENTS.contains(&name) || INNER.contains(&name) && told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_element_is_no_tag() {
        for tag in [
            "<b>",
            "</B>",
            "<br/>",
            "<!-- a -->",
            "<?a?>",
            "<o:p>",
            "<a\nhref=x>",
            "<path d=\"M0\"/>",
            "<mi>",
        ] {
            assert!(is_tag(tag), "{tag}");
        }
        for text in ["<String>", "<y>", "</y>", "<your-name>", "<path>", "<T, U>"] {
            assert!(!is_tag(text), "{text}");
        }
    }
}
