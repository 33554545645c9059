//! What the headers of an answer say about the next request.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use ureq::http::HeaderMap;

/// The longest time that a server is believed when it says how long to stay away.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A header's value, if it is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// How long the answer stays fresh (RFC 9111, section 5.2.2), if it says so: `max-age`, and not less
/// the time that it spent in caches; nothing with `no-cache` or `no-store`.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let mut age = None;
    for part in text(headers, "cache-control")?.split(',') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => return None,
            "max-age" => age = value.trim().trim_matches('"').parse().ok(),
            _ => {}
        }
    }
    let spent = text(headers, "age").and_then(|it| it.parse().ok());
    let left = u64::saturating_sub(age?, spent.unwrap_or(0));
    Some(Duration::from_secs(left).min(LONGEST))
}

/// When to come back at the earliest (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn how_long_an_answer_is_fresh() {
        let age = |value| max_age(&headers("cache-control", value)).map(|it| it.as_secs());
        assert_eq!(age("public, max-age=600"), Some(600));
        assert_eq!(age("Max-Age=\"60\", must-revalidate"), Some(60));
        assert_eq!(age("max-age=99999999999"), Some(LONGEST.as_secs()));
        assert_eq!(age("no-cache, max-age=600"), None);
        assert_eq!(age("max-age=soon"), None);
        assert_eq!(max_age(&HeaderMap::new()), None);
        let mut cached = headers("cache-control", "max-age=600");
        cached.insert("age", "500".parse().unwrap());
        assert_eq!(max_age(&cached), Some(Duration::from_secs(100)));
    }

    #[test]
    fn when_to_come_back() {
        let now = "2026-11-25T10:00:00Z".parse().unwrap();
        let wait = |value| retry_after(&headers("retry-after", value), now).map(|it| it.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Wed, 25 Nov 2026 10:05:00 GMT"), Some(300));
        assert_eq!(wait("Wed, 25 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(
            wait("Wed, 25 Nov 2099 09:00:00 GMT"),
            Some(LONGEST.as_secs())
        );
        assert_eq!(wait("later"), None);
    }
}
