//! Articles are written in Markdown (`CommonMark`). What they become has no HTML of its own, no pictures, and links that lead to
//! `http`, `https`, `mailto` or a page of this server (S16); nothing is fetched.

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html::push_html};
use url::Url;

/// What a text looks like, as HTML. `own` gives the address of a page of this server, such as `/my_profile/v2/index`.
pub fn html(markdown: &str, own: impl Fn(&str) -> String) -> String {
    let mut links = Links { own, open: Vec::new() };
    let events = Parser::new_ext(markdown, Options::empty()).filter_map(|event| links.harmless(event));
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, events);
    html
}

/// The words that whoever reads it sees, for searching.
pub fn text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Text(piece) | Event::Code(piece) | Event::Html(piece) | Event::InlineHtml(piece) => {
                text.push_str(&piece);
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                text.push(' ');
            }
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => text.push(' '),
            _ => {}
        }
    }
    text
}

struct Links<F> {
    own: F,
    /// Of each link and picture that is open, whether it is shown as a link.
    open: Vec<bool>,
}

impl<F: Fn(&str) -> String> Links<F> {
    /// An event without what could do harm; nothing in its place where all of it could.
    fn harmless<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        Some(match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            // The page's own heading is the title.
            Event::Start(Tag::Heading { level, .. }) => {
                Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
            Event::Start(Tag::Link { link_type: LinkType::Email, dest_url, .. }) => {
                return self.begin(&format!("mailto:{dest_url}"));
            }
            // A picture would be fetched by whoever reads: its words lead to it.
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => return self.begin(&dest_url),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                return self.open.pop().filter(|shown| *shown).map(|_| Event::End(TagEnd::Link));
            }
            other => other,
        })
    }

    fn begin(&mut self, to: &str) -> Option<Event<'static>> {
        // A picture within a link: there are no links in links.
        let address = self.address(to).filter(|_| !self.open.contains(&true));
        self.open.push(address.is_some());
        let link = |address: String| Tag::Link {
            link_type: LinkType::Inline,
            dest_url: CowStr::from(address),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        address.map(link).map(Event::Start)
    }

    fn address(&self, to: &str) -> Option<String> {
        // Browsers read "\" as "/", and leave tabs and line breaks out (URL, "basic URL parser").
        if to.chars().any(|c| c.is_control() || c == '\\') {
            return None;
        }
        if to.starts_with('/') {
            return (!to.starts_with("//")).then(|| (self.own)(to));
        }
        let url = to.parse::<Url>().ok()?;
        let is_fine = matches!(url.scheme(), "http" | "https") && url.has_host() || url.scheme() == "mailto";
        is_fine.then(|| url.to_string())
    }
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(markdown: &str) -> String {
        html(markdown, |path| format!("/portal/blue{path}")).trim().to_owned()
    }

    #[test]
    fn a_small_markdown_becomes_html_below_the_title() {
        for (markdown, html) in [
            ("# A\n\n*b* **c** `d`", "<h2>A</h2>\n<p><em>b</em> <strong>c</strong> <code>d</code></p>"),
            ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
            ("###### deep", "<h6>deep</h6>"),
            ("[x](https://a.example/?b=1&c=2)", "<p><a href=\"https://a.example/?b=1&amp;c=2\">x</a></p>"),
            ("<jane@c.example>", "<p><a href=\"mailto:jane@c.example\">jane@c.example</a></p>"),
            ("[x](/my_profile)", "<p><a href=\"/portal/blue/my_profile\">x</a></p>"),
        ] {
            assert_eq!(shown(markdown), html, "{markdown}");
        }
    }

    /// S16: no HTML, no pictures, no links but those that are named.
    #[test]
    fn what_could_do_harm_is_text_s16() {
        for (markdown, html) in [
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
            ("a <img src=x onerror=y> b", "<p>a &lt;img src=x onerror=y&gt; b</p>"),
            ("[x](javascript:alert(1))", "<p>x</p>"),
            ("[x](data:text/html,y)", "<p>x</p>"),
            ("[x](//evil.example)", "<p>x</p>"),
            ("[x](/\\evil.example)", "<p>x</p>"),
            ("[x](</\t/evil.example>)", "<p>x</p>"),
            ("[x](https:///)", "<p>x</p>"),
            ("[x](relative)", "<p>x</p>"),
            ("![a plan](https://a.example/b.png)", "<p><a href=\"https://a.example/b.png\">a plan</a></p>"),
            ("![a plan](file:///etc/passwd)", "<p>a plan</p>"),
            ("[![a](https://b.example/)](https://c.example/)", "<p><a href=\"https://c.example/\">a</a></p>"),
            ("[x](https://a.example/\"onclick=\"y)", "<p><a href=\"https://a.example/%22onclick=%22y\">x</a></p>"),
        ] {
            assert_eq!(shown(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn a_search_is_in_what_is_seen() {
        assert_eq!(text("# How to\n\n[print](https://x.example) `ipp`\nnow"), "How to print ipp now ");
    }

    proptest! {
        /// S16: whatever is written, only these elements come out, and only these addresses.
        #[test]
        fn nothing_else_comes_out_s16(written in "([<>\\[\\]()!#*`:/\"'=&; \n\\\\]|script|img|javascript|https|a|on){0,60}") {
            let html = shown(&written);
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                let known = ["p", "h2", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre", "ul", "ol", "li", "a",
                    "blockquote", "hr", "br"];
                prop_assert!(known.contains(&name.as_str()), "{html}");
                if let Some(address) = tag.split("href=\"").nth(1) {
                    let good = ["https://", "http://", "mailto:", "/portal/blue/"].iter().any(|start| address.starts_with(start));
                    prop_assert!(good, "{html}");
                }
            }
        }
    }
}
