//! What our own mail server has found of a mail's sender: its `Authentication-Results` (RFC 8601). Everybody can write such a
//! header; ours is the topmost that carries our mail server's name, since whoever takes a message puts its own above what was
//! there, and removes those that came in under its name (§5).

/// What is known of where a mail comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authenticity {
    /// From the domain that it says.
    Authentic,
    /// Not from there: the domain says how its mail is told, and this is none.
    Forged,
    /// Nobody knows.
    Unknown,
}

/// A finding of one method.
struct Finding {
    method: String,
    result: String,
    /// Such as `header.d`, and its value.
    properties: Vec<(String, String)>,
}

/// What our mail server, `authserv_id`, has found of a mail that says to be from `domain`. `headers` are the values of all
/// `Authentication-Results`, the topmost first.
pub fn authenticity<'a>(headers: impl IntoIterator<Item = &'a str>, authserv_id: &str, domain: &str) -> Authenticity {
    let parsed = headers.into_iter().map(parsed);
    let ours = parsed.into_iter().find(|(id, _)| id.eq_ignore_ascii_case(authserv_id));
    let Some((_, findings)) = ours else { return Authenticity::Unknown };
    let says = |finding: &Finding, method: &str, result: &str| finding.method == method && finding.result == result;
    let is_of = |finding: &Finding, property: &str| {
        let domain_of = |value: &str| value.rsplit('@').next().unwrap_or_default().to_lowercase();
        finding.properties.iter().any(|(name, value)| name == property && domain_of(value) == domain.to_lowercase())
    };
    if findings.iter().any(|one| says(one, "dmarc", "pass") && is_of(one, "header.from")) {
        return Authenticity::Authentic;
    }
    if findings.iter().any(|one| one.method == "dmarc" && !["none", "pass"].contains(&one.result.as_str())) {
        return Authenticity::Forged;
    }
    // Without DMARC: what it would ask for in its strict mode (RFC 7489 §3.1).
    let signed = findings.iter().any(|one| says(one, "dkim", "pass") && is_of(one, "header.d"));
    let sent = findings.iter().any(|one| says(one, "spf", "pass") && is_of(one, "smtp.mailfrom"));
    if signed || sent { Authenticity::Authentic } else { Authenticity::Unknown }
}

/// A header's `authserv-id` and findings; what cannot be read is no finding.
fn parsed(header: &str) -> (String, Vec<Finding>) {
    let mut parts = parts(header).into_iter();
    let id = parts.next().and_then(|words| words.into_iter().next()).unwrap_or_default();
    (id, parts.filter_map(|words| finding(&words)).collect())
}

fn finding(words: &[String]) -> Option<Finding> {
    let mut pairs = words.iter().map(|word| word.split_once('='));
    let (method, result) = pairs.next()??;
    // A method may say its version: `dkim/1`.
    let method = method.split('/').next().unwrap_or_default().to_lowercase();
    let properties = pairs.flatten().map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Some(Finding { method, result: result.to_lowercase(), properties: properties.collect() })
}

/// The parts between semicolons, each as words; comments are left out, quoted text is taken as it is, and blanks around `=`
/// count for nothing.
fn parts(header: &str) -> Vec<Vec<String>> {
    let (mut parts, mut words, mut word) = (Vec::new(), Vec::new(), String::new());
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in header.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                word.push(c);
            }
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => word.push(c),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' => {
                words.push(std::mem::take(&mut word));
                parts.push(std::mem::take(&mut words));
            }
            c if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    parts.push(words);
    parts.into_iter().map(joined).collect()
}

/// Words without the empty ones, and with what belongs to one `=`.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.ends_with('=') || word.starts_with('=') => last.push_str(&word),
            _ => joined.push(word),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(headers: &[&str]) -> Authenticity {
        authenticity(headers.iter().copied(), "mx.msp.example", "contoso.example")
    }

    #[test]
    fn our_mail_server_says_whether_a_sender_is_genuine() {
        use Authenticity::{Authentic, Forged, Unknown};
        for (header, expected) in [
            ("mx.msp.example; dmarc=pass header.from=contoso.example", Authentic),
            (
                "MX.msp.example 1; spf=fail smtp.mailfrom=x@y.example;\r\n dmarc=pass (p=reject) header.from=Contoso.example",
                Authentic,
            ),
            ("mx.msp.example; dkim=pass reason=\"good; very\" header.d=contoso.example header.s=a", Authentic),
            ("mx.msp.example; dkim/1 = pass header.d = contoso.example", Authentic),
            ("mx.msp.example; spf=pass smtp.mailfrom=jane@contoso.example", Authentic),
            ("mx.msp.example; dkim=pass header.d=contoso.example; dmarc=fail header.from=contoso.example", Forged),
            ("mx.msp.example; dmarc=none header.from=contoso.example", Unknown),
            ("mx.msp.example; dmarc=pass header.from=evil.example", Unknown),
            ("mx.msp.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example", Unknown),
            ("mx.msp.example; dkim=pass header.d=sub.contoso.example", Unknown),
            ("mx.msp.example; spf=softfail smtp.mailfrom=jane@contoso.example", Unknown),
            ("mx.msp.example; none", Unknown),
            ("mx.msp.example; spf=pass (dmarc=pass header.from=contoso.example) smtp.mailfrom=x.example", Unknown),
            ("other.example; dmarc=pass header.from=contoso.example", Unknown),
            ("(mx.msp.example) evil.example; dmarc=pass header.from=contoso.example", Unknown),
            ("", Unknown),
        ] {
            assert_eq!(found(&[header]), expected, "{header}");
        }
    }

    /// S12: a header that came along stands below ours, and is not looked at.
    #[test]
    fn only_the_topmost_header_of_our_own_mail_server_counts() {
        let forged = "mx.msp.example; dmarc=pass header.from=contoso.example";
        let ours = "mx.msp.example; dmarc=fail header.from=contoso.example";
        assert_eq!(found(&[ours, forged]), Authenticity::Forged);
        assert_eq!(found(&["mx.msp.example; none", forged]), Authenticity::Unknown);
        let foreign = "mx.evil.example; dmarc=pass header.from=contoso.example";
        assert_eq!(found(&[foreign, ours, forged]), Authenticity::Forged);
        assert_eq!(found(&[foreign]), Authenticity::Unknown);
    }

    proptest! {
        #[test]
        fn nothing_that_somebody_writes_is_too_much(header in "(?s).{0,200}|[a-z=;()\" .\\\\]{0,200}") {
            prop_assert_ne!(found(&[&format!("evil.example; {header}")]), Authenticity::Authentic);
        }
    }
}
