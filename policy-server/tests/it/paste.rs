use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::header;
use sha2::{Digest as _, Sha256};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM, Page},
    world::Msp,
};

async fn form(msp: &Msp) -> (Browser<'_>, Page) {
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(msp).await.click().await).await;
    (browser, form)
}

/// The page runs its one script, by its exact text, and no other page runs any.
#[tokio::test]
async fn the_form_may_run_its_own_script_and_nothing_else() {
    let msp = Msp::start(DATABASE).await;
    let (browser, form) = form(&msp).await;
    let script = form.html.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next()).expect("a script");
    assert_eq!(form.html.matches("<script").count(), 1);

    let hash = STANDARD.encode(Sha256::digest(script));
    let policy = form.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert_eq!(policy.split("script-src ").nth(1), Some(format!("'sha256-{hash}'").as_str()), "{policy}");

    let again = browser.send_form(&form, &[("description", "")]).await;
    assert_eq!(again.headers[header::CONTENT_SECURITY_POLICY], policy, "the form with an error is the same form");
    let sent = browser.send_form(&form, &[("description", "x")]).await;
    let receipt = browser.get(&sent.location()).await;
    let policy = receipt.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(!policy.contains("script") && !receipt.has("script"), "{policy}");
}

#[tokio::test]
async fn the_whole_form_is_three_requests_and_at_most_14_kilobytes() {
    let msp = Msp::start(DATABASE).await;
    let (browser, form) = form(&msp).await;
    let mut addresses = vec![FORM.to_owned()];
    addresses.extend(form.html.split("<link").skip(1).map(|link| {
        let href = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next());
        href.expect("an address").to_owned()
    }));
    assert!(addresses.len() <= 3 && !form.has("[src],iframe,object,style"), "{addresses:?}");

    let mut bytes = 0;
    for address in &addresses {
        let get = msp.world.client.get(format!("{}{address}", msp.world.origin)).header("accept-encoding", "gzip");
        bytes += browser.bytes(get).await.len();
    }
    assert!(bytes > 1000 && bytes <= 14 * 1024, "{bytes} bytes");
}
