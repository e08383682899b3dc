//! One connection's socket: frames in and out, and how it ended.

use futures::StreamExt;
use futures::channel::mpsc::{Receiver, channel};
use protocol::live::{ClientFrame, ServerFrame};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// The code of a socket that closed without one (RFC 6455, section 7.4.1).
pub(super) const ABNORMAL: u16 = 1006;

/// How many events may wait for the page, which reads them before the browser tells the next.
const WAITING_MAX: usize = 256;

/// What a socket tells.
enum Heard {
    Opened,
    Text(String),
    /// It closed, by this code.
    Closed(u16),
}

/// A socket that may not be open yet.
pub(super) struct Socket {
    socket: WebSocket,
    heard: Receiver<Heard>,
    /// Called for as long as the socket is listened to.
    _listener: Closure<dyn FnMut(Event)>,
}

impl Socket {
    /// Begins to connect; nothing where the browser forbids it.
    pub(super) fn connect(url: &str) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        let (tell, heard) = channel(WAITING_MAX);
        let mut tell = Some(tell);
        let listener = Closure::new(move |event: Event| {
            if let (Some(sender), Some(heard)) = (&mut tell, heard_by(&event))
                && sender.try_send(heard).is_err()
            {
                // A page that reads nothing hears the end, and of a new socket all that is new.
                tell = None;
            }
        });
        let function = Some(listener.as_ref().unchecked_ref());
        socket.set_onopen(function);
        socket.set_onmessage(function);
        socket.set_onclose(function);
        Some(Self {
            socket,
            heard,
            _listener: listener,
        })
    }

    /// Waits until it is open, or will never be.
    pub(super) async fn opened(&mut self) -> bool {
        matches!(self.heard.next().await, Some(Heard::Opened)) && self.is_open()
    }

    /// Sends a frame, or nothing at all on a socket that is closing: what matters is sent again later.
    pub(super) fn send(&mut self, frame: &ClientFrame) {
        if self.is_open() {
            // A failure shows as the socket's end right after.
            let _sent = self.socket.send_with_str(&frame.encode());
        }
    }

    /// The next frame, or the code the socket was closed with.
    pub(super) async fn receive(&mut self) -> Result<ServerFrame, u16> {
        loop {
            match self.heard.next().await {
                Some(Heard::Text(text)) => {
                    if let Some(frame) = ServerFrame::decode(&text) {
                        return Ok(frame);
                    }
                }
                Some(Heard::Opened) => {}
                Some(Heard::Closed(code)) => return Err(code),
                None => return Err(ABNORMAL),
            }
        }
    }

    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Fails for no code and no reason at all.
        let _closed = self.socket.close();
    }
}

/// What an event of a socket tells; nothing where it carries bytes, which no server sends.
fn heard_by(event: &Event) -> Option<Heard> {
    if let Some(message) = event.dyn_ref::<MessageEvent>() {
        return message.data().as_string().map(Heard::Text);
    }
    match event.dyn_ref::<CloseEvent>() {
        Some(close) => Some(Heard::Closed(close.code())),
        None => Some(Heard::Opened),
    }
}
