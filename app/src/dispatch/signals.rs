//! The regions as signals.

use super::choice::{Candidate, ChosenRegion, choose};
use super::measurements::Measurements;
use crate::address;
use leptos::prelude::*;
use protocol::{Coordinates, Manager};

/// The live regions as this visitor sees them.
#[derive(Clone, Copy)]
pub(crate) struct Dispatch {
    /// The region that serves the page.
    pub here: StoredValue<Manager>,
    /// Addresses of that region's other instances.
    pub siblings: StoredValue<Vec<String>>,
    /// The live regions, ordered by code.
    pub managers: RwSignal<Vec<Manager>>,
    /// The visitor's location, once they share it.
    pub position: RwSignal<Option<Coordinates>>,
    /// What the browser measured.
    pub measurements: RwSignal<Measurements>,
    /// The state of the location request.
    pub locating: RwSignal<LocationStatus>,
}

/// The state of the location request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LocationStatus {
    #[default]
    Idle,
    /// The browser is asking the visitor, or searching.
    Pending,
    Found,
    Denied,
    /// The browser could not find it.
    Unknown,
}

/// What the visitor typed: it moves with them to another region.
#[derive(Clone, Copy)]
pub(crate) struct TypedFields {
    /// Their name.
    pub name: RwSignal<String>,
    /// A party's code.
    pub code: RwSignal<String>,
    /// Whether they did anything here: then the page does not move by itself.
    pub is_busy: RwSignal<bool>,
}

impl TypedFields {
    /// What the server put into the fields.
    pub(crate) fn new(name: String, code: String, is_busy: bool) -> Self {
        Self {
            name: RwSignal::new(name),
            code: RwSignal::new(code),
            is_busy: RwSignal::new(is_busy),
        }
    }

    /// The page of all parties at another server, with what moves there: what was typed, the visitor's location, and the
    /// id of the element that has the focus.
    pub(crate) fn parties(self, url: &str, dispatch: Dispatch, focus: &str) -> String {
        let page = self
            .name
            .with(|name| self.code.with(|code| address::parties(url, name, code)));
        page + &address::arrival(dispatch.position.get(), focus)
    }

    /// Takes over what was typed before hydration.
    pub(crate) fn read_fields(self) {
        use wasm_bindgen::JsCast;
        let fields = [
            ("join-name", Some(self.name)),
            ("create-name", Some(self.name)),
            ("rename-name", Some(self.name)),
            ("join-code", Some(self.code)),
            ("create-listed", None),
        ];
        for (id, kept) in fields {
            let field = document()
                .get_element_by_id(id)
                .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
            let Some(field) = field else { continue };
            // A field as the server sent it has its default value.
            let is_typed = field.value() != field.default_value();
            if let Some(kept) = kept.filter(|_| is_typed) {
                kept.set(field.value());
            }
            if is_typed || field.checked() != field.default_checked() {
                self.is_busy.set(true);
            }
        }
    }
}

impl Dispatch {
    /// What the server knew.
    pub(crate) fn new(here: Manager, managers: Vec<Manager>, siblings: Vec<String>) -> Self {
        Self {
            here: StoredValue::new(here),
            siblings: StoredValue::new(siblings),
            managers: RwSignal::new(managers),
            position: RwSignal::new(None),
            measurements: RwSignal::new(Measurements::default()),
            locating: RwSignal::new(LocationStatus::Idle),
        }
    }

    /// The live regions with their round trips, nearest first.
    pub(crate) fn candidates(self) -> Vec<Candidate> {
        let here = self.here.with_value(|here| here.region.clone());
        let from = self.from();
        self.managers.with(|managers| {
            self.measurements.with(|measurements| {
                let mut candidates: Vec<Candidate> = Vec::with_capacity(managers.len());
                for manager in managers {
                    let candidate = Candidate::new(manager, &here, from, measurements);
                    // There are few regions, and the library's sort would add much code to the download.
                    let at = candidates
                        .partition_point(|other| other.distance_km <= candidate.distance_km);
                    candidates.insert(at, candidate);
                }
                candidates
            })
        })
    }

    /// The recommended region; the previous one is kept while none is clearly faster.
    pub(crate) fn choice(self, candidates: Memo<Vec<Candidate>>) -> Memo<Option<ChosenRegion>> {
        Memo::new(move |before: Option<&Option<ChosenRegion>>| {
            let before = before.and_then(|choice| choice.as_ref());
            let before = before.map(|choice| &choice.manager.region);
            let is_placed = self.position.with(Option::is_some);
            candidates.with(|candidates| choose(candidates, is_placed, before))
        })
    }

    /// The visitor's assumed location: the one they share, else that of the serving region.
    pub(crate) fn from(self) -> Option<Coordinates> {
        self.position.get().or_else(|| {
            self.here
                .with_value(|here| Coordinates::new(here.lat, here.lng).ok())
        })
    }
}
