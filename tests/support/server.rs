//! An HTTP server on loopback that says what a test has it say.

#![allow(dead_code)] // Every file of tests uses another part of it.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use url::Url;

/// What a client sent: the first line and the headers, in lower case.
pub type Asked = Vec<String>;

/// A server on loopback; it ends with the test.
pub struct Server {
    pub url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each request by `answer`, which is told the path and what was asked.
    pub fn new(answer: impl Fn(&str, &Asked, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heard, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (heard, answer) = (Arc::clone(&heard), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let mut request = Asked::new();
                    while let Some(Ok(line)) = lines.next()
                        && !line.is_empty()
                    {
                        request.push(line.to_ascii_lowercase());
                    }
                    let Some(path) = request.first().and_then(|it| it.split(' ').nth(1)) else {
                        return;
                    };
                    let path = path.to_owned();
                    heard.lock().unwrap().push(request.clone());
                    answer(&path, &request, &mut stream);
                });
            }
        });
        Server {
            url: url.parse().unwrap(),
            asked,
        }
    }

    /// Answers everything with these bytes, and closes.
    pub fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Server::new(move |_, _, stream| stream.write_all(&answer).unwrap_or_default())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

pub fn page(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
}
