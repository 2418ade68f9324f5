//! A mail server that keeps what it is sent, for tests in which somebody reads their mail.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::Context;
use mail_parser::MessageParser;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::timeout,
};

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everybody's mailbox. Ends with its owner.
pub struct Mailbox {
    /// Where mail goes, as `mail.smtp` names it.
    pub smtp: String,
    mails: UnboundedReceiver<(String, String)>,
}

impl Mailbox {
    /// Begins to take mail, at a free port of loopback.
    pub async fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("opening a mailbox")?;
        let smtp = format!("smtp://{}", listener.local_addr()?);
        let (sender, mails) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, sender.clone()));
            }
        });
        Ok(Self { smtp, mails })
    }

    /// The link in the next mail to `recipient`: the first word of its plain part that begins with `origin`.
    pub async fn link_to(&mut self, recipient: &str, origin: &str) -> anyhow::Result<String> {
        loop {
            let next = timeout(PATIENCE, self.mails.recv()).await.context("no mail comes")?;
            let (to, source) = next.context("the mailbox is closed")?;
            if to != recipient {
                continue;
            }
            let mail = MessageParser::default().parse(&source).context("no mail")?;
            let text = mail.body_text(0).context("no plain part")?.into_owned();
            let link = text.split_whitespace().find(|word| word.starts_with(origin));
            return link.map(str::to_owned).with_context(|| format!("no link in {text}"));
        }
    }
}

/// One conversation (RFC 5321 §3.1 to §3.3).
async fn take(stream: TcpStream, mails: UnboundedSender<(String, String)>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mailbox\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer: &[u8] = match line.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" => {
                line.trim_start_matches("RCPT TO:<").trim_end_matches('>').clone_into(&mut recipient);
                b"250 Good\r\n"
            }
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await?;
                let mut source = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    source.push_str(line.strip_prefix('.').unwrap_or(&line));
                    source.push('\n');
                }
                mails.send((recipient.clone(), source)).ok();
                b"250 Taken\r\n"
            }
            "QUIT" => b"221 Bye\r\n",
            _ => b"250 Good\r\n",
        };
        write.write_all(answer).await?;
    }
    Ok(())
}
