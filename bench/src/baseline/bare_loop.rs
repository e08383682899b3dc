//! What the kernel alone costs: one thread, and a loop that writes the same bytes to one socket after the other.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Sockets that wait to be taken into the loop.
const WAITING_MAX: usize = 64;
/// The largest head of a request.
const HEAD_BYTES: usize = 4096;
/// How long a request may take to come: the load may be busy reading what others get.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const READY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// The answer to a handshake, without the proof that the load does not ask for.
const UPGRADE: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

/// Accepts sockets and writes to all of them so many times a second, several frames at a time, until the process is killed.
/// It reads nothing. A socket whose buffer is full misses what comes meanwhile.
pub fn write_in_a_loop(
    listen: SocketAddr,
    text: &str,
    per_second: f64,
    frames_per_write: usize,
) -> anyhow::Result<()> {
    let frames = frame(text)?.repeat(frames_per_write);
    let listener = TcpListener::bind(listen)?;
    let (opened, sockets) = sync_channel(WAITING_MAX);
    thread::spawn(move || accept(&listener, &opened));
    let pause = Duration::from_secs_f64(1.0 / per_second);
    write(&sockets, &frames, pause);
    Ok(())
}

/// Answers requests, and hands on those that ask for a socket.
fn accept(listener: &TcpListener, opened: &SyncSender<TcpStream>) {
    for stream in listener.incoming() {
        // Whoever asked sees that the connection is gone.
        let Ok(Some(socket)) = stream.and_then(answer) else {
            continue;
        };
        if opened.send(socket).is_err() {
            return;
        }
    }
}

/// Answers a request; returns its connection if it is a WebSocket now.
fn answer(mut stream: TcpStream) -> io::Result<Option<TcpStream>> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
    let mut head = [0; HEAD_BYTES];
    let length = stream.read(&mut head)?;
    let head = String::from_utf8_lossy(&head[..length]);
    if !head.contains("Upgrade: websocket") {
        stream.write_all(READY)?;
        return Ok(None);
    }
    stream.write_all(UPGRADE)?;
    stream.set_nonblocking(true)?;
    Ok(Some(stream))
}

/// One socket, and how much of the present frames it has.
struct Socket {
    stream: TcpStream,
    written: usize,
}

fn write(opened: &Receiver<TcpStream>, frames: &[u8], pause: Duration) {
    let mut sockets = Vec::new();
    let mut next = Instant::now();
    loop {
        let new = opened
            .try_iter()
            .map(|stream| Socket { stream, written: 0 });
        sockets.extend(new);
        sockets.retain_mut(|socket: &mut Socket| {
            match socket.stream.write(&frames[socket.written..]) {
                Ok(count) => socket.written = (socket.written + count) % frames.len(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
            true
        });
        next = (next + pause).max(Instant::now());
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

/// A text frame of at most 64 KiB.
fn frame(text: &str) -> anyhow::Result<Vec<u8>> {
    let length = u16::try_from(text.len())?.to_be_bytes();
    Ok([&[0x81, 126], &length[..], text.as_bytes()].concat())
}
