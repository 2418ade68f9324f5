//! A mail for the outbox, from a letter: its parts in plain text and HTML.

use askama::Template;

use crate::{
    app::App,
    domain::{
        delivery::DeliveryState,
        ids::{MailId, TicketId},
        mail_template::{Letter, MailTemplateKey, Piece},
    },
    store::Mail,
};

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterPage<'a> {
    letter: &'a Letter,
}

/// The mail that brings `letter` to `recipient`.
pub fn outgoing(
    app: &App,
    key: MailTemplateKey,
    recipient: &str,
    ticket_id: Option<TicketId>,
    letter: &Letter,
) -> Mail {
    let now = app.now();
    Mail {
        id: MailId(app.new_id()),
        ticket_id,
        template: Some(key),
        language: Some(letter.language),
        recipient: recipient.to_owned(),
        subject: letter.subject.clone(),
        body: letter.text(),
        html: Some(html(letter)),
        secret: None,
        state: DeliveryState::Waiting,
        attempts: 0,
        queued_at: now,
        due_at: now,
        answer: String::new(),
        created_at: now,
        ended_at: None,
    }
}

/// A letter as an HTML page: paragraphs, line breaks and links, everything else escaped.
pub(crate) fn html(letter: &Letter) -> String {
    let page = LetterPage { letter };
    page.render().expect("a template that is filled with texts")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scraper::{Html, Selector};

    use super::*;
    use crate::domain::{language::Language, mail_template::TemplateText};

    fn letter(body: &str, value: &str) -> Letter {
        let text = TemplateText { subject: "x".into(), body: body.into() };
        text.parse(MailTemplateKey::TicketComment)
            .expect("a template")
            .fill(Language::German, "Online Profile", |_| value.to_owned())
    }

    #[test]
    fn paragraphs_lines_and_links_are_all_there_is() {
        let letter = letter("See https://a.example/?b&c.\n\n{{comment}}", "<b>1</b>\n2");
        insta::assert_snapshot!(html(&letter));
    }

    proptest! {
        /// Whatever is filled in stands there as text: no element comes of it.
        #[test]
        fn a_value_makes_no_element(value in "(?s).{0,60}|[a-z<>/\"'&;! \n=-]{0,60}|<(a href=\"x\"|script|!--|img)>[a-z]*") {
            let letter = letter("{{comment}}", &value);
            let page = Html::parse_document(&html(&letter));
            let all = Selector::parse("body *").expect("a selector");
            prop_assert!(page.select(&all).all(|element| ["p", "br"].contains(&element.value().name())));
            let shown: String = page.select(&Selector::parse("p").expect("a selector")).flat_map(|p| p.text()).collect();
            let words = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(words(&shown), words(&letter.text()));
        }
    }
}
