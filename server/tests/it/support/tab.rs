//! Visitors that speak WebSocket.

use super::{DEADLINE, Server};
use futures::{SinkExt, StreamExt};
use protocol::live::VERSION;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// What a socket gets when there is nothing to tell.
pub const BEAT: &str = r#"{"type":"beat"}"#;

/// The session id of that name.
pub fn session_id(name: &str) -> String {
    format!("{name:_>16}")
}

/// One browser tab's socket.
pub struct Tab {
    pub socket: WebSocketStream<TcpStream>,
}

impl Tab {
    /// Opens a socket with these headers and says nothing.
    pub async fn knock(server: &Server, headers: &[(&str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/live", server.address).into_client_request()?;
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(server.address).await.unwrap();
        let opening = timeout(DEADLINE, client_async(request, stream));
        let (socket, _) = opening.await.expect("no answer to the handshake")?;
        Ok(Self { socket })
    }

    /// Opens a socket as the server's own page does, without a cookie, and says nothing.
    pub async fn connect(server: &Server) -> Self {
        let origin = server.origin();
        Self::knock(server, &[("origin", &origin)]).await.unwrap()
    }

    /// Opens a session of that name, up to the whole world.
    pub async fn open(server: &Server, name: &str) -> Self {
        let mut tab = Self::connect(server).await;
        tab.greet(name).await;
        tab
    }

    /// Opens a session of the person with that cookie.
    pub async fn open_as(server: &Server, name: &str, cookie: &str) -> Self {
        let origin = server.origin();
        let headers = [("origin", &origin[..]), ("cookie", cookie)];
        let mut tab = Self::knock(server, &headers).await.unwrap();
        tab.greet(name).await;
        tab
    }

    /// Opens a session of that name that shows the draw.
    pub async fn open_draw(server: &Server, name: &str) -> Self {
        let mut tab = Self::connect(server).await;
        tab.hello(VERSION, name).await;
        assert_eq!(tab.hear().await["version"], VERSION);
        tab.watch("draw", None).await;
        tab
    }

    /// Says hello and hears the welcome and the whole world.
    pub async fn greet(&mut self, name: &str) {
        self.hello(VERSION, name).await;
        assert_eq!(self.hear().await["type"], "welcome");
        let world = self.hear_a("world").await;
        assert_eq!(world["full"], true, "{world}");
    }

    /// Goes on answering pings while something else is done; a tab that is not listened to is closed after
    /// ten seconds.
    pub async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                message = self.socket.next() => match message {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => panic!("closed: {message:?}"),
                    Some(Ok(_)) => {}
                },
            }
        }
    }

    /// Leaves it open, answering pings, until the value is dropped.
    pub fn stay(mut self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { while let Some(Ok(_)) = self.socket.next().await {} });
        tasks
    }

    pub async fn hello(&mut self, version: u32, name: &str) {
        let session = session_id(name);
        self.say(json!({ "type": "hello", "version": version, "session": session }))
            .await;
    }

    pub async fn click(&mut self, seq: u64) {
        self.say(json!({ "type": "click", "seq": seq, "by": 1 }))
            .await;
    }

    pub async fn say(&mut self, frame: Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// The next frame.
    pub async fn hear(&mut self) -> Value {
        match self.try_hear().await {
            Ok(frame) => frame,
            Err(code) => panic!("closed with {code:?} instead of a frame"),
        }
    }

    /// The next frame but a beat, or the code and reason with which the socket closes; 1006 where it says none.
    pub async fn try_hear(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let next = timeout(DEADLINE, self.socket.next());
            match next.await.expect("no frame came") {
                Some(Ok(Message::Text(text))) if text == BEAT => {}
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => {
                    return Err((close.code.into(), close.reason.to_string()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => return Err((1006, format!("{other:?}"))),
            }
        }
    }

    /// Watches a topic, of a key where it has keys.
    pub async fn watch(&mut self, topic: &str, key: Option<&str>) {
        let mut frame = json!({ "type": "watch", "topic": topic });
        if let Some(key) = key {
            frame["key"] = key.into();
        }
        self.say(frame).await;
    }

    /// The next frame of that type, or the next state of that topic; others are skipped.
    pub async fn hear_a(&mut self, kind: &str) -> Value {
        loop {
            let mut frame = self.hear().await;
            if is_state_of(&frame, kind) {
                return frame["state"].take();
            }
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Waits until all clicks up to that one are acknowledged. Returns the acknowledgement.
    pub async fn settled(&mut self, seq: u64) -> Value {
        loop {
            let ack = self.hear_a("ack").await;
            if ack["seq"].as_u64().unwrap() >= seq {
                return ack;
            }
        }
    }

    /// Waits until the socket closes. Returns the code, the reason, and the frames before.
    pub async fn closing(&mut self) -> (u16, String, Vec<Value>) {
        let mut frames = Vec::new();
        loop {
            match self.try_hear().await {
                Ok(frame) => frames.push(frame),
                Err((code, reason)) => return (code, reason, frames),
            }
        }
    }
}

/// Whether a frame is a state of that topic.
pub fn is_state_of(frame: &Value, topic: &str) -> bool {
    frame["type"] == "state" && frame["topic"] == topic
}
