//! The pages: one list, from which everything follows that is done for each of them.

use crate::draw::{self, DrawPage};
use crate::mail::{self, MailPage};
use crate::party::{PartiesPage, PartyPage, parties_page, party_page};
use crate::poll::{self, PollPage, PollState};
use crate::world::{self, WorldPage};
use protocol::{DrawState, MailState, PageState, PartiesState, PartyState};

// The world page is not split off: nearly all that it needs, all pages need. A file of its own would make a first visit
// 17 KB larger, beyond its budget, and other pages 7 to 25 KB smaller.
live::pages! {
    /// `/`.
    eager world: World(PageState) => WorldPage, world::page::head;
    /// `/party`.
    lazy parties: Parties(PartiesState) => PartiesPage, parties_page::head;
    /// `/party/{code}`.
    lazy party: Party(PartyState) => PartyPage, party_page::head;
    /// `/mail` and `/mail/{address}`.
    lazy mail: Mail(MailState) => MailPage, mail::page::head;
    /// `/draw`.
    lazy draw: Draw(DrawState) => DrawPage, draw::page::head;
    /// `/poll` and `/poll/{code}`.
    lazy poll: Poll(PollState) => PollPage, poll::head;
}
