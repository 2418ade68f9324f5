//! A mail server on this computer that keeps what it is sent, and mails as their readers see them.

use std::{sync::Arc, time::Duration};

use deskbell_server::config::MailConfig;
use mail_parser::{Message, MessageParser};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::{
        Mutex,
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        watch,
    },
};

/// A mail server that answers the end of each mail with the next of its answers, and then with 250.
pub(crate) struct MailServer {
    url: String,
    /// Each mail that was offered.
    mails: UnboundedReceiver<Received>,
}

impl MailServer {
    pub(crate) async fn start(answers: &[&'static str]) -> Self {
        Self::busy_until(1, answers).await
    }

    /// One that lets everybody wait until so many have come.
    pub(crate) async fn busy_until(connections: usize, answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let (sender, mails) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(answers.iter().rev().copied().collect::<Vec<_>>()));
        let come = watch::Sender::new(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                come.send_modify(|come| *come += 1);
                let (sender, answers, mut come) = (sender.clone(), Arc::clone(&answers), come.subscribe());
                tokio::spawn(async move {
                    come.wait_for(|come| *come >= connections).await.ok();
                    converse(stream, sender, answers).await
                });
            }
        });
        Self { url, mails }
    }

    /// The configuration of a server that sends here.
    pub(crate) fn config(&self) -> MailConfig {
        MailConfig { smtp: self.url.clone(), from: "help@northwind.example".into() }
    }

    pub(crate) async fn next(&mut self) -> Received {
        let next = tokio::time::timeout(Duration::from_secs(20), self.mails.recv()).await;
        next.expect("a mail comes").expect("the mail server runs")
    }

    /// The next mail to this address; those to others are passed over.
    pub(crate) async fn next_to(&mut self, recipient: &str) -> Received {
        loop {
            let next = self.next().await;
            if next.recipient == recipient {
                return next;
            }
        }
    }

    pub(crate) fn has_nothing_more(&mut self) -> bool {
        self.mails.try_recv().is_err()
    }
}

/// A mail as it came over the network.
#[derive(Debug)]
pub(crate) struct Received {
    /// The envelope's.
    pub recipient: String,
    /// Head and body, lines ended by `\n`.
    pub source: String,
}

impl Received {
    fn message(&self) -> Message<'_> {
        MessageParser::default().parse(&self.source).expect("a mail")
    }

    /// A header as it stands in the source; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> String {
        self.message().header_raw(name).unwrap_or_default().trim().to_owned()
    }

    pub(crate) fn subject(&self) -> String {
        self.message().subject().unwrap_or_default().to_owned()
    }

    /// The plain part.
    pub(crate) fn text(&self) -> String {
        self.message().body_text(0).expect("a plain part").replace("\r\n", "\n")
    }

    /// What stands in the plain part after `before`, in the first line that begins so. Of a link, after our own origin: its path.
    pub(crate) fn after(&self, before: &str) -> String {
        let text = self.text();
        let mut lines = text.lines().filter_map(|line| line.strip_prefix(before));
        lines.next().unwrap_or_else(|| panic!("no {before:?} in {text}")).to_owned()
    }

    /// The HTML part.
    pub(crate) fn html(&self) -> String {
        self.message().body_html(0).expect("an HTML part").replace("\r\n", "\n")
    }
}

/// One conversation (RFC 5321 §3.1 to §3.3).
async fn converse(
    stream: TcpStream,
    mails: UnboundedSender<Received>,
    answers: Arc<Mutex<Vec<&'static str>>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" => {
                recipient = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                "250 Good"
            }
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    // A line that begins with a dot has one more on its way (RFC 5321 §4.5.2).
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                mails.send(Received { recipient: recipient.clone(), source: text }).ok();
                answers.lock().await.pop().unwrap_or("250 Taken")
            }
            "QUIT" => "221 Bye",
            _ => "250 Good",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
