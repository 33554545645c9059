//! The HTTP client against servers on loopback that behave, and that do not.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/server.rs"]
mod server;

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use server::{Server, page};

use base64::Engine as _;
use recto::net::{Client, FetchError, Fetched, Limits, Request, Unreachable, Validators, Way};

impl Server {
    fn at(&self, path: &str) -> Request {
        Request::typed(self.url.join(path).unwrap())
    }
}

fn quick() -> Client {
    Client::new(Limits {
        size: 1024 * 1024,
        total: Duration::from_secs(4),
        connect: Duration::from_secs(2),
        answer: Duration::from_secs(2),
        idle: Duration::from_millis(700),
        hurry: Duration::from_millis(300),
    })
}

fn fetch(request: &Request) -> Result<Fetched, FetchError> {
    quick().fetch(request, &AtomicBool::new(false))
}

#[track_caller]
fn refused(request: &Request) -> String {
    fetch(request).unwrap_err().to_string()
}

#[test]
fn what_is_there_comes_with_what_was_said_of_it() {
    let headers = "Content-Type: text/plain; charset=latin1\r\nETag: \"a\"\r\n\
                   Last-Modified: Wed, 25 Nov 2026 10:00:00 GMT\r\nCache-Control: max-age=60\r\n";
    let server = Server::saying(page(headers, "Words."));
    let came = fetch(&server.at("story.txt")).unwrap();
    assert_eq!(came.body.as_deref(), Some(&b"Words."[..]));
    assert_eq!(
        came.content_type.as_deref(),
        Some("text/plain; charset=latin1")
    );
    assert_eq!(came.validators.etag.as_deref(), Some("\"a\""));
    assert_eq!(came.fresh, Some(Duration::from_secs(60)));
    assert_eq!(
        (came.url, came.moved),
        (server.url.join("story.txt").unwrap(), None)
    );
    let asked = &server.asked()[0];
    assert_eq!(asked[0], "get /story.txt http/1.1");
    assert!(
        asked.iter().any(|it| it.starts_with("user-agent: recto/")),
        "{asked:?}"
    );
    assert!(
        asked.iter().any(|it| it == "accept-encoding: gzip, br"),
        "{asked:?}"
    );
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let server = Server::saying("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
    let validators = Validators {
        etag: Some("\"a\"".into()),
        modified: Some("Wed, 25 Nov 2026 10:00:00 GMT".into()),
    };
    let request = Request {
        validators,
        ..server.at("feed")
    };
    assert_eq!(fetch(&request).unwrap().body, None);
    let asked = &server.asked()[0];
    for header in [
        "if-none-match: \"a\"",
        "if-modified-since: wed, 25 nov 2026 10:00:00 gmt",
    ] {
        assert!(asked.iter().any(|it| it == header), "{asked:?}");
    }
}

#[test]
fn redirects_are_followed_and_what_moved_for_good_is_told() {
    let server = Server::new(|path, _, stream| {
        let answer = match path {
            "/old" => "HTTP/1.1 301 Moved\r\nLocation: /newer\r\nContent-Length: 0\r\n\r\n".into(),
            "/newer" => "HTTP/1.1 308 Moved\r\nLocation: new\r\nContent-Length: 0\r\n\r\n".into(),
            "/new" => "HTTP/1.1 302 Found\r\nLocation: /today\r\nContent-Length: 0\r\n\r\n".into(),
            _ => page("", "Here."),
        };
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let came = fetch(&server.at("old")).unwrap();
    assert_eq!(came.url.path(), "/today");
    assert_eq!(came.moved.unwrap().path(), "/new");
    assert_eq!(came.body.as_deref(), Some(&b"Here."[..]));
}

#[test]
fn redirects_without_end_are_left() {
    let server = Server::new(|path, _, stream| {
        let answer = format!("HTTP/1.1 302 F\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let why = refused(&server.at("a"));
    assert!(why.contains("does not end"), "{why}");
    assert_eq!(server.asked().len(), 11);
}

#[test]
fn nothing_leads_to_another_kind_of_address() {
    for to in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:1",
        "data:,x",
    ] {
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        let why = refused(&Server::saying(answer).at("a"));
        assert!(why.contains("http:// or https://"), "{to}: {why}");
    }
    assert!(refused(&Request::typed("file:///etc/passwd".parse().unwrap())).contains("http://"));
}

#[test]
fn only_who_types_an_address_gets_into_a_private_network() {
    let server = Server::saying(page("", "At home."));
    assert!(fetch(&server.at("a")).is_ok());
    let followed = Request {
        typed: false,
        ..server.at("a")
    };
    assert!(matches!(fetch(&followed), Err(FetchError::Private(_))));
    // By its name as well, whatever that resolves to.
    let mut named = server.url.clone();
    named.set_host(Some("localhost")).unwrap();
    let named = Request {
        typed: false,
        ..Request::typed(named)
    };
    assert!(matches!(fetch(&named), Err(FetchError::Private(_))));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn secrets_stay_with_their_host() {
    let other = Server::saying(page("", "Elsewhere."));
    let to = other.url.clone();
    let server = Server::new(move |_, _, stream| {
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let mut request = server.at("a");
    request.url.set_username("jo%40x").unwrap();
    request.url.set_password(Some("secret")).unwrap();
    request.headers = vec![("Cookie".into(), "session=1".into())];
    fetch(&request).unwrap();
    let (first, second) = (&server.asked()[0], &other.asked()[0]);
    // "jo@x:secret", as RFC 7617 has it; lower case as all that was heard.
    let sent = "authorization: basic am9aedpzzwnyzxq=";
    assert!(first.iter().any(|it| it == sent), "{first:?}");
    assert!(
        first.iter().any(|it| it == "cookie: session=1"),
        "{first:?}"
    );
    assert!(
        !second
            .iter()
            .any(|it| it.starts_with("authorization") || it.starts_with("cookie")),
        "{second:?}"
    );
}

#[test]
fn a_refusal_says_what_it_means() {
    let why = |status: &str| {
        let answer = format!("HTTP/1.1 {status}\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
        fetch(&Server::saying(answer).at("a")).unwrap_err()
    };
    let busy = why("429 Too Many Requests");
    assert_eq!(
        busy.to_string(),
        "127.0.0.1 answered 429 (it was asked too often)"
    );
    assert!(busy.passes());
    match busy {
        FetchError::Status { wait, .. } => assert_eq!(wait, Some(Duration::from_secs(90))),
        other => panic!("{other}"),
    }
    let gone = why("410 Gone");
    assert!(gone.to_string().contains("gone for good"), "{gone}");
    assert!(!gone.passes());
}

#[test]
fn what_is_too_large_is_left() {
    let endless = Server::new(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    let why = refused(&endless.at("a"));
    assert!(why.contains("more than 1 MB"), "{why}");
    let body = bomb();
    let bomb = Server::new(move |_, _, stream| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body);
    });
    let why = refused(&bomb.at("a"));
    assert!(why.contains("more than 1 MB"), "{why}");
}

/// Many megabytes of zeros in a few kilobytes of gzip.
fn bomb() -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..8 {
        encoder.write_all(&[0; 1024 * 1024]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn who_falls_silent_is_not_waited_for() {
    let begun = Instant::now();
    let silent = Server::new(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
        let _ = stream.read(&mut [0; 1]);
    });
    assert_eq!(refused(&silent.at("a")), "127.0.0.1: it fell silent");
    let dumb = Server::new(|_, _, stream| {
        let _ = stream.read(&mut [0; 1]);
    });
    let why = refused(&dumb.at("a"));
    assert!(
        why.contains("did not answer in time") || why.contains("fell silent"),
        "{why}"
    );
    // A byte now and then keeps nobody for ever.
    let slow = Server::new(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    });
    assert_eq!(
        refused(&slow.at("a")),
        "127.0.0.1: it took too long to send this"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_ends_too_early_is_no_story() {
    let cut = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    let ended = "127.0.0.1: the connection ended before everything had come";
    assert_eq!(refused(&cut.at("a")), ended);
    let chunk = Server::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc");
    assert_eq!(refused(&chunk.at("a")), ended);
    let garbage = Server::saying("SSH-2.0-OpenSSH_9.2\r\n");
    let why = refused(&garbage.at("a"));
    assert!(why.contains("cannot be understood"), "{why}");
    let bad_gzip = Server::saying(page(
        "Content-Encoding: gzip\r\n",
        "no gzip at all, only letters",
    ));
    let why = refused(&bad_gzip.at("a"));
    assert!(why.contains("cannot be understood"), "{why}");
}

#[test]
fn nobody_there_is_said_so() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let request = Request::typed(format!("http://{closed}/").parse().unwrap());
    assert_eq!(refused(&request), "127.0.0.1: nobody answers there");
    let unknown = Request::typed("http://no-such-name.invalid/".parse().unwrap());
    let why = refused(&unknown);
    assert!(why.contains("no server has this name"), "{why}");
}

#[test]
fn what_is_not_wanted_any_more_is_given_up() {
    let server = Server::new(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let stop = Arc::new(AtomicBool::new(false));
    let (sees, request) = (Arc::clone(&stop), server.at("a"));
    let fetching = thread::spawn(move || quick().fetch(&request, &sees));
    while server.asked().is_empty() {
        thread::yield_now();
    }
    stop.store(true, Ordering::Relaxed);
    assert!(matches!(
        fetching.join().unwrap(),
        Err(FetchError::Cancelled)
    ));
}

/// A server with a certificate for `localhost` that vouches for itself: its address, and the certificate as
/// PEM.
fn own_vouched() -> (Request, String) {
    let key = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let lines = base64::engine::general_purpose::STANDARD.encode(key.cert.der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(
        vec![key.cert.der().clone()],
        key.signing_key.serialize_der().try_into().unwrap(),
    )
    .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut tls, &mut stream);
            let mut asked = [0; 1024];
            if tls.read(&mut asked).is_ok_and(|it| it > 0) {
                let _ = tls.write_all(page("", "behind a lock").as_bytes());
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    let request = Request::typed(format!("https://localhost:{port}/").parse().unwrap());
    (request, pem)
}

#[test]
fn a_server_is_believed_that_the_setting_vouches_for() {
    let (request, pem) = own_vouched();
    let way = Way {
        certificates: Some(pem.into_bytes()),
        ..Way::default()
    };
    let client = Client::by(Limits::default(), &way).unwrap();
    let fetched = client.fetch(&request, &AtomicBool::new(false)).unwrap();
    assert_eq!(fetched.body.unwrap(), b"behind a lock");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (request, _) = own_vouched();
    match fetch(&request).unwrap_err() {
        FetchError::Unreachable {
            cause: Unreachable::Unsafe(why),
            ..
        } => assert!(why.contains("nobody known here vouches"), "{why}"),
        other => panic!("{other}"),
    }
    // One that is trusted, and is for another name.
    let (request, pem) = own_vouched();
    let way = Way {
        certificates: Some(pem.into_bytes()),
        ..Way::default()
    };
    let client = Client::by(Limits::default(), &way).unwrap();
    let port = request.url.port().unwrap();
    let other = Request::typed(format!("https://127.0.0.1:{port}/").parse().unwrap());
    let told = client.fetch(&other, &AtomicBool::new(false)).unwrap_err();
    assert!(
        told.to_string()
            .contains("its certificate is for another name: localhost"),
        "{told}"
    );
}

/// What the program prints, and what it complains of.
fn run(arguments: &[&str]) -> (bool, String, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_recto"))
        .env_clear()
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    (output.status.success(), out, err)
}

#[test]
fn feeds_and_texts_are_shown_from_their_addresses() {
    let server = Server::new(|path, _, stream| {
        let feed = "<rss version='2.0'><channel><title>Harbour</title><item><title>First light</title>\
                    <link>/first</link><description>Words &lt;b&gt;here&lt;/b&gt;.</description></item>\
                    </channel></rss>";
        let answer = match path {
            "/feed" => page("Content-Type: text/html\r\n", feed),
            "/notes/tide.md" => page("", "# Tides\n\nSee [the moon](moon.md).\n"),
            "/page" => page(
                "Content-Type: text/html; charset=utf-8\r\n",
                "<p>A page à la carte",
            ),
            _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let at = |path: &str| server.url.join(path).unwrap().to_string();

    let (_, out, err) = run(&["inspect", &at("feed"), "--json"]);
    let entry: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(entry["title"], "First light", "{err}");
    assert_eq!(entry["url"], at("first"));
    assert_eq!(entry["markdown"], "Words **here**.");

    let (_, out, err) = run(&["show", &at("notes/tide.md"), "--format", "markdown"]);
    assert!(out.contains("title: \"Tides\""), "{out}{err}");
    assert!(
        out.contains(&format!("[the moon]({})", at("notes/moon.md"))),
        "{out}"
    );

    // Its server says that it is a page; it does not.
    let (done, out, err) = run(&["show", &at("page")]);
    assert!(done && out.contains("A page à la carte"), "{out}{err}");

    let (done, out, err) = run(&["show", &at("none")]);
    let why = "404 (there is nothing";
    assert!(!done && out.is_empty() && err.contains(why), "{out}{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}
