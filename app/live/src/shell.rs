//! What belongs around a page in its document.

use crate::assets::{chunks, code_root};
use crate::pages::{ELEMENT_ID, SITE_ID, to_json};
use crate::{Card, Head, Origin, PageContent};
use leptos::prelude::*;

/// For the document's head: the title, the description, what search engines are to do, and how the page looks where it is
/// shared, as the page says it. Links are of the [`Origin`] in the context; without one there are none.
pub fn page_meta<P: PageContent>(page: Option<&P>) -> impl IntoView + use<P> {
    head_meta(page.map(P::head).unwrap_or_default())
}

/// Likewise for a page that is rendered by other means.
pub fn head_meta(head: Head) -> impl IntoView {
    let origin = use_context::<Origin>().filter(|_| !head.path.is_empty());
    view! {
        <title>{head.title.clone()}</title>
        {(!head.description.is_empty()).then(|| view! { <meta name="description" content=head.description.clone() /> })}
        {head.robots.map(|robots| view! { <meta name="robots" content=robots /> })}
        {origin.map(|origin| shared_meta(head, &origin))}
    }
}

/// Where the page is, and how it looks where it is shared: Open Graph, which Twitter's cards follow too.
fn shared_meta(head: Head, origin: &Origin) -> impl IntoView + use<> {
    let url = format!("{}{}", origin.url, head.path);
    let image = head.card.map(|card| image_meta(card, &origin.url));
    view! {
        <link rel="canonical" href=url.clone() />
        {property("og:type", "website".into())}
        {property("og:site_name", origin.site.into())}
        {property("og:url", url)}
        {property("og:title", head.title)}
        {property("og:description", head.description)}
        {image}
    }
}

fn image_meta(card: Card, url: &str) -> impl IntoView + use<> {
    view! {
        {property("og:image", format!("{url}{}", card.path))}
        {property("og:image:width", card.width.to_string())}
        {property("og:image:height", card.height.to_string())}
        {property("og:image:alt", card.alt)}
        <meta name="twitter:card" content="summary_large_image" />
    }
}

fn property(name: &'static str, content: String) -> impl IntoView {
    // No attribute of HTML itself: the macro does not know it.
    leptos::html::meta().attr("property", name).content(content)
}

/// For the end of the document's head: the page's state, what guards its code, and what loads that.
///
/// The scripts are the same for every page: a server allows them by their hashes.
pub fn page_scripts<P: PageContent>(
    options: LeptosOptions,
    page: Option<&P>,
) -> impl IntoView + use<P> {
    let chunks = chunks(&options, page.map_or("", P::name))
        .into_iter()
        .map(|(rel, href)| {
            let fetched = (rel == "preload").then_some("fetch");
            view! { <link rel=rel href=href r#as=fetched crossorigin="" /> }
        });
    view! {
        <script type="application/json" id=ELEMENT_ID inner_html=page.map(to_json)></script>
        <script inner_html=include_str!("guard.js")></script>
        <AutoReload options=options.clone() />
        <HydrationScripts root=code_root(&options) options />
        {chunks.collect_view()}
    }
}

/// For the document's body: the page, in an element of its own. Beside it, others may put what they like.
pub fn page_body<P: PageContent>(page: Option<P>) -> impl IntoView {
    view! { <div id=SITE_ID>{page.map(P::body)}</div> }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Shared {
        path: &'static str,
        has_card: bool,
    }

    impl PageContent for Shared {
        fn name(&self) -> &'static str {
            "shared"
        }

        fn head(&self) -> Head {
            let card = Card {
                path: "/cards/dawn.png".into(),
                alt: "\"Dawn\"".into(),
                width: 1200,
                height: 630,
            };
            Head {
                title: "Dawn <or> \"dusk\"?".into(),
                path: self.path.into(),
                card: self.has_card.then_some(card),
                ..Head::default()
            }
        }

        fn body(self) -> AnyView {
            ().into_any()
        }
    }

    fn meta(path: &'static str, has_card: bool) -> String {
        Owner::new().with(|| {
            provide_context(Origin {
                site: "Birds",
                url: "https://birds.example".into(),
            });
            page_meta(Some(&Shared { path, has_card })).to_html()
        })
    }

    #[test]
    fn a_shared_page_says_where_it_is_and_how_it_looks() {
        let html = meta("/poll/1", true);

        for tag in [
            r#"<link rel="canonical" href="https://birds.example/poll/1">"#,
            r#"<meta property="og:url" content="https://birds.example/poll/1">"#,
            r#"<meta property="og:site_name" content="Birds">"#,
            r#"<meta property="og:image" content="https://birds.example/cards/dawn.png">"#,
            r#"<meta property="og:image:width" content="1200">"#,
            r#"<meta property="og:image:alt" content="&quot;Dawn&quot;">"#,
            r#"<meta name="twitter:card" content="summary_large_image">"#,
        ] {
            assert!(html.contains(tag), "{tag}: {html}");
        }
        let title = html.split_once("og:title").unwrap().1;
        assert!(
            title.starts_with("\" content=\"Dawn &lt;or&gt; &quot;dusk&quot;?\""),
            "{html}"
        );
    }

    #[test]
    fn a_page_without_a_path_is_not_linked_to() {
        assert!(!meta("", true).contains("og:"));
        let html = meta("/", false);
        assert!(
            html.contains("canonical") && !html.contains("og:image") && !html.contains("twitter:")
        );
    }
}
