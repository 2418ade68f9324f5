//! A policy server that says what a test tells it to, and hands each request to the test.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A request and the way to answer it.
pub(crate) struct Request {
    /// Such as `GET /agent/v1/policy`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    /// What was posted.
    pub(crate) body: String,
    stream: Arc<TcpStream>,
}

/// A server on a port of its own.
pub(crate) struct PolicyServer {
    address: SocketAddr,
    requests: Receiver<Request>,
}

impl PolicyServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), sender) = (stream, sender.clone()) else { return };
                thread::spawn(move || {
                    let stream = Arc::new(stream);
                    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
                    while let Ok(request) = read_request(&mut reader, &stream) {
                        if sender.send(request).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The next request that is no report.
    pub(crate) fn any(&self) -> Request {
        loop {
            let request = self.requests.recv_timeout(PATIENCE).expect("a request");
            if request.line != "POST /agent/v1/report" {
                return request;
            }
            request.answer(204, "", "");
        }
    }

    /// The next request that begins with `line`, such as `GET /agent/v1/policy`. Reports that come before it are taken;
    /// anything else before it is a failure.
    pub(crate) fn next(&self, line: &str) -> Request {
        loop {
            let request = self.requests.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {line} came"));
            if request.line == line {
                return request;
            }
            assert_eq!(request.line, "POST /agent/v1/report", "came before {line}");
            request.answer(204, "", "");
        }
    }
}

impl Request {
    /// The value of a header, by its lowercase name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Answers with `headers` (each `name: value\r\n`) and `body`.
    pub(crate) fn answer(&self, status: u16, headers: &str, body: &str) {
        let length =
            if status == 204 || status == 304 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        let answer = format!("HTTP/1.1 {status} x\r\n{headers}{length}\r\n{body}");
        let _ = (&*self.stream).write_all(answer.as_bytes());
    }

    pub(crate) fn json(&self, status: u16, body: &serde_json::Value) {
        self.answer(status, "content-type: application/json\r\netag: \"1\"\r\n", &body.to_string());
    }

    /// Answers with a problem document.
    pub(crate) fn problem(&self, status: u16, kind: &str) {
        let body = serde_json::json!({
            "type": format!("urn:deskbell:problem:{kind}"), "title": kind, "status": status, "detail": format!("It is {kind}."),
        });
        self.answer(status, "content-type: application/problem+json\r\n", &body.to_string());
    }

    /// Ends the connection without an answer.
    pub(crate) fn cut(&self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

fn read_request(reader: &mut BufReader<TcpStream>, stream: &Arc<TcpStream>) -> io::Result<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: Vec<_> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
    let body = String::from_utf8(body).expect("text");
    Ok(Request { line, headers, body, stream: Arc::clone(stream) })
}
