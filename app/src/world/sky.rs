//! What a page shows besides once it is live: clicks that fly over the map, how soon they are elsewhere, and the flock behind the
//! page. Its code is a file of its own.

use super::flock::{Flock, Way, Wing};
use super::{elsewhere, reach};
use crate::components::{Flights, figures};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use live::browser::{page_ms, remember, remembered};
use live::{Connection, Live, RegionRow};
use std::cell::{Cell, RefCell};
use std::f64::consts::TAU;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

/// How long a page is left alone once it is live, in milliseconds.
const CALM_MS: u32 = 400;
/// The time between two drawings of the flock, in milliseconds: thirty in a second.
const FRAME_MS: u64 = 32;
/// The longest time that one drawing lets pass, in seconds: birds do not jump after a pause.
const STEP_MAX: f64 = 0.1;
/// The length of a bird, and the radius of the ring around this visitor's, in pixels.
const BIRD: f64 = 5.0;
const RING: f64 = 11.0;
/// Screens with room for the flock beside the words, as the style has it.
const ROOM: &str = "(width >= 60rem)";
/// Where a tab remembers that its birds rest.
const PAUSED: &str = "birds-paused";

/// Loads it once the page is live.
pub(super) fn load(live: Live) {
    let connection = live.connection();
    let owner = Owner::current();
    Effect::new(move |is_loaded: Option<bool>| {
        let is_loaded = is_loaded.unwrap_or_default();
        let is_live = connection.get() == Connection::Live;
        if is_live
            && !is_loaded
            && let Some(owner) = owner.clone()
        {
            leptos::task::spawn_local(async move {
                TimeoutFuture::new(CALM_MS).await;
                let filled = fill(live, owner);
                #[cfg(feature = "split")]
                let filled = filled.await;
                // The page is whole without it.
                drop(filled);
            });
        }
        is_loaded || is_live
    });
}

/// Shows all of it, until the page goes. A server that is gone fails to send the code of this: Leptos's `lazy` would panic.
///
/// # Errors
/// Where the code cannot be loaded.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(sky_fill, wasm_split_path = leptos::wasm_split, fallible)
)]
fn fill(live: Live, owner: Owner) -> Result<(), SplitLoaderError> {
    owner.with(|| {
        let rows = live.rows();
        elsewhere::follow();
        tell(rows);
        if let Some(map) = document().get_element_by_id("flights") {
            fly_over(&map, rows);
        }
        if !matches("(prefers-reduced-motion: reduce)")
            && matches(ROOM)
            && let Some(sky) = Sky::open()
        {
            sky.release(rows);
        }
    });
    Ok(())
}

/// Whether the screen is such a one.
fn matches(query: &str) -> bool {
    let query = window().match_media(query);
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Writes how soon clicks are elsewhere: after the page has drawn its regions anew, where that is due.
fn tell(rows: Memo<Vec<RegionRow>>) {
    // Of all that changes in regions, few changes are of this.
    let texts = Memo::new(move |_| {
        rows.with(|rows| {
            let note = |row: &RegionRow| (row.code.to_string(), reach::note(row));
            let notes: Vec<_> = rows.iter().map(note).collect();
            (reach::elsewhere(rows), notes)
        })
    });
    Effect::new(move |_| {
        let (words, notes) = texts.get();
        request_animation_frame(move || {
            // While the next figures are due, the last ones stay.
            if let Some(words) = &words {
                write(document().get_element_by_id("elsewhere"), words);
            }
            for (code, note) in &notes {
                let cell = format!("tr[data-region=\"{code}\"] [data-cell=\"reach\"]");
                write(document().query_selector(&cell).ok().flatten(), note);
            }
        });
    });
}

/// Writes a text where another one stands.
fn write(place: Option<Element>, text: &str) {
    if let Some(place) = place
        && place.text_content().as_deref() != Some(text)
    {
        place.set_text_content(Some(text));
    }
}

/// Lets clicks fly over the map, and shows how soon this visitor's were elsewhere.
fn fly_over(map: &Element, rows: Memo<Vec<RegionRow>>) {
    let groups = map.children();
    let mut flights = Flights::default();
    let slots = groups.clone();
    Effect::new(move |_| {
        for (at, svg) in rows.with(|rows| flights.begin(rows, page_ms())) {
            if let Some(slot) = slots.item(at as u32) {
                slot.set_inner_html(&svg);
            }
        }
    });
    let figures = Memo::new(move |_| rows.with(|rows| figures(rows)));
    Effect::new(move |_| {
        if let Some(last) = groups.item(groups.length().saturating_sub(1)) {
            last.set_inner_html(&figures.get());
        }
    });
}

/// The canvas behind the page on which the flock is drawn.
struct Sky {
    canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
    flock: RefCell<Flock>,
    is_paused: Cell<bool>,
}

impl Sky {
    /// Takes the place of the still picture; nothing where the browser cannot draw.
    fn open() -> Option<Rc<Self>> {
        let place = document().query_selector(".sky").ok()??;
        let canvas = document().create_element("canvas").ok()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        let pen = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        canvas.set_class_name("sky__flock");
        place.append_child(&canvas).ok()?;
        Some(Rc::new(Self {
            canvas,
            pen,
            flock: RefCell::default(),
            is_paused: Cell::new(remembered(PAUSED).is_some()),
        }))
    }

    /// Lets the birds fly, and whoever reads stop them.
    fn release(self: Rc<Self>, rows: Memo<Vec<RegionRow>>) {
        let sky = self.clone();
        Effect::new(move |_| {
            rows.with(|rows| sky.flock.borrow_mut().follow(rows));
            let birds = sky.flock.borrow().birds().to_string();
            // What was set cannot be refused.
            let _set = sky.canvas.set_attribute("data-birds", &birds);
            if sky.is_paused.get() {
                sky.draw(0.0);
            }
        });
        if let Some(place) = document().get_element_by_id("flock-words") {
            // Without the button the birds fly all the same.
            let _said = self.clone().say(&place);
        }
        self.next(page_ms());
    }

    /// Says what the birds are, with the button that stops them.
    fn say(self: Rc<Self>, place: &Element) -> Result<(), JsValue> {
        let button = document().create_element("button")?;
        button.set_class_name("link-button");
        button.set_attribute("type", "button")?;
        place.set_text_content(Some(
            "Each bird is a visitor, in the colour of their region; yours has a ring. ",
        ));
        place.append_child(&button)?;
        let pressed = button.clone();
        let label = move |sky: &Self| {
            let words = if sky.is_paused.get() {
                "Let the birds fly"
            } else {
                "Pause the birds"
            };
            button.set_text_content(Some(words));
        };
        label(&self);
        let toggle = Closure::<dyn FnMut()>::new(move || {
            let is_paused = !self.is_paused.get();
            self.is_paused.set(is_paused);
            remember(PAUSED, if is_paused { "true" } else { "" });
            label(&self);
        });
        pressed.add_event_listener_with_callback("click", toggle.as_ref().unchecked_ref())?;
        // It lasts as long as the page.
        toggle.forget();
        Ok(())
    }

    /// Draws again as soon as the browser is about to: never while the page is hidden.
    fn next(self: Rc<Self>, before_ms: u64) {
        request_animation_frame(move || {
            let now_ms = page_ms();
            let passed_ms = now_ms.saturating_sub(before_ms);
            if passed_ms < FRAME_MS {
                return self.next(before_ms);
            }
            if !self.is_paused.get() {
                self.draw((passed_ms as f64 / 1_000.0).min(STEP_MAX));
            }
            self.next(now_ms);
        });
    }

    /// Draws all birds, so many seconds later; nothing where nobody sees them.
    fn draw(&self, seconds: f64) {
        let bounds = self.canvas.get_bounding_client_rect();
        let (width, height) = (bounds.width(), bounds.height());
        if width <= 0.0 || bounds.bottom() < 0.0 {
            return;
        }
        let mut flock = self.flock.borrow_mut();
        flock.fly(seconds);
        let density = window().device_pixel_ratio().clamp(1.0, 2.0);
        let [wide, high] = [width, height].map(|length| (length * density) as u32);
        if (self.canvas.width(), self.canvas.height()) != (wide, high) {
            self.canvas.set_width(wide);
            self.canvas.set_height(high);
        }
        // Only numbers that are none are refused.
        let _set = (self.pen).set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.pen.clear_rect(0.0, 0.0, width, height);
        for wing in &flock.wings {
            self.draw_wing(&flock, wing, (width, height));
        }
    }

    fn draw_wing(&self, flock: &Flock, wing: &Wing, (width, height): (f64, f64)) {
        let pen = &self.pen;
        let colour = format!("oklch(0.63 0.17 {})", wing.hue);
        pen.set_fill_style_str(&colour);
        pen.begin_path();
        for [from, to] in flock.ways(wing) {
            let at = (from.0 * width, from.1 * height);
            self.trace([at, (to.0 * width, to.1 * height)]);
        }
        pen.fill();
        if wing.has_own
            && let Some([(x, y), _]) = flock.ways(wing).next()
        {
            pen.set_stroke_style_str(&colour);
            pen.set_line_width(2.0);
            pen.begin_path();
            // A radius below zero would be refused.
            let _ring = pen.arc(x * width, y * height, RING, 0.0, TAU);
            pen.stroke();
        }
    }

    /// A bird as it flies: two wings that meet in its beak.
    fn trace(&self, [(x, y), (next_x, next_y)]: Way) {
        let (east, south) = (next_x - x, next_y - y);
        let length = east.hypot(south).max(f64::EPSILON);
        let (east, south) = (east / length * BIRD, south / length * BIRD);
        self.pen.move_to(x + east, y + south);
        self.pen
            .line_to(x - 0.8 * east - 0.8 * south, y - 0.8 * south + 0.8 * east);
        self.pen.line_to(x - 0.2 * east, y - 0.2 * south);
        self.pen
            .line_to(x - 0.8 * east + 0.8 * south, y - 0.8 * south - 0.8 * east);
        self.pen.close_path();
    }
}
