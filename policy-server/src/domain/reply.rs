//! Answers to our mails: how one says which ticket it is about, and what of it its sender wrote.

/// Begins the line above which an answer is written, in any language.
pub const MARK_BEGIN: &str = "##-";
/// Ends it.
pub const MARK_END: &str = "-##";
/// How many bytes a proof has: 128 bits, which nobody guesses (S6).
pub const PROOF_BYTES: usize = 16;
/// How long what introduces a quotation can be, in lines.
const INTRODUCTION_LINES: usize = 6;

/// What an answer names: a ticket, and the proof that we asked for the answer. The number alone is worth nothing (S12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyTag {
    /// The ticket's number.
    pub number: i64,
    /// What the server's key made of ticket and recipient.
    pub proof: [u8; PROOF_BYTES],
}

impl ReplyTag {
    /// As it stands in addresses and message ids: `1001.` and 32 hexadecimal digits.
    pub fn text(&self) -> String {
        format!("{}.{:032x}", self.number, u128::from_be_bytes(self.proof))
    }

    /// Of the text that it was written as. Mail servers may change capital and small letters.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, digits) = text.split_once('.')?;
        if number.is_empty() || number.len() > 15 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if digits.len() != 2 * PROOF_BYTES || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut proof = [0; PROOF_BYTES];
        for (byte, place) in proof.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(digits.get(place..place + 2)?, 16).ok()?;
        }
        Some(Self { number: number.parse().ok()?, proof })
    }

    /// Of an address that answers go to: `help+TAG@msp.example`.
    pub fn of_address(address: &str) -> Option<Self> {
        let (local, _) = address.rsplit_once('@')?;
        Self::parse(local.rsplit_once('+')?.1)
    }

    /// Of the id of a mail of ours: `MAIL.TAG@msp.example`.
    pub fn of_message_id(id: &str) -> Option<Self> {
        let (left, _) = id.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
        Self::parse(left.split_once('.')?.1)
    }

    /// The address that answers go to.
    pub fn address(&self, base: &str) -> String {
        base.rsplit_once('@').map_or_else(String::new, |(local, domain)| format!("{local}+{}@{domain}", self.text()))
    }
}

/// What the sender of an answer wrote: all above the mark, or else above what is quoted at the end. Where nothing would be
/// left, all of it.
pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    // Whoever quotes it may break the line.
    let ends = |at: usize| lines[at..].iter().take(3).any(|line| line.contains(MARK_END));
    let mark = (0..lines.len()).find(|at| lines[*at].contains(MARK_BEGIN) && ends(*at));
    let own = match mark {
        Some(mark) => above_quotation(&lines[..mark]),
        None if lines.iter().rev().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line)) => {
            above_quotation(&lines)
        }
        None => &lines[..],
    };
    let own = own.join("\n");
    if own.trim().is_empty() { text.trim().to_owned() } else { own.trim().to_owned() }
}

/// Without quoted lines at the end and the lines that introduce them, such as "On Monday, Northwind wrote:".
fn above_quotation<'a>(lines: &'a [&'a str]) -> &'a [&'a str] {
    let mut end = lines.len();
    while end > 0 && (lines[end - 1].trim().is_empty() || is_quoted(lines[end - 1])) {
        end -= 1;
    }
    let begin = lines[..end].iter().rposition(|line| line.trim().is_empty()).map_or(0, |blank| blank + 1);
    let introduces = lines[..end].last().is_some_and(|line| line.trim_end().ends_with(':'));
    let names_us = lines[begin..end]
        .iter()
        .any(|line| line.split(['<', '>', ' ', ':']).any(|word| ReplyTag::of_address(word).is_some()));
    if (introduces || names_us) && end - begin <= INTRODUCTION_LINES { &lines[..begin] } else { &lines[..end] }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TAG: &str = "1001.00112233445566778899aabbccddeeff";

    #[test]
    fn a_tag_is_read_where_we_wrote_it_and_nowhere_else() {
        let tag = ReplyTag::parse(TAG).expect("a tag");
        assert_eq!((tag.number, tag.text().as_str()), (1001, TAG));
        let address = tag.address("help@msp.example");
        assert_eq!(address, format!("help+{TAG}@msp.example"));
        assert_eq!(ReplyTag::of_address(&address.to_uppercase()), Some(tag.clone()));
        let id = format!("<0190a3c4-0000-7000-8000-000000000000.{TAG}@msp.example>");
        assert_eq!(ReplyTag::of_message_id(&id), Some(tag));
        for other in ["help@msp.example", "help+1001@msp.example", "help+1001.ff@msp.example", "+-1.@x", "@", ""] {
            assert_eq!(ReplyTag::of_address(other), None, "{other}");
            assert_eq!(ReplyTag::of_message_id(other), None, "{other}");
        }
    }

    #[test]
    fn what_stands_below_the_mark_is_not_the_senders() {
        let marked = format!(
            "Still on fire.\r\n\r\nOn Mon, Northwind IT <help+{TAG}@msp.example>\r\nwrote:\r\n\r\n> ##- Please write above this line. -##\r\n> Hello Jane"
        );
        assert_eq!(own_words(&marked), "Still on fire.");
        let outlook = format!(
            "Yes.\nJane\n\nFrom: Northwind IT <help+{TAG}@msp.example>\nSent: Monday\nSubject: [1001] Printer\n\n##- Please write above this line. -##\nHello Jane"
        );
        assert_eq!(own_words(&outlook), "Yes.\nJane");
        assert_eq!(own_words("Yes:\n\n- one\n- two"), "Yes:\n\n- one\n- two");
        assert_eq!(own_words("> not quoted at the end\nYes"), "> not quoted at the end\nYes");
        assert_eq!(own_words("Yes\n\nOn Monday, you wrote:\n> Hello\n> Jane\n"), "Yes");
        assert_eq!(
            own_words("##- Please write above this line. -##\nI wrote below."),
            "##- Please write above this line. -##\nI wrote below."
        );
    }

    proptest! {
        #[test]
        fn something_is_always_left(text in "(?s)[a-z>:#\\- \n]{1,200}|.{1,80}") {
            prop_assert_eq!(own_words(&text).is_empty(), text.trim().is_empty());
        }

        #[test]
        fn nothing_makes_a_tag_but_a_tag(text in "[0-9a-f.+@<>]{0,60}") {
            if let Some(tag) = ReplyTag::parse(&text) {
                prop_assert_eq!(ReplyTag::parse(&tag.text()), Some(tag));
            }
        }
    }
}
