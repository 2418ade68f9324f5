//! A client of `/api/v1`, as a script of an MSP would be written: make organizations, people, policies; read tickets.

use anyhow::{Context, bail};
use deskbell_protocol::{AssetId, Entry, Facts, OsUser, Problem, Refusal, SessionReport, UnixMillis};
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::support::http;

/// A policy server's API, with a token.
#[derive(Debug, Clone)]
pub struct Api {
    base: Url,
    token: String,
    http: reqwest::Client,
}

/// Something with an id and a name: an organization, a policy, an end user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// An end user's way into the portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PortalUser {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub end_user_id: Option<Uuid>,
    /// Such as `enabled`.
    pub state: String,
}

/// An enrollment token, right after it was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EnrollmentToken {
    /// Its id.
    pub id: Uuid,
    /// The secret, told once.
    pub token: String,
}

/// A managed computer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// Whose it is.
    pub organization_id: Uuid,
    /// Its name.
    pub name: String,
    /// `waiting_for_approval`, `enrolled` or `retired`.
    pub state: String,
    /// What the agent told of it.
    pub facts: Facts,
    /// Where each session's icon is.
    pub sessions: Vec<SessionReport>,
    /// To whom it is assigned.
    pub assignment: Option<Assignment>,
    /// Why its portal entry leads to a refusal.
    pub portal_refusal: Option<Refusal>,
    /// Since when two computers use its identity.
    pub shared_identity_since: Option<UnixMillis>,
    /// The asset that it seems to be.
    pub predecessor_id: Option<AssetId>,
}

/// Who has a computer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assignment {
    /// The person.
    pub end_user_id: Uuid,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub number: u64,
    /// Whose it is.
    pub organization_id: Uuid,
    /// The computer it came from.
    pub asset_id: Option<AssetId>,
    /// Who asks.
    pub requester_id: Option<Uuid>,
    /// Where it was written: `tray`.
    pub source: String,
    /// The first line.
    pub subject: String,
    /// All of it.
    pub description: String,
    /// `low`, `normal` or `high`.
    pub urgency: String,
    /// Where to call back.
    pub phone: Option<String>,
    /// The computer's facts at that moment.
    pub facts: Option<Facts>,
    /// Who sat at the computer, as its kernel says.
    pub os_user: Option<OsUser>,
    /// When it was sent.
    pub created_at: UnixMillis,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDraft {
    /// Its name.
    pub name: String,
    /// No icon.
    pub hide_tray: bool,
    /// The whole menu.
    pub entries: Vec<Entry>,
}

impl PolicyDraft {
    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "settings": {"hide_tray": self.hide_tray},
            "menu": {"mode": "replace", "entries": self.entries},
        })
    }
}

impl Api {
    /// A client of the server at `base`.
    pub fn new(base: &Url, token: &str) -> anyhow::Result<Self> {
        let base = base.join("/api/v1/").context("writing the API's address")?;
        Ok(Self { base, token: token.to_owned(), http: http::client()? })
    }

    /// The same for a server whose own address is `base`, and which is known as `host`: not by the way that agents take.
    pub fn beside(base: &Url, host: &str, token: &str) -> anyhow::Result<Self> {
        Ok(Self { http: http::client_of(host)?, ..Self::new(base, token)? })
    }

    /// The same for a server whose certificate `authority` (PEM) vouches for.
    pub fn over_tls(base: &Url, token: &str, authority: &[u8]) -> anyhow::Result<Self> {
        let host = base.host_str().context("an address without a host")?;
        Ok(Self { http: http::client_trusting(authority, host)?, ..Self::new(base, token)? })
    }

    /// The token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Says who the MSP is.
    pub async fn set_provider(&self, name: &str, phone: &str, email: &str) -> anyhow::Result<()> {
        let provider = json!({"name": name, "support_phone": phone, "support_email": email});
        self.send(Method::PATCH, "provider", Some(&provider)).await.map(drop)
    }

    /// Publishes the MSP's portal under a name.
    pub async fn publish_portal(&self, display_name: &str) -> anyhow::Result<()> {
        self.change_portal(&json!({"display_name": display_name, "published": true})).await
    }

    /// Takes the MSP's portal down.
    pub async fn unpublish_portal(&self) -> anyhow::Result<()> {
        self.change_portal(&json!({"published": false})).await
    }

    /// Every organization.
    pub async fn organizations(&self) -> anyhow::Result<Vec<Named>> {
        self.list("organizations").await
    }

    /// Makes an organization.
    pub async fn make_organization(&self, name: &str, email: &str) -> anyhow::Result<Uuid> {
        self.make("organizations", &json!({"name": name, "email": email})).await
    }

    /// Adds somebody to the staff; their id, and the link with which they set a password.
    pub async fn make_staff(&self, name: &str, email: &str, role: &str) -> anyhow::Result<(String, String)> {
        let made = self.send(Method::POST, "staff", Some(&json!({"name": name, "email": email, "role": role}))).await?;
        let text = |field: &str| made[field].as_str().map(str::to_owned).with_context(|| format!("no {field}: {made}"));
        Ok((text("id")?, text("link")?))
    }

    /// Attaches a policy to an organization.
    pub async fn attach_policy(&self, organization: Uuid, policy: Uuid) -> anyhow::Result<()> {
        let body = json!({"policy_id": policy});
        self.send(Method::PUT, &format!("organizations/{organization}/policy"), Some(&body)).await.map(drop)
    }

    /// Every end user.
    pub async fn end_users(&self) -> anyhow::Result<Vec<Named>> {
        self.list("end-users").await
    }

    /// Makes an end user of an organization.
    pub async fn make_end_user(&self, organization: Uuid, name: &str, email: &str) -> anyhow::Result<Uuid> {
        self.make("end-users", &json!({"organization_id": organization, "name": name, "email": email})).await
    }

    /// Every portal user.
    pub async fn portal_users(&self) -> anyhow::Result<Vec<PortalUser>> {
        self.list("portal-users").await
    }

    /// Makes an end user a portal user, enabled for the tray.
    pub async fn make_portal_user(&self, organization: Uuid, end_user: Uuid, name: &str) -> anyhow::Result<Uuid> {
        let user = json!({"organization_id": organization, "end_user_id": end_user, "sign_in_name": name});
        self.make("portal-users", &user).await
    }

    /// Moves a portal user to another state, such as `deactivated`.
    pub async fn set_portal_user_state(&self, portal_user: Uuid, state: &str) -> anyhow::Result<()> {
        self.send(Method::PATCH, &format!("portal-users/{portal_user}"), Some(&json!({"state": state}))).await.map(drop)
    }

    /// Every policy.
    pub async fn policies(&self) -> anyhow::Result<Vec<Named>> {
        self.list("policies").await
    }

    /// Makes a policy.
    pub async fn make_policy(&self, draft: &PolicyDraft) -> anyhow::Result<Uuid> {
        self.make("policies", &draft.json()).await
    }

    /// Saves the next version of a policy.
    pub async fn save_policy(&self, policy: Uuid, draft: &PolicyDraft) -> anyhow::Result<()> {
        self.send(Method::PUT, &format!("policies/{policy}"), Some(&draft.json())).await.map(drop)
    }

    /// Saves the next version of a policy with more settings, such as `{"brand_name": "Desk"}`.
    pub async fn save_policy_with(&self, policy: Uuid, draft: &PolicyDraft, settings: Value) -> anyhow::Result<()> {
        let mut json = draft.json();
        for (name, setting) in settings.as_object().context("settings are an object")? {
            json["settings"][name] = setting.clone();
        }
        self.send(Method::PUT, &format!("policies/{policy}"), Some(&json)).await.map(drop)
    }

    /// Uploads an icon, and returns its name.
    pub async fn upload_icon(&self, png: Vec<u8>) -> anyhow::Result<String> {
        let post = self.http.post(self.base.join("icons")?).bearer_auth(&self.token).body(png);
        let answer = post.send().await?.error_for_status().context("uploading an icon")?;
        let made: Value = serde_json::from_str(&answer.text().await?)?;
        Ok(made["sha256"].as_str().context("an icon without a name")?.to_owned())
    }

    /// Hands in a mail as it came.
    pub async fn hand_in_mail(&self, raw: &str) -> anyhow::Result<()> {
        let post = self.http.post(self.base.join("inbound-mail")?).bearer_auth(&self.token);
        let answer = post.header("content-type", "message/rfc822").body(raw.to_owned()).send().await?;
        answer.error_for_status().context("handing in a mail")?;
        Ok(())
    }

    /// Makes an enrollment token whose assets are in use at once.
    pub async fn make_enrollment_token(&self, organization: Uuid) -> anyhow::Result<EnrollmentToken> {
        self.send_enrollment_token(&json!({"organization_id": organization, "name": "for enrolling at once"})).await
    }

    /// Makes an enrollment token whose assets wait for approval.
    pub async fn make_enrollment_token_with_approval(&self, organization: Uuid) -> anyhow::Result<EnrollmentToken> {
        let token = json!({"organization_id": organization, "name": "with approval", "needs_approval": true});
        self.send_enrollment_token(&token).await
    }

    /// Makes an enrollment token of no further use.
    pub async fn revoke_enrollment_token(&self, token: Uuid) -> anyhow::Result<()> {
        self.send(Method::POST, &format!("enrollment-tokens/{token}/revoke"), None).await.map(drop)
    }

    /// Every asset.
    pub async fn assets(&self) -> anyhow::Result<Vec<Asset>> {
        self.list("assets").await
    }

    /// One asset.
    pub async fn asset(&self, asset: AssetId) -> anyhow::Result<Asset> {
        self.read(&format!("assets/{asset}")).await
    }

    /// Adds somebody to the MSP's staff, and returns the link with which they set their password.
    pub async fn add_staff(&self, name: &str, email: &str, role: &str) -> anyhow::Result<Url> {
        let staff = json!({"name": name, "email": email, "role": role});
        let made = self.send(Method::POST, "staff", Some(&staff)).await?;
        made["link"].as_str().context("staff without a link")?.parse().context("reading the link")
    }

    /// Gives an asset another name.
    pub async fn rename_asset(&self, asset: AssetId, name: &str) -> anyhow::Result<()> {
        self.send(Method::PATCH, &format!("assets/{asset}"), Some(&json!({"name": name}))).await.map(drop)
    }

    /// Assigns an asset to an end user.
    pub async fn assign(&self, asset: AssetId, end_user: Uuid) -> anyhow::Result<()> {
        let body = json!({"end_user_id": end_user});
        self.send(Method::PUT, &format!("assets/{asset}/assignment"), Some(&body)).await.map(drop)
    }

    /// Takes an asset from whom it is assigned to.
    pub async fn unassign(&self, asset: AssetId) -> anyhow::Result<()> {
        self.send(Method::DELETE, &format!("assets/{asset}/assignment"), None).await.map(drop)
    }

    /// Lets an asset that waits for approval in.
    pub async fn approve_asset(&self, asset: AssetId) -> anyhow::Result<()> {
        self.send(Method::POST, &format!("assets/{asset}/approve"), None).await.map(drop)
    }

    /// Takes an asset out of use.
    pub async fn retire_asset(&self, asset: AssetId) -> anyhow::Result<()> {
        self.send(Method::POST, &format!("assets/{asset}/retire"), None).await.map(drop)
    }

    /// Puts an asset in the place of its predecessor.
    pub async fn take_over(&self, asset: AssetId) -> anyhow::Result<()> {
        self.send(Method::POST, &format!("assets/{asset}/take-over"), None).await.map(drop)
    }

    /// What happened to an asset, as the API tells it.
    pub async fn asset_events(&self, asset: AssetId) -> anyhow::Result<Vec<Value>> {
        self.list(&format!("assets/{asset}/events")).await
    }

    /// Every ticket.
    pub async fn tickets(&self) -> anyhow::Result<Vec<Ticket>> {
        self.list("tickets").await
    }

    async fn change_portal(&self, change: &Value) -> anyhow::Result<()> {
        let portals: Vec<Value> = self.list("portals").await?;
        let id = portals.first().and_then(|portal| portal["id"].as_str()).context("the server has no portal")?;
        self.send(Method::PATCH, &format!("portals/{id}"), Some(change)).await.map(drop)
    }

    async fn send_enrollment_token(&self, token: &Value) -> anyhow::Result<EnrollmentToken> {
        let made = self.send(Method::POST, "enrollment-tokens", Some(token)).await?;
        serde_json::from_value(made).context("reading the enrollment token")
    }

    async fn make(&self, path: &str, body: &Value) -> anyhow::Result<Uuid> {
        let made = self.send(Method::POST, path, Some(body)).await?;
        serde_json::from_value(made["id"].clone()).with_context(|| format!("reading the id of what was made: {made}"))
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self.send(Method::GET, path, None).await?;
        serde_json::from_value(answer.clone()).with_context(|| format!("reading {path}: {answer}"))
    }

    async fn list<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        let mut all = Vec::new();
        let mut page = path.to_owned();
        loop {
            let answer: Page<T> = self.read(&page).await?;
            all.extend(answer.items);
            let Some(cursor) = answer.next_cursor else { return Ok(all) };
            page = format!("{path}?cursor={cursor}");
        }
    }

    /// Asks for anything else, and returns what it is answered.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let what = format!("{method} {path}");
        let url = self.base.join(path).with_context(|| what.clone())?;
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.with_context(|| what.clone())?;
        let status = answer.status();
        let text = answer.text().await.with_context(|| what.clone())?;
        if !status.is_success() {
            let problem = serde_json::from_str::<Problem>(&text).map(|problem| format!("{problem:?}")).unwrap_or(text);
            bail!("{what}: {status}: {problem}");
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{what}: reading {text}"))
    }
}

#[derive(Debug, Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}
