//! Opening a live socket.

use crate::cluster::origin;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::{COOKIE, ORIGIN};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// The read buffer of a session: the default, 128 KiB, would take 1.3 GB for ten thousand.
const READ_BUFFER_BYTES: usize = 4096;

/// A live socket.
pub type Socket = WebSocketStream<TcpStream>;

/// Connects to `/live`, with a cookie if given.
pub async fn connect(address: SocketAddr, cookie: Option<&str>) -> anyhow::Result<Socket> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    // Closing by reset frees the port at once: runs follow each other faster than TIME_WAIT ends.
    stream.set_zero_linger()?;
    let mut request = format!("ws://{address}/live").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert(ORIGIN, origin(address).parse()?);
    if let Some(cookie) = cookie {
        headers.insert(COOKIE, cookie.parse()?);
    }
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    Ok(socket)
}
