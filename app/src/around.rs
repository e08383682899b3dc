//! What is around every page in its document: no page's code has to know it, so that browsers download it as text alone.

use leptos::prelude::*;

/// For the document's head: what devices show of the site, and the scripts of every page.
pub(crate) fn head() -> impl IntoView {
    let colour = |scheme, colour: &'static str| {
        let media = format!("(prefers-color-scheme: {scheme})");
        // The macro knows no such attribute of this element.
        let meta = leptos::html::meta().name("theme-color").content(colour);
        meta.attr("media", media)
    };
    view! {
        {colour("light", "#eceafa")}
        {colour("dark", "#100f2c")}
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
        <script inner_html=include_str!("theme.js")></script>
        <script inner_html=include_str!("share.js")></script>
        <script inner_html=include_str!("unread.js")></script>
    }
}

/// For the end of the document's body: the way to what this is, which theme to show, and whether to notify of what is unread.
pub(crate) fn foot() -> impl IntoView {
    let choice = |(theme, name): (&'static str, &'static str)| {
        view! {
            <label class="theme__choice">
                <input type="radio" name="theme" value=theme checked=theme.is_empty() autocomplete="off" />
                {name}
            </label>
        }
    };
    view! {
        <div class="site-foot">
            <nav aria-label="About Murmuration">
                <a class="site-foot__about" href="/about">"How it works"</a>
            </nav>
            <section class="settings" aria-label="Settings">
                <fieldset class="theme">
                    <legend class="theme__legend">"Theme"</legend>
                    {[("", "System"), ("light", "Light"), ("dark", "Dark")].map(choice).collect_view()}
                </fieldset>
                <button type="button" class="theme__notify link-button" hidden>
                    "Turn on notifications"
                </button>
                <span class="theme__note" role="status"></span>
            </section>
        </div>
    }
}

/// The same as HTML, for pages that the server writes itself: what stands in the head, and at the end of the body, the footer
/// included.
#[cfg(feature = "ssr")]
#[must_use]
pub fn around_html() -> (String, String) {
    let foot = view! { {crate::components::footer()} {foot()} };
    (head().to_html(), foot.to_html())
}
