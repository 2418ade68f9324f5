//! A mail that is filled in: paragraphs, from which both of its parts are made.

use std::borrow::Cow;

use crate::domain::{language::Language, plain_line::plain_line};

/// The longest subject, in characters.
const MAX_SUBJECT: usize = 250;

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// In which its words are.
    pub language: Language,
    /// In one line, whatever was filled in (S13).
    pub subject: String,
    /// None of them is empty.
    pub paragraphs: Vec<Paragraph>,
}

/// Lines that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph(pub Vec<Line>);

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// An address that leads where it says.
    Link(String),
    /// Words that lead to an address.
    Labeled {
        /// The words.
        label: String,
        /// Where they lead.
        address: String,
    },
}

impl Letter {
    /// Of lines, where blank ones are between paragraphs.
    pub(super) fn new(language: Language, subject: &str, lines: impl IntoIterator<Item = Line>) -> Self {
        let mut paragraphs = vec![Paragraph::default()];
        for line in lines {
            match paragraphs.last_mut() {
                Some(last) if !line.is_blank() => last.0.push(line),
                Some(last) if last.0.is_empty() => {}
                Some(_) | None => paragraphs.push(Paragraph::default()),
            }
        }
        paragraphs.retain(|paragraph| !paragraph.0.is_empty());
        Self { language, subject: plain_line(subject).chars().take(MAX_SUBJECT).collect(), paragraphs }
    }

    /// As plain text.
    pub fn text(&self) -> String {
        let paragraphs = self.paragraphs.iter().map(|paragraph| {
            let lines = paragraph.0.iter().map(|line| line.0.iter().map(Piece::text).collect::<String>() + "\n");
            lines.collect::<String>()
        });
        paragraphs.collect::<Vec<_>>().join("\n")
    }
}

impl Line {
    fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| match piece {
            Piece::Text(text) | Piece::Link(text) | Piece::Labeled { address: text, .. } => text.trim().is_empty(),
        })
    }

    /// The lines that it is where its texts have line breaks; other control characters are left out.
    pub(super) fn broken(self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for piece in self.0 {
            match piece {
                Piece::Link(address) => push(&mut lines, Piece::Link(plain_line(&address))),
                labeled @ Piece::Labeled { .. } => push(&mut lines, labeled),
                Piece::Text(text) => {
                    for (index, part) in text.split('\n').enumerate() {
                        if index > 0 {
                            lines.push(Self::default());
                        }
                        let part = part.chars().filter(|c| !c.is_control() || *c == '\t').collect();
                        push(&mut lines, Piece::Text(part));
                    }
                }
            }
        }
        lines
    }
}

impl Piece {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Link(text) => Cow::Borrowed(text),
            Self::Labeled { label, address } => Cow::Owned(format!("{label}: {address}")),
        }
    }
}

fn push(lines: &mut [Line], piece: Piece) {
    if let Some(last) = lines.last_mut() {
        last.0.push(piece);
    }
}
