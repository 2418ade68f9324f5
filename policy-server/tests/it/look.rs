use reqwest::Method;
use serde_json::json;

use super::DATABASE;
use crate::{browsers::Browser, world::Msp};

/// Pages take name and contacts from memory; what the API has changed is there.
#[tokio::test]
async fn the_msps_new_name_phone_and_address_are_on_the_next_page() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let before = browser.get("/my_profile/v2/asset_new_ticket_form").await;
    assert!(before.html.contains("Northwind IT") && before.has("a[href='tel:+15550100']"), "{}", before.html);

    let changed = json!({"name": "Southwind IT", "support_phone": "+1 555 0199", "support_email": null});
    msp.world.done(Method::PATCH, "/provider", changed).await;

    let after = browser.get("/my_profile/v2/asset_new_ticket_form").await;
    assert!(after.html.contains("Southwind IT") && !after.html.contains("Northwind"), "{}", after.html);
    assert!(after.has("a[href='tel:+15550199']") && !after.has("a[href^='mailto:']"), "{}", after.html);
}

/// So does the stylesheet, whose address must change with it, since browsers keep it for a year.
#[tokio::test]
async fn the_portals_new_name_and_colors_are_on_the_next_page() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let stylesheet =
        |html: &str| html.split('"').find(|part| part.contains("portal.css")).expect("an address").to_owned();
    let before = stylesheet(&browser.get("/my_profile/v2/asset_new_ticket_form").await.html);

    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let changed = json!({"display_name": "Help at Contoso", "primary_color": "#123456"});
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), changed).await;

    let page = browser.get("/my_profile/v2/asset_new_ticket_form").await;
    assert_eq!(page.text("header"), "Help at Contoso");
    let after = stylesheet(&page.html);
    assert_ne!(before, after);
    let styles = browser.get(&after).await.html;
    assert!(styles.contains("--primary:#123456"), "{}", &styles[..200]);
}
