//! What a site adds to an instance.

use crate::documents::{self, CreateOffered, Offered};
use crate::state::AppState;
use axum::http::Extensions;
use edge::Sources;
use leptos::config::LeptosOptions;
use leptos::prelude::AnyView;
use prometheus_client::registry::Registry;
use serde_json::Value;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Renders the document around a page, which is in Leptos's context; without one where there is none.
pub(crate) type Shell = fn(LeptosOptions) -> AnyView;

/// A hook that runs once the instance listens.
type Begin = Box<dyn FnOnce(&AppState) + Send>;

/// What a site adds to an instance: its pages, calls, documents and tasks.
pub struct Site {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) licence: Option<&'static str>,
    pub(crate) about: Option<&'static str>,
    pub(crate) shell: Shell,
    pub(crate) navigation: Vec<(&'static str, &'static str)>,
    pub(crate) around: (String, String),
    pub(crate) registry: Registry,
    pub(crate) sources: Sources,
    pub(crate) routes: OpenApiRouter<AppState>,
    pub(crate) packed: OpenApiRouter<AppState>,
    pub(crate) open: OpenApiRouter<AppState>,
    pub(crate) kept: Extensions,
    pub(crate) refine: fn(&mut Value),
    pub(crate) begin: Vec<Begin>,
}

impl Site {
    /// A site of that name, whose pages are rendered inside that document.
    ///
    /// The document depends on nothing but the page in Leptos's context: its scripts are allowed by their hashes, which are
    /// taken from a document without a page.
    #[must_use]
    pub fn new(name: &'static str, shell: fn(LeptosOptions) -> AnyView) -> Self {
        Self {
            name,
            version: "",
            licence: None,
            about: None,
            shell,
            navigation: Vec::new(),
            around: Default::default(),
            registry: Registry::with_prefix("murmuration"),
            sources: Sources::default(),
            routes: OpenApiRouter::new(),
            packed: OpenApiRouter::new(),
            open: OpenApiRouter::new(),
            kept: Extensions::new(),
            refine: |_| (),
            begin: Vec::new(),
        }
    }

    /// What the API's document says of the API as a whole, as Markdown.
    #[must_use]
    pub fn about(mut self, text: &'static str) -> Self {
        self.about = Some(text);
        self
    }

    /// The version that the API's document names.
    #[must_use]
    pub fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// The licence that the API's document names, as an SPDX expression.
    #[must_use]
    pub fn licence(mut self, expression: &'static str) -> Self {
        self.licence = Some(expression);
        self
    }

    /// The links of pages that the server writes itself, such as those of errors: paths and names.
    #[must_use]
    pub fn navigation(
        mut self,
        links: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        self.navigation = links.into_iter().collect();
        self
    }

    /// What such pages have in their documents' heads besides the site's stylesheet and `/favicon.svg`, and at the end of their
    /// bodies, as HTML. The head's inline scripts are allowed by their hashes.
    #[must_use]
    pub fn around(mut self, (head, foot): (String, String)) -> Self {
        self.around = (head, foot);
        self
    }

    /// Pages, calls and forms. Answers are compressed, and end in time.
    #[must_use]
    pub fn routes(mut self, routes: OpenApiRouter<AppState>) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// Likewise, for answers that are compressed already.
    #[must_use]
    pub fn packed_routes(mut self, routes: OpenApiRouter<AppState>) -> Self {
        self.packed = self.packed.merge(routes);
        self
    }

    /// Calls answered at once from memory, the same for everyone: pages of every site may read them.
    #[must_use]
    pub fn open_routes(mut self, routes: OpenApiRouter<AppState>) -> Self {
        self.open = self.open.merge(routes);
        self
    }

    /// A kind of document, with its topic, its page, its calls, and the form that changes one.
    ///
    /// Kinds differ in [`Document::NAME`](protocol::Document::NAME), which is no name of the engine's own topics either, in the
    /// paths of their pages, and in the names of their types, by which the API's document knows them.
    #[must_use]
    pub fn document<O: Offered>(mut self) -> Self {
        self.sources = self.sources.with_document::<O::Document>();
        self.routes(documents::routes::<O>())
    }

    /// Likewise a kind of which people create documents, with the call and the page that create one.
    #[must_use]
    pub fn documents<O: CreateOffered>(self) -> Self {
        self.document::<O>().routes(documents::creating::<O>())
    }

    /// Something that handlers share, one of a type, such as a cache; see [`AppState::kept`].
    #[must_use]
    pub fn keep<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.kept.insert(Arc::new(value));
        self
    }

    /// Changes the API's document, for what the derived one cannot say.
    #[must_use]
    pub fn refine_api(mut self, refine: fn(&mut Value)) -> Self {
        self.refine = refine;
        self
    }

    /// What begins once the instance listens. Its tasks belong to [`Instance::tasks`](crate::Instance::tasks), and end
    /// once [`Instance::stopping`](crate::Instance::stopping) is cancelled.
    #[must_use]
    pub fn begin(mut self, begin: impl FnOnce(&AppState) + Send + 'static) -> Self {
        self.begin.push(Box::new(begin));
        self
    }

    /// Where figures are registered for `/metrics`. Their names begin with `murmuration`.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }
}
