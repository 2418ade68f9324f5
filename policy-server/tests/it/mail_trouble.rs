//! A mail server that is stopped, slow, refuses or dies: each mail arrives, and comes again only where the answer was lost.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use deskbell_server::clock::{Clock as _, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    mail_server::{
        Does::{Answers, AnswersTo, DiesAfter, DiesWithin, Waits},
        MailServer, Received,
    },
    staff_members::member,
    world::Msp,
};

const DESK: &str = "desk@northwind.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": DESK})).await;
    msp
}

fn all(state: &'static str) -> impl Fn(&Value) -> bool {
    move |list| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == state)
}

fn attempts(list: &Value) -> Vec<i64> {
    list["items"].as_array().expect("a list").iter().map(|mail| mail["attempts"].as_i64().expect("a number")).collect()
}

/// Waits until each mail has been tried and failed, lets the time of the next try come, and has the server look.
async fn try_again(msp: &Msp, ticket: &str) {
    let failed = |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["answer"] != "");
    msp.world.once("/mails", failed).await;
    msp.world.clock.advance(Duration::from_hours(13));
    wake(msp, ticket).await;
}

/// Any change of a ticket has the outbox looked at.
async fn wake(msp: &Msp, ticket: &str) {
    msp.world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"status": "open"})).await;
}

#[tokio::test]
async fn what_is_written_while_the_mail_server_is_away_arrives_when_it_is_back() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    server.stop().await;
    send_ticket(&msp, &[("description", "one")]).await;
    send_ticket(&msp, &[("description", "two")]).await;
    let ticket = send_ticket(&msp, &[("description", "three")]).await;
    let away =
        |list: &Value| attempts(list) == [1, 1, 1] && list["items"].to_string().matches("onnection").count() >= 3;
    let list = msp.world.once("/mails", away).await;
    assert!(all("waiting")(&list), "{list}");
    server.start_again().await;
    try_again(&msp, &ticket).await;
    let mut subjects = BTreeSet::new();
    for _ in 0..3 {
        subjects.insert(server.next().await.subject());
    }
    let tickets = ["[1001] Contoso: one", "[1002] Contoso: two", "[1003] Contoso: three"];
    assert_eq!(subjects, tickets.map(str::to_owned).into());
    msp.world.once("/mails", all("delivered")).await;
    assert!(server.has_nothing_more());
}

/// A server that answers late is waited for; what it has answered is not sent again.
#[tokio::test]
async fn a_slow_mail_server_gets_each_mail_once() {
    let slow = [Waits(Duration::from_secs(3)), Waits(Duration::from_secs(1))];
    let mut server = MailServer::that(&slow).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "one")]).await;
    send_ticket(&msp, &[("description", "two")]).await;
    let ids = [server.next().await, server.next().await].map(|mail| mail.header("Message-ID"));
    let list = msp.world.once("/mails", all("delivered")).await;
    assert_eq!(attempts(&list), [1, 1]);
    assert!(ids[0] != ids[1] && server.has_nothing_more());
}

/// One that never answers is given up after a minute: its answer is lost, so the same mail comes once more.
#[tokio::test]
async fn a_mail_server_that_never_answers_is_not_waited_for_without_end() {
    let mut server = MailServer::that(&[Waits(Duration::from_hours(1))]).await;
    let msp = msp(&server).await;
    let ticket = send_ticket(&msp, &[("description", "one")]).await;
    let first = server.next().await;
    tokio::time::sleep(Duration::from_secs(50)).await;
    try_again(&msp, &ticket).await;
    assert_eq!(server.next().await.source, first.source);
    msp.world.once("/mails", all("delivered")).await;
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_and_one_for_good_is_shown_at_whatever_step_it_comes() {
    let later = [
        AnswersTo("", "421 Too busy"),
        AnswersTo("MAIL", "451 Later"),
        AnswersTo("RCPT", "450 Mailbox busy"),
        AnswersTo("DATA", "452 Disk full"),
        Answers("451 Greylisted"),
        // Its own password is wrong: that is nothing about the mail.
        AnswersTo("MAIL", "530 5.7.0 Authentication required"),
    ];
    let mut server = MailServer::that(&later).await;
    let msp = msp(&server).await;
    let ticket = send_ticket(&msp, &[("description", "one")]).await;
    let mut pauses = Vec::new();
    for (tries, does) in (1..).zip(later) {
        let (AnswersTo(_, answer) | Answers(answer)) = does else { unreachable!("it answers") };
        let tried = move |list: &Value| {
            let mail = list["items"].as_array().expect("a list").last().expect("a mail").clone();
            mail["attempts"] == tries && mail["answer"].as_str().is_some_and(|said| said.contains(&answer[..3]))
        };
        let list = msp.world.once("/mails", tried).await;
        let mail = list["items"].as_array().expect("a list").last().expect("a mail").clone();
        assert_eq!(mail["state"], "waiting", "{does:?}: {mail}");
        let due = mail["due_at"].as_i64().expect("a time");
        let pause = u64::try_from(due - msp.world.clock.now()).expect("later");
        pauses.push(pause);
        msp.world.clock.advance(Duration::from_millis(pause));
        wake(&msp, &ticket).await;
    }
    assert!(pauses.windows(2).all(|pair| pair[1] > pair[0]), "each pause is longer than the one before: {pauses:?}");
    msp.world.once("/mails", all("delivered")).await;
    let offered = [server.next().await, server.next().await];
    assert_eq!(offered[0].source, offered[1].source, "refused at its end, and taken");
    assert!(server.has_nothing_more());

    for does in [AnswersTo("RCPT", "550 No such person"), AnswersTo("MAIL", "553 Not you"), Answers("554 Spam")] {
        server.does_next(&[does]).await;
        send_ticket(&msp, &[("description", "two")]).await;
        let given_up = msp.world.once("/mails", |list| list["items"][0]["state"] == "given_up").await;
        let (AnswersTo(_, answer) | Answers(answer)) = does else { unreachable!("it answers") };
        let shown = given_up["items"][0]["answer"].as_str().expect("text").to_owned();
        assert!(shown.contains(&answer[4..]), "{shown}");
        let (_, boss) = member(&msp.world, &format!("{}@msp.example", &answer[..3]), "administrator").await;
        let page =
            boss.get(&format!("/console/settings/mail/{}", given_up["items"][0]["id"].as_str().expect("an id"))).await;
        assert!(page.status == StatusCode::OK && page.html.contains(&answer[4..]), "{}", page.html);
        assert!(boss.get("/console/settings/mail").await.html.contains("Given up"));
    }
}

/// Killed within a mail, nothing was taken, and it comes once; killed before the answer, it comes again as it was, under the
/// same Message-ID.
#[tokio::test]
async fn only_a_mail_whose_answer_was_lost_comes_twice() {
    let does = [DiesWithin, DiesAfter, Answers("250 Taken"), DiesAfter, DiesWithin, Answers("250 Taken")];
    let mut server = MailServer::that(&does).await;
    let msp = msp(&server).await;
    let mut ticket = String::new();
    for description in ["one", "two", "three", "four", "five", "six"] {
        ticket = send_ticket(&msp, &[("description", description)]).await;
    }
    let tried = |list: &Value| attempts(list).iter().all(|attempts| *attempts >= 1) && !all("waiting")(list);
    msp.world.once("/mails", tried).await;
    try_again_until_all_arrive(&msp, &ticket).await;
    let mut received: BTreeMap<String, Vec<Received>> = BTreeMap::new();
    while let Some(mail) = server.next_if_any() {
        received.entry(mail.header("Message-ID")).or_default().push(mail);
    }
    let times: Vec<_> = received.values().map(Vec::len).collect();
    assert_eq!((times.len(), times.iter().sum::<usize>()), (6, 8), "two answers were lost: {times:?}");
    for mails in received.values() {
        for mail in mails {
            assert_eq!(mail.source, mails[0].source, "the same, to the byte");
        }
    }
}

async fn try_again_until_all_arrive(msp: &Msp, ticket: &str) {
    let arrived = async {
        while !all("delivered")(&msp.world.get("/mails").await) {
            msp.world.clock.advance(Duration::from_mins(11));
            wake(msp, ticket).await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), arrived).await.expect("all arrive");
}

/// Invariant 24: the policy server is killed again and again while it sends: no mail is lost, and one comes twice at most as
/// often as it was killed, under the same Message-ID.
#[tokio::test]
async fn an_outbox_survives_kill_9_while_it_sends() {
    const MAILS: usize = 24;
    const KILLS: usize = 6;
    let slow: Vec<_> = (0..200).map(|_| Waits(Duration::from_millis(40))).collect();
    let mut server = MailServer::that(&slow).await;
    let mut msp = Msp::start(DATABASE).await;
    msp.world.clock.advance(Duration::from_millis((SystemClock.now() - msp.world.clock.now()).unsigned_abs()));
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": DESK})).await;
    for _ in 0..MAILS {
        send_ticket(&msp, &[("description", "Printer on fire")]).await;
    }
    msp.world.stop().await;
    let config = server.config();
    let mail = format!(
        "export DESKBELL_SERVER__MAIL__SMTP='{}'; export DESKBELL_SERVER__MAIL__FROM='{}';",
        config.smtp, config.from
    );
    let mut received: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for killed in 0..=KILLS {
        let mut program = msp.world.program(&mail).await;
        if killed < KILLS {
            // Some mails come; the program dies somewhere within the next.
            for _ in 0..3 {
                let mail = server.next_to(DESK).await;
                received.entry(mail.header("Message-ID")).or_default().push(mail.source);
            }
            tokio::time::sleep(Duration::from_millis(fastrand::u64(0..80))).await;
            program.process.kill().await.expect("killed");
            // Nobody waits ten minutes for a server that is dead: its time is over.
            msp.world.run_sql("UPDATE mail SET due_at = 0 WHERE state = 'waiting';");
        } else {
            msp.world.once("/mails?limit=200", all("delivered")).await;
            program.process.kill().await.expect("killed");
        }
    }
    while let Some(mail) = server.next_if_any() {
        received.entry(mail.header("Message-ID")).or_default().push(mail.source);
    }
    let repeats: usize = received.values().map(|mails| mails.len() - 1).sum();
    assert_eq!(received.len(), MAILS);
    assert!(repeats <= KILLS, "{repeats} came twice");
    assert!(received.values().flatten().all(|source| source.contains("Printer on fire")));
}
