//! A program that runs beside the test and ends with it.

use std::{fs::File, io::Write, path::PathBuf, process::Stdio, time::Duration};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

use crate::support::deadline;

/// How long a program may take to end when asked, before it is killed.
const END_WITHIN: Duration = Duration::from_secs(10);

/// Where a program's lines go besides [`ChildProcess::lines`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    /// To standard error, which the test harness shows when a test fails.
    StandardError,
    /// To a file, behind what is there.
    File(PathBuf),
}

/// A running program. Dropping it kills it.
#[derive(Debug)]
pub struct ChildProcess {
    name: String,
    child: Child,
    lines: watch::Receiver<Vec<String>>,
}

impl ChildProcess {
    /// Starts `command` in a process group of its own, so that Ctrl-C reaches only the program that owns it. `name` is
    /// what messages call it.
    pub fn start(name: &str, command: &mut Command, log: &Log) -> anyhow::Result<Self> {
        Self::start_with_input(name, command, Stdio::null(), log)
    }

    /// The same with something to read.
    pub fn start_with_input(name: &str, command: &mut Command, input: Stdio, log: &Log) -> anyhow::Result<Self> {
        let (output, errors) = (LogWriter::open(name, log)?, LogWriter::open(name, log)?);
        let mut child = command
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let (sender, lines) = watch::channel(Vec::new());
        if let Some(stream) = child.stdout.take() {
            tokio::spawn(gather(stream, output, sender.clone()));
        }
        if let Some(stream) = child.stderr.take() {
            tokio::spawn(gather(stream, errors, sender));
        }
        Ok(Self { name: name.to_owned(), child, lines })
    }

    /// Every line that the program wrote, growing.
    pub fn lines(&self) -> watch::Receiver<Vec<String>> {
        self.lines.clone()
    }

    /// Waits for the first line in which `pick` finds something.
    pub async fn line<T>(&self, within: Duration, what: &str, pick: impl Fn(&str) -> Option<T>) -> anyhow::Result<T> {
        let found = |lines: &Vec<String>| lines.iter().find_map(|line| pick(line));
        let lines = deadline::until(&mut self.lines(), within, what, |lines| found(lines).is_some())
            .await
            .with_context(|| format!("reading the output of {}", self.name))?;
        found(&lines).with_context(|| format!("{} took its line back", self.name))
    }

    /// Waits until the program ended by itself, and returns its exit code.
    pub async fn ended(&mut self) -> anyhow::Result<i32> {
        let status = self.child.wait().await.with_context(|| format!("waiting for {}", self.name))?;
        Ok(status.code().unwrap_or(-1))
    }

    /// Asks the program to end (SIGTERM), and kills it when it takes too long.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = self.pid() {
            // It may have ended by itself in this moment.
            let _ = kill_process(pid, Signal::TERM);
        }
        if timeout(END_WITHIN, self.child.wait()).await.is_err() {
            self.child.kill().await.with_context(|| format!("killing {}", self.name))?;
        }
        Ok(())
    }

    /// Kills the program (SIGKILL), and returns when it is gone.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await.with_context(|| format!("killing {}", self.name))
    }

    /// Presses Ctrl-C (SIGINT), waits for the end, and returns the exit code.
    pub async fn interrupt(mut self) -> anyhow::Result<i32> {
        let pid = self.pid().with_context(|| format!("{} has ended already", self.name))?;
        kill_process(pid, Signal::INT).with_context(|| format!("interrupting {}", self.name))?;
        timeout(2 * END_WITHIN, self.ended()).await.with_context(|| format!("{} does not end", self.name))?
    }

    /// The process id, while the program runs.
    pub fn pid(&self) -> Option<Pid> {
        self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw)
    }
}

/// Writes lines where [`Log`] says.
enum LogWriter {
    StandardError(String),
    File(File),
}

impl LogWriter {
    fn open(name: &str, log: &Log) -> anyhow::Result<Self> {
        Ok(match log {
            Log::StandardError => Self::StandardError(name.to_owned()),
            Log::File(path) => {
                let file = File::options().create(true).append(true).open(path);
                Self::File(file.with_context(|| format!("opening {}", path.display()))?)
            }
        })
    }

    fn write(&mut self, line: &str) {
        match self {
            Self::StandardError(name) => eprintln!("[{name}] {line}"),
            // A full disk must not end the program that is watched.
            Self::File(file) => drop(writeln!(file, "{line}")),
        }
    }
}

async fn gather(stream: impl AsyncRead + Unpin, mut log: LogWriter, lines: watch::Sender<Vec<String>>) {
    let mut stream = BufReader::new(stream).lines();
    while let Ok(Some(line)) = stream.next_line().await {
        log.write(&line);
        lines.send_modify(|lines| lines.push(line));
    }
}
