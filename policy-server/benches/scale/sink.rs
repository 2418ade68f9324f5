//! Rows on their way into a database, through its own program.

use std::{
    io::{BufWriter, Write},
    process::{Child, ChildStdin, Stdio},
};

use anyhow::{Context as _, ensure};
use uuid::Uuid;

use crate::database::{Database, Kind};

/// Rows of one statement for SQLite.
const AT_ONCE: usize = 200;

pub(crate) enum Value<'a> {
    Null,
    Id(Uuid),
    Text(&'a str),
    Number(i64),
}

pub(crate) struct Sink {
    kind: Kind,
    process: Child,
    out: BufWriter<ChildStdin>,
    into: String,
    rows: usize,
}

impl Sink {
    pub(crate) fn open(database: &Database) -> anyhow::Result<Self> {
        let mut process = database.program().stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let out = BufWriter::with_capacity(1 << 20, process.stdin.take().context("piped")?);
        let mut sink = Self { kind: database.kind, process, out, into: String::new(), rows: 0 };
        sink.say(match sink.kind {
            Kind::Sqlite => {
                "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -1000000; BEGIN;"
            }
            // Neither foreign keys are checked nor triggers run.
            Kind::Postgres => "BEGIN; SET session_replication_role = replica; SET synchronous_commit = off;",
        })?;
        Ok(sink)
    }

    /// The rows that follow are of this table.
    pub(crate) fn table(&mut self, name: &str, columns: &str) -> anyhow::Result<()> {
        self.end_table()?;
        match self.kind {
            Kind::Sqlite => self.into = format!("INSERT INTO {name} ({columns}) VALUES"),
            Kind::Postgres => {
                self.into = "COPY".into();
                self.say(&format!("COPY {name} ({columns}) FROM STDIN;"))?;
            }
        }
        self.rows = 0;
        Ok(())
    }

    pub(crate) fn row(&mut self, values: &[Value<'_>]) -> anyhow::Result<()> {
        let mut line = String::with_capacity(512);
        if self.kind == Kind::Sqlite {
            line.push_str(match self.rows % AT_ONCE {
                0 if self.rows == 0 => &self.into,
                0 => ";\n",
                _ => ",",
            });
            if self.rows.is_multiple_of(AT_ONCE) && self.rows > 0 {
                line.push_str(&self.into);
            }
            line.push('(');
        }
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                line.push(if self.kind == Kind::Sqlite { ',' } else { '\t' });
            }
            match self.kind {
                Kind::Sqlite => literal(&mut line, value),
                Kind::Postgres => field(&mut line, value),
            }
        }
        line.push_str(if self.kind == Kind::Sqlite { ")" } else { "\n" });
        self.rows += 1;
        Ok(self.out.write_all(line.as_bytes())?)
    }

    /// A statement between tables.
    pub(crate) fn statement(&mut self, sql: &str) -> anyhow::Result<()> {
        self.end_table()?;
        self.say(sql)
    }

    pub(crate) fn close(mut self) -> anyhow::Result<()> {
        self.end_table()?;
        self.say("COMMIT;")?;
        if self.kind == Kind::Postgres {
            self.say("VACUUM ANALYZE;")?;
        }
        drop(self.out);
        ensure!(self.process.wait()?.success(), "the database did not take the rows");
        Ok(())
    }

    fn end_table(&mut self) -> anyhow::Result<()> {
        if self.into.is_empty() {
            return Ok(());
        }
        self.into.clear();
        self.say(match self.kind {
            Kind::Sqlite if self.rows == 0 => "",
            Kind::Sqlite => ";",
            Kind::Postgres => "\\.",
        })
    }

    fn say(&mut self, line: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.out, "{line}")?)
    }
}

/// As SQL of SQLite.
fn literal(line: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => line.push_str("NULL"),
        Value::Id(id) => line.extend(["X'", &id.simple().to_string(), "'"]),
        Value::Text(text) => {
            line.push('\'');
            line.push_str(&text.replace('\'', "''"));
            line.push('\'');
        }
        Value::Number(number) => line.push_str(&number.to_string()),
    }
}

/// As PostgreSQL's COPY reads it.
fn field(line: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => line.push_str("\\N"),
        Value::Id(id) => line.push_str(&id.to_string()),
        Value::Text(text) => {
            line.push_str(&text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r"));
        }
        Value::Number(number) => line.push_str(&number.to_string()),
    }
}
