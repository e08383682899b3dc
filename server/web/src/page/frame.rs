//! What is around the pages that the server writes itself, such as those of errors.

use super::csp::hashes;
use super::escape;
use crate::config::Config;
use crate::site::Site;
use axum::http::HeaderValue;
use leptos::prelude::{Owner, RenderHtml, provide_context};
use live::{Head, Origin, head_meta};

/// What is around the pages that the server writes itself: the document's head, the header with the navigation, and the foot.
///
/// Such a page is whole without scripts, and no browser downloads code for it.
pub struct Frame {
    origin: Origin,
    stylesheet: String,
    /// The paths and names of the navigation.
    links: Vec<(&'static str, &'static str)>,
    navigation: String,
    head: String,
    foot: String,
    /// The hashes of the head's scripts, as a policy lists them.
    scripts: String,
}

/// A page that the server writes itself.
#[derive(Default)]
pub struct Written<'a> {
    /// What it says of itself.
    pub head: Head,
    /// What else the document's head holds, as HTML.
    pub extra: &'a str,
    /// Its main part as HTML: an element `main` with the id `main`, to which the link for keyboards leads.
    pub main: &'a str,
}

impl Frame {
    pub(crate) fn of(site: &Site, config: &Config) -> Self {
        let (head, foot) = site.around.clone();
        Self {
            origin: Origin {
                site: site.name,
                url: config.canonical_url.clone(),
            },
            stylesheet: live::stylesheet(&config.site),
            links: site.navigation.clone(),
            navigation: navigation(&site.navigation),
            scripts: hashes(&head),
            head,
            foot,
        }
    }

    /// The site's name.
    pub(crate) fn site(&self) -> &'static str {
        self.origin.site
    }

    /// The page of the navigation that a path is below, and its name.
    pub(crate) fn above(&self, path: &str) -> Option<(&'static str, &'static str)> {
        let is_below = |above: &str| {
            let rest = path.strip_prefix(above);
            above != "/" && rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let mut links = self.links.iter().copied();
        links.find(|(above, _)| is_below(above))
    }

    /// The page as a document.
    #[must_use]
    pub fn html(&self, page: Written) -> String {
        let meta = Owner::new().with(|| {
            provide_context(self.origin.clone());
            head_meta(page.head).to_html()
        });
        format!(
            include_str!("frame.html"),
            site = escape(self.origin.site),
            meta = meta,
            stylesheet = escape(&self.stylesheet),
            head = self.head,
            extra = page.extra,
            navigation = self.navigation,
            main = page.main,
            foot = self.foot,
        )
    }

    /// What such a page may load: our own styles and pictures, the scripts of the head and those others, and what further
    /// directives say.
    #[must_use]
    pub fn policy(&self, scripts: &str, more: &str) -> HeaderValue {
        let policy = format!(
            "default-src 'none'; script-src {} {scripts}; style-src 'self'; img-src 'self' data:; manifest-src 'self'; \
             base-uri 'none'; form-action 'self'; {more}",
            self.scripts
        );
        // Without one that a header can hold, nothing is loaded.
        let nothing = HeaderValue::from_static("default-src 'none'");
        policy.try_into().unwrap_or(nothing)
    }
}

/// The navigation, of paths and names; nothing without any.
fn navigation(links: &[(&str, &str)]) -> String {
    if links.is_empty() {
        return String::new();
    }
    let link = |(path, name): &(&str, &str)| {
        let (path, name) = (escape(path), escape(name));
        format!("<a class=\"site-nav__link\" href=\"{path}\">{name}</a>")
    };
    let links: String = links.iter().map(link).collect();
    format!("<nav class=\"site-nav\" aria-label=\"Site\">{links}</nav>")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn frame() -> Frame {
        Frame {
            origin: Origin {
                site: "Birds & <co>",
                url: "https://birds.example".into(),
            },
            stylesheet: "/pkg/birds.css".into(),
            links: vec![("/", "Birds"), ("/dawn", "Dawn & dusk")],
            navigation: navigation(&[("/dawn", "Dawn & dusk")]),
            head: "<script>1</script>".into(),
            foot: "<footer>{main}</footer>".into(),
            scripts: hashes("<script>1</script>"),
        }
    }

    #[test]
    fn a_page_is_whole_and_says_what_it_is() {
        let html = frame().html(Written {
            head: Head {
                title: "</title><script>".into(),
                path: "/dawn".into(),
                ..Head::default()
            },
            extra: "<link>",
            main: "<main id=\"main\">{foot}</main>",
        });

        for part in [
            "<title>&lt;/title&gt;&lt;script&gt;</title>",
            "rel=\"canonical\" href=\"https://birds.example/dawn\"",
            "aria-label=\"Birds &amp; &lt;co&gt;, home\"",
            "href=\"/dawn\">Dawn &amp; dusk</a>",
            "href=\"/pkg/birds.css\"",
            "<script>1</script><link>",
            // What looks like a place for something is none.
            "<main id=\"main\">{foot}</main>\n<footer>{main}</footer>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("name=\"description\""), "it says none");
    }

    #[test]
    fn pages_are_below_those_of_the_navigation() {
        let frame = frame();

        assert_eq!(frame.above("/dawn/x"), Some(("/dawn", "Dawn & dusk")));
        for path in ["/dawn", "/dawns/x", "/dusk", "/", "//dawn/x"] {
            assert_eq!(frame.above(path), None, "{path}");
        }
    }

    #[test]
    fn scripts_are_allowed_by_their_hashes() {
        let policy = frame().policy("'self'", "frame-ancestors 'none'");
        let policy = policy.to_str().unwrap();

        assert!(
            policy.contains(
                "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=' 'self';"
            ),
            "{policy}"
        );
        assert!(policy.ends_with("; frame-ancestors 'none'"));
    }
}
