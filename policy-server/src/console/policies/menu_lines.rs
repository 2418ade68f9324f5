//! A drawn menu on a page: the same lines, in nested lists.

use askama::Template;
use deskbell_protocol::{Caption, MenuItem};

/// The lines of one level.
#[derive(Template)]
#[template(path = "console/_menu.html")]
pub(super) struct MenuLines {
    lines: Vec<MenuLine>,
}

struct MenuLine {
    class: &'static str,
    text: String,
    inside: Option<MenuLines>,
}

impl MenuLines {
    /// The lines of a menu.
    pub(super) fn of(items: &[MenuItem]) -> Self {
        Self { lines: items.iter().map(line).collect() }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn line(item: &MenuItem) -> MenuLine {
    match item {
        MenuItem::Action { caption, .. } => MenuLine { class: "action", text: text(caption), inside: None },
        MenuItem::Submenu { caption, items } => {
            MenuLine { class: "submenu", text: text(caption), inside: Some(MenuLines::of(items)) }
        }
        MenuItem::Information { caption } => MenuLine { class: "information", text: text(caption), inside: None },
        MenuItem::Separator => MenuLine { class: "separator", text: String::new(), inside: None },
    }
}

fn text(caption: &Caption) -> String {
    match caption {
        Caption::Text { text } => text.clone(),
        Caption::Offline { .. } => "Offline".into(),
        Caption::Refused => "Needs to be enrolled again".into(),
        Caption::BeingSetUp => "Is being set up".into(),
        Caption::WaitingForApproval => "Waits for approval".into(),
        Caption::CallSupport { phone } => phone.clone(),
        Caption::WriteToSupport { email } => email.clone(),
    }
}
