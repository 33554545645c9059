//! Media types as they come with bytes (RFC 9110, section 8.3).

/// A media type without its parameters, in small letters.
pub(super) fn bare(media_type: &str) -> String {
    let bare = media_type.split(';').next().unwrap_or_default();
    bare.trim().to_ascii_lowercase()
}

/// The charset that a media type names.
pub fn charset(media_type: &str) -> Option<&str> {
    let mut parameters = media_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("charset");
        is_it.then(|| value.trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_of_a_media_type() {
        assert_eq!(charset("text/xml; charset=\"utf-8\""), Some("utf-8"));
        assert_eq!(charset("text/xml;q=1; Charset=koi8-r"), Some("koi8-r"));
        assert_eq!(charset("text/xml"), None);
    }
}
