//! A conversation after its hello.

use super::{End, SEND_TIMEOUT, encode, internal, restart, send_within};
use crate::party::{PartyRefusal, naming};
use crate::rate::{Budget, Connection};
use crate::state::AppState;
use crate::world::{too_many_clicks, too_many_waiting};
use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use edge::{ClickError, Outgoing, PersonId, Proof, Session};
use protocol::live::{ClientFrame, ServerFrame, VERSION_WITH_DRAW, close};
use protocol::{MailAddress, PartyCode, Problem, Step};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often a socket may ask for parties, mailboxes and the draw in a minute, over time and at once: a person who goes
/// from page to page asks far less often.
pub(super) const SHOWN_PER_MINUTE: u32 = 30;
/// How often an idle socket is pinged.
const PING_EVERY: Duration = Duration::from_secs(4);
/// The close code for those who should reconnect, but not at once (IANA's WebSocket Close Code registry).
const TRY_AGAIN_LATER: u16 = 1013;
/// A socket that was not heard from for this long is gone; it is looked after at every ping.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// When such a socket is gone at the latest.
const GONE_AFTER: Duration = SILENCE_MAX.saturating_add(PING_EVERY);

/// One browser's conversation.
pub(super) struct Talk<'a> {
    pub(super) socket: &'a mut WebSocket,
    pub(super) session: Session,
    pub(super) connection: Connection,
    /// Whose socket it is, where their cookie said so.
    pub(super) person: Option<PersonId>,
    /// The protocol's version that both ends speak.
    pub(super) version: u32,
    /// How often it may yet ask for parties, mailboxes and the draw.
    pub(super) shown: Budget,
    /// The mailbox that its page shows, until it is known whose it is.
    pub(super) unproved: Option<MailAddress>,
    pub(super) state: &'a AppState,
    /// Made with the first click: most sessions only watch.
    pub(super) rate: Option<Box<Budget>>,
    /// The number that the next click has; nothing before the first on this connection.
    pub(super) next: Option<u64>,
    /// Whether the click of that number was refused last.
    pub(super) refusing: bool,
    /// When anything last came from the browser.
    pub(super) heard: Instant,
}

impl Talk<'_> {
    /// Goes on until the socket is to end.
    pub(super) async fn run(&mut self) -> End {
        let stopping = self.state.stopping.cancelled();
        tokio::pin!(stopping);
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                // Made once: each new one would take a lock that all sockets share.
                () = &mut stopping => Err(restart()),
                message = self.socket.recv() => {
                    self.heard = Instant::now();
                    self.hear(message).await
                }
                outgoing = self.session.next() => match outgoing {
                    Some(outgoing) => self.tell(outgoing).await,
                    None => Err(restart()),
                },
                _ = pings.tick() => {
                    self.prove_mail().await;
                    self.look_after().await
                }
            };
            if let Err(end) = outcome {
                return end;
            }
        }
    }

    /// Pings a browser that is quiet, and ends with one that is gone.
    async fn look_after(&mut self) -> Result<(), End> {
        let silence = self.heard.elapsed();
        if silence >= SILENCE_MAX {
            Err(End::Close(close::SILENT, "Nothing was heard".into()))
        } else if silence >= PING_EVERY / 2 {
            self.send(Message::Ping(Bytes::new())).await
        } else {
            Ok(())
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => match ClientFrame::decode(&text)
                .map_err(End::malformed)?
            {
                ClientFrame::Click { seq, by } => self.click(seq, by).await,
                ClientFrame::Party { party_code } => self.show_party(party_code).await,
                ClientFrame::Mail { address } => self.show_mail(address).await,
                ClientFrame::Draw => self.show_draw(),
                ClientFrame::Hello { .. } => Err(End::malformed("only the first frame is a hello")),
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(End::malformed("frames are text")),
            Some(Err(error)) => Err(End::of(error)),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
        }
    }

    /// Shows a party from now on, or none. That may cost Redis a call: a socket does so now and then. Naming a code
    /// that is no party's is a guess, as over REST: an address that has made too many is asked to come back later.
    async fn show_party(&mut self, code: Option<PartyCode>) -> Result<(), End> {
        if self.shown.take_one().is_err() {
            return Err(later("Too many parties at once"));
        }
        if let Some(code) = code {
            let who = (self.connection.address(), self.person);
            let call = self.state.engine.parties().show(code);
            // Of no party, nothing is shown until there is one. Where Redis does not answer, the party comes
            // once it does.
            if let Err(PartyRefusal::TooManyGuesses(_)) = naming(self.state, who, code, call).await
            {
                return Err(later("Too many codes of no party"));
            }
        }
        self.session.party(code);
        Ok(())
    }

    /// Shows a mailbox from now on, if it is theirs whose cookie came with the socket. Asking costs Redis a call:
    /// a socket does so now and then. Where Redis does not answer, it is asked again at the next pings.
    async fn show_mail(&mut self, address: MailAddress) -> Result<(), End> {
        if self.shown.take_one().is_err() {
            return Err(later("Too many mailboxes at once"));
        }
        self.session.mail(None);
        self.unproved = Some(address);
        self.prove_mail().await;
        Ok(())
    }

    /// Shows the mailbox that was asked for and is not shown yet, once it is known whose it is.
    async fn prove_mail(&mut self) {
        let Some((address, person)) = self.unproved.take().zip(self.person) else {
            return;
        };
        let proof = Proof::from(person);
        match self.state.engine.mail().is_owner(&address, &proof).await {
            Ok(true) => self.session.mail(Some(address)),
            // They are told nothing: their page has a mailbox of another address by now, or none.
            Ok(false) => {}
            Err(error) => {
                tracing::debug!(%error, "Whose mailbox a page shows is not known");
                self.unproved = Some(address);
            }
        }
    }

    /// Shows the draw from now on. That costs Redis nothing, but each time a frame of all points.
    fn show_draw(&mut self) -> Result<(), End> {
        if self.version < VERSION_WITH_DRAW {
            return Err(End::malformed("the draw is of a later version"));
        }
        if self.shown.take_one().is_err() {
            return Err(later("The draw too often at once"));
        }
        self.session.draw();
        Ok(())
    }

    async fn click(&mut self, seq: u64, by: Step) -> Result<(), End> {
        match self.next {
            Some(next) if seq > next && self.refusing => return Ok(()),
            Some(next) if seq != next => return Err(End::malformed("click numbers rise by one")),
            _ => {}
        }
        let rates = &self.state.config.rates;
        let rate = self.rate.get_or_insert_with(|| {
            Box::new(Budget::per_second(
                rates.session_clicks,
                rates.session_clicks_at_once,
            ))
        });
        if rate.take_one().is_err() || self.connection.address().clicks.take_one().is_err() {
            return self.refuse(seq, too_many_clicks(1).into_problem()).await;
        }
        match self.session.click(seq, by) {
            Ok(()) => {
                (self.next, self.refusing) = (seq.checked_add(1), false);
                Ok(())
            }
            Err(ClickError::OutOfOrder) => Err(End::malformed(ClickError::OutOfOrder)),
            Err(_) => self.refuse(seq, too_many_waiting().into_problem()).await,
        }
    }

    /// Refuses a click and all that were sent after it, until the browser, which has heard that, begins
    /// again with its number: a later click must never be counted before an earlier one is settled.
    async fn refuse(&mut self, seq: u64, problem: Problem) -> Result<(), End> {
        (self.next, self.refusing) = (Some(seq), true);
        self.send(encode(&ServerFrame::Refused { seq, problem })?)
            .await
    }

    async fn tell(&mut self, outgoing: Outgoing) -> Result<(), End> {
        let message = match outgoing {
            Outgoing::Frame(json) => Message::Text(json.try_into().map_err(|_| internal())?),
            Outgoing::Counted(receipt) => encode(&ServerFrame::Ack {
                seq: receipt.seq,
                epoch: receipt.epoch,
                rev: receipt.rev,
            })?,
        };
        self.send(message).await
    }

    /// Sends to a browser that takes it in time: one that has been silent gets less, so that a browser that
    /// is gone is so within the time that its silence may last, whatever we were doing then.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let patience = GONE_AFTER.saturating_sub(self.heard.elapsed());
        send_within(patience.min(SEND_TIMEOUT), self.socket, message).await
    }
}

/// Asks the browser to come back, but not at once.
fn later(reason: &str) -> End {
    End::Close(TRY_AGAIN_LATER, reason.into())
}
