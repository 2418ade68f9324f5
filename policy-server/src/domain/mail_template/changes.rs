//! What differs between two versions of a template, as people read it.

use schemars::JsonSchema;
use serde::Serialize;

use super::TemplateText;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TemplateChange {
    /// What it is about.
    pub what: &'static str,
    /// How it was.
    pub before: Option<String>,
    /// How it is.
    pub after: Option<String>,
}

/// Everything that differs: the subject as a whole, of the body the lines between what both begin and end with.
pub fn template_changes(before: &TemplateText, after: &TemplateText) -> Vec<TemplateChange> {
    let mut changes = Vec::new();
    if before.subject != after.subject {
        let (before, after) = (Some(before.subject.clone()), Some(after.subject.clone()));
        changes.push(TemplateChange { what: "Subject", before, after });
    }
    if before.body != after.body {
        let (old, new): (Vec<_>, Vec<_>) = (before.body.lines().collect(), after.body.lines().collect());
        let first = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let ends = old[first..].iter().rev().zip(new[first..].iter().rev());
        let last = ends.take_while(|(old, new)| old == new).count();
        let differing = |lines: &[&str]| {
            let lines = &lines[first..lines.len() - last];
            (!lines.is_empty()).then(|| lines.join("\n"))
        };
        changes.push(TemplateChange { what: "Body", before: differing(&old), after: differing(&new) });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(body: &str) -> TemplateText {
        TemplateText { subject: "x".into(), body: body.into() }
    }

    #[test]
    fn only_the_lines_that_differ_are_named() {
        assert_eq!(template_changes(&body("a"), &body("a")), []);
        let changed = |before: &str, after: &str| {
            let changes = template_changes(&body(before), &body(after));
            (changes[0].before.clone().unwrap_or_default(), changes[0].after.clone().unwrap_or_default())
        };
        assert_eq!(changed("a\nb\nc", "a\nB\nd\nc"), ("b".into(), "B\nd".into()));
        assert_eq!(changed("a\na", "a\na\na"), (String::new(), "a".into()));
        assert_eq!(changed("a", "b"), ("a".into(), "b".into()));
    }
}
