//! A mail server on this computer that keeps what it is sent, and mails as their readers see them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use deskbell_server::config::MailConfig;
use mail_parser::{Message, MessageParser};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{
        Mutex,
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        watch,
    },
    task::{AbortHandle, JoinSet},
};

/// A mail server. For each mail that is offered, it does what is next in its list, and after that it takes everything.
pub(crate) struct MailServer {
    address: SocketAddr,
    /// Each mail that was offered as a whole.
    mails: UnboundedReceiver<Received>,
    state: Arc<State>,
    listening: AbortHandle,
}

/// What a mail server does with a mail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    /// Answers the end of the mail so.
    Answers(&'static str),
    /// Answers a command so; `""` is the greeting.
    AnswersTo(&'static str, &'static str),
    /// Waits for so long before it takes the mail.
    Waits(Duration),
    /// Dies as soon as it has the first line of the mail.
    DiesWithin,
    /// Has the whole mail, and dies before it can say so.
    DiesAfter,
}

/// What its conversations share.
struct State {
    sender: UnboundedSender<Received>,
    /// What it does, the next at the end.
    does: Mutex<Vec<Does>>,
    /// How many have come, and how many it lets all wait for.
    come: watch::Sender<usize>,
    busy_until: usize,
    conversations: Mutex<JoinSet<()>>,
}

impl MailServer {
    pub(crate) async fn start(answers: &[&'static str]) -> Self {
        Self::doing(1, answers.iter().copied().map(Does::Answers)).await
    }

    /// One that lets everybody wait until so many have come.
    pub(crate) async fn busy_until(connections: usize, answers: &[&'static str]) -> Self {
        Self::doing(connections, answers.iter().copied().map(Does::Answers)).await
    }

    /// One that does this, mail by mail.
    pub(crate) async fn that(does: &[Does]) -> Self {
        Self::doing(1, does.iter().copied()).await
    }

    async fn doing(busy_until: usize, does: impl DoubleEndedIterator<Item = Does>) -> Self {
        // An address of loopback of its own, so that nobody takes the port while it is stopped.
        let [one, two, ..] = *uuid::Uuid::new_v4().as_bytes();
        let address = SocketAddr::from(([127, 78, one, two.max(2)], 2525));
        let (sender, mails) = mpsc::unbounded_channel();
        let (does, come) = (Mutex::new(does.rev().collect()), watch::Sender::new(0));
        let state = Arc::new(State { sender, does, come, busy_until, conversations: Mutex::default() });
        let listening = listen(address, Arc::clone(&state)).await;
        Self { address, mails, state, listening }
    }

    /// Nobody reaches it any more; who talks with it is cut off.
    pub(crate) async fn stop(&self) {
        self.listening.abort();
        self.state.conversations.lock().await.shutdown().await;
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// It is there again.
    pub(crate) async fn start_again(&mut self) {
        self.listening = listen(self.address, Arc::clone(&self.state)).await;
    }

    /// The configuration of a server that sends here.
    pub(crate) fn config(&self) -> MailConfig {
        MailConfig { smtp: format!("smtp://{}", self.address), from: "help@northwind.example".into() }
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

    /// What came and was not looked at.
    pub(crate) fn next_if_any(&mut self) -> Option<Received> {
        self.mails.try_recv().ok()
    }

    /// What it does with the next mails.
    pub(crate) async fn does_next(&self, does: &[Does]) {
        self.state.does.lock().await.extend(does.iter().rev());
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
    /// Whether each line ended with CRLF, and no CR or LF stood elsewhere (RFC 5322 §2.3).
    pub has_plain_lines: bool,
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

async fn listen(address: SocketAddr, state: Arc<State>) -> AbortHandle {
    let listener = TcpListener::bind(address).await.expect("the port is free");
    let listening = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            state.come.send_modify(|come| *come += 1);
            let (mut come, conversation) = (state.come.subscribe(), Arc::clone(&state));
            state.conversations.lock().await.spawn(async move {
                come.wait_for(|come| *come >= conversation.busy_until).await.ok();
                converse(stream, &conversation).await.ok();
            });
        }
    });
    listening.abort_handle()
}

/// One conversation (RFC 5321 §3.1 to §3.3).
async fn converse(stream: TcpStream, state: &State) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut reader = BufReader::new(read);
    let mut recipient = String::new();
    if say(&mut write, state, "", "220 mail.example").await? {
        return Ok(());
    }
    while let Some((line, _)) = next_line(&mut reader).await? {
        let command = line.split([' ', ':']).next().unwrap_or_default().to_owned();
        let answer = match command.as_str() {
            "RCPT" => {
                recipient = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                "250 Good"
            }
            "DATA" => "354 Go on",
            "QUIT" => "221 Bye",
            _ => "250 Good",
        };
        let was_refused = say(&mut write, state, &command, answer).await?;
        if command != "DATA" || was_refused {
            continue;
        }
        let does = state.does.lock().await.pop();
        if let Some(Does::DiesWithin) = does {
            next_line(&mut reader).await?;
            return Ok(());
        }
        let (mut source, mut has_plain_lines) = (String::new(), true);
        while let Some((line, is_plain)) = next_line(&mut reader).await?.filter(|(line, _)| line != ".") {
            // A line that begins with a dot has one more on its way (RFC 5321 §4.5.2).
            source.push_str(line.strip_prefix('.').unwrap_or(&line));
            source.push('\n');
            has_plain_lines &= is_plain;
        }
        state.sender.send(Received { recipient: recipient.clone(), source, has_plain_lines }).ok();
        let end = match does {
            Some(Does::DiesAfter) => return Ok(()),
            Some(Does::Waits(time)) => {
                tokio::time::sleep(time).await;
                "250 Taken"
            }
            Some(Does::Answers(answer)) => answer,
            Some(Does::AnswersTo(..) | Does::DiesWithin) | None => "250 Taken",
        };
        write.write_all(format!("{end}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// Answers a command, in the way that is next for it; `true`: so that nothing comes of the mail.
async fn say(write: &mut OwnedWriteHalf, state: &State, command: &str, usual: &str) -> std::io::Result<bool> {
    let mut does = state.does.lock().await;
    let other = match does.last() {
        Some(Does::AnswersTo(to, answer)) if *to == command => Some(*answer),
        _ => None,
    };
    if other.is_some() {
        does.pop();
    }
    write.write_all(format!("{}\r\n", other.unwrap_or(usual)).as_bytes()).await?;
    Ok(other.is_some())
}

/// The next line without its end, and whether that was CRLF, with neither of the two elsewhere.
async fn next_line(reader: &mut BufReader<OwnedReadHalf>) -> std::io::Result<Option<(String, bool)>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line).into_owned();
    let text = line.strip_suffix("\r\n");
    let is_plain = text.is_some_and(|text| !text.contains('\r'));
    Ok(Some((line.trim_end_matches(['\r', '\n']).to_owned(), is_plain)))
}
