use reqwest::StatusCode;

use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::{Database, Msp, ServerProgram},
};

/// Runs the server with its system calls on standard error. The tracer is the server's child, so what is killed is the
/// server.
const TRACED: &str = "exec 3<&0 0</dev/null; exec strace --daemonize -f -y -s 200 \
                      -e trace=fsync,fdatasync,pwrite64,read,recvfrom,write,writev,sendto,sendmsg \"$0\" serve;";

/// Invariant 24: between a ticket's request and its answer, the database's log is written and then brought to the disk.
#[tokio::test]
async fn a_ticket_is_on_the_disk_before_it_is_acknowledged() {
    let mut msp = Msp::start(Database::Sqlite).await;
    msp.world.stop().await;
    let msp = msp;
    let ServerProgram { mut process, log, printed: _printed, .. } = msp.world.program(TRACED).await;
    let traced = tokio::spawn(all_lines(log));
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let receipt = browser.send_form(&form, &[("description", "On fire")]).await.location();
    process.kill().await.expect("killed");

    let lines = traced.await.expect("read");
    let asked = position(&lines, |line| line.contains("\"POST /my_profile/v2/asset_new_ticket_form"));
    let answered = position(&lines, |line| line.contains("\"HTTP/1.1 303") && line.contains(&receipt));
    let between = &lines[asked..answered];
    let written = between.iter().rposition(|line| line.contains("pwrite64(") && line.contains("-wal>"));
    let synced = last_sync(between);
    assert!(
        written.is_some() && synced > written,
        "written at {written:?}, on the disk at {synced:?}:\n{}",
        between.join("\n")
    );
}

/// Invariant 24: on a full disk the form comes back with what was typed, and once there is room, the same form makes
/// one ticket; what was acknowledged before is there.
#[tokio::test]
async fn on_a_full_disk_the_form_keeps_what_was_typed_and_nothing_acknowledged_is_lost() {
    let mut msp = Msp::start(Database::Sqlite).await;
    msp.world.stop().await;
    let msp = msp;
    // The shell counts blocks of 512 bytes; the ignored signal turns the limit into an error of the write.
    let mut server = msp.world.program("trap '' XFSZ; ulimit -f 4096;").await;
    let browser = Browser::new(&msp.world);
    let long = "x".repeat(9_000);
    let (mut acknowledged, mut form) = (0, browser.open(&Agent::of_jane(&msp).await.click().await).await);
    let typed = loop {
        let description = format!("{acknowledged} {long}");
        let answer = browser.send_form(&form, &[("description", &description), ("phone", "+1 555 0199")]).await;
        if answer.status != StatusCode::SEE_OTHER {
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
            form = answer;
            break description;
        }
        acknowledged += 1;
        assert!(acknowledged < 1_000, "the disk never got full");
        form = browser.get(FORM).await;
    };

    assert_eq!((form.text("#description"), form.value("#phone")), (typed.clone(), "+1 555 0199".to_owned()));
    assert!(form.text("[role=alert]").contains("What you typed is still here"), "{}", form.html);
    let health = browser.get("/healthz").await;
    assert_eq!(health.status, StatusCode::OK);

    server.process.kill().await.expect("killed");
    let _roomier = msp.world.program("").await;
    let sent = browser.send_form(&form, &[("description", &typed)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let tickets = msp.world.get("/tickets?limit=200").await;
    assert_eq!(tickets["items"].as_array().expect("a list").len(), acknowledged + 1);
}

async fn all_lines(mut log: tokio::io::Lines<tokio::io::BufReader<tokio::process::ChildStderr>>) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = log.next_line().await.expect("text") {
        lines.push(line);
    }
    lines
}

fn position(lines: &[String], wanted: impl Fn(&String) -> bool) -> usize {
    lines.iter().position(wanted).unwrap_or_else(|| panic!("not in the trace:\n{}", lines.join("\n")))
}

/// Where the last fsync or fdatasync of the database's log had succeeded. One that another thread interrupts in the trace
/// stands there twice: as unfinished with its file, and as resumed with its result.
fn last_sync(lines: &[String]) -> Option<usize> {
    let begins = |line: &str| (line.contains("fsync(") || line.contains("fdatasync(")) && line.contains("-wal>");
    let begun = lines.iter().rposition(|line| begins(line))?;
    if lines[begun].ends_with("= 0") {
        return Some(begun);
    }
    let thread = lines[begun].split(']').next()?;
    let resumed = lines[begun..]
        .iter()
        .position(|line| line.starts_with(thread) && line.contains("sync resumed>") && line.ends_with("= 0"));
    resumed.map(|after| begun + after)
}
