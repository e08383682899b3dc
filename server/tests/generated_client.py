"""Two people meet in a party, write each other and ask the draw, through a client that was generated from the document.

Called with the server's address. It names nothing of HTTP: paths, fields and status codes are the
document's.
"""

import json
import sys

from client import AuthenticatedClient, Client
from client.api.dispatch import find_manager
from client.api.draw import max_two, show_draw, show_player
from client.api.mail import claim_address, export_messages, list_messages, send_message
from client.api.parties import (
    create_party,
    join_party,
    leave_party,
    list_participants,
    nearby_parties,
    read_party_chat,
    rename_participant,
    say_in_party,
    show_party,
)
from client.models import (
    AddressClaimed,
    Chat,
    ChatMessage,
    DrawReport,
    Inbox,
    ManagerFound,
    MaxTwo,
    MessageSent,
    NewAddress,
    NewChatMessage,
    NewMessage,
    NewName,
    NewParticipant,
    NewParty,
    Party,
    PartyCreated,
    PartyJoined,
    PlayerPoints,
    Problem,
)


def expect(kind, answer):
    assert isinstance(answer, kind), answer
    return answer


def meet(server):
    with Client(base_url=server) as client:
        place = {"lat": 48.2, "lng": 16.37}
        expect(ManagerFound, find_manager.sync(client=client, **place))
        plan = NewParty(device_id="generated-ann", participant_name="Ann", **place)
        code = expect(PartyCreated, create_party.sync(client=client, body=plan)).party_code
        bob = NewParticipant(device_id="generated-bob", participant_name="Bob")
        joined = expect(PartyJoined, join_party.sync(code, client=client, body=bob))
        assert joined.participant_id == 1, joined
        again = expect(PartyJoined, join_party.sync(code, client=client, body=bob))
        assert again.participant_id == 1, again
        name = NewName(participant_name="Bobby")
        expect(PartyJoined, rename_participant.sync(code, bob.device_id, client=client, body=name))
        line = NewChatMessage(device_id=bob.device_id, message="Where to?")
        said = expect(ChatMessage, say_in_party.sync(code, client=client, body=line))
        chat = expect(Chat, read_party_chat.sync(code, client=client, limit=10))
        assert chat.messages == [said], chat
        found = nearby_parties.sync(client=client, **place)
        assert code in [party.party_code for party in found], found
        expect(type(None), leave_party.sync(code, plan.device_id, client=client))
        (left,) = list_participants.sync(code, client=client)
        assert (left.participant_name, left.is_leader) == ("Bobby", True), left
        expect(Party, show_party.sync(code, client=client))
        expect(type(None), leave_party.sync(code, bob.device_id, client=client))
        gone = expect(Problem, show_party.sync(code, client=client))
        assert gone.type_ == "unknown-party", gone


def claim(client, address):
    return expect(AddressClaimed, claim_address.sync(client=client, body=NewAddress(address=address)))


def write_each_other(server):
    with Client(base_url=server) as client:
        ann, bob = claim(client, "1-ann"), claim(client, "2-bob")
        unknown = claim_address.sync(client=client, body=NewAddress(address="4-ann"))
        assert expect(Problem, unknown).type_ == "unknown-place", unknown
        forged = NewMessage(message="No", to=bob.address, from_=ann.address)
        refused = send_message.sync(client=client, body=forged)
        assert expect(Problem, refused).type_ == "not-owner", refused
    with AuthenticatedClient(base_url=server, token=ann.token) as client:
        letter = NewMessage(message="Fancy a flight?", to=bob.address, from_=ann.address)
        answers = [
            expect(MessageSent, send_message.sync(client=client, body=letter, idempotency_key="once"))
            for _ in range(2)
        ]
        assert answers[0] == answers[1], answers
    with AuthenticatedClient(base_url=server, token=bob.token) as client:
        inbox = expect(Inbox, list_messages.sync(client=client, address=bob.address, limit=1))
        (message,) = inbox.messages
        assert (message.id, message.verified) == (answers[0].id, True), message
        nothing = list_messages.sync(client=client, address=bob.address, after=inbox.next_)
        assert expect(Inbox, nothing).messages == [], nothing
        export = export_messages.sync_detailed(client=client, address=bob.address)
        (line,) = export.content.decode().splitlines()
        assert json.loads(line)["message"] == letter.message, line


def ask_the_draw(server):
    with Client(base_url=server) as client:
        draw = expect(DrawReport, show_draw.sync(client=client))
        assert sum(draw.histogram) == draw.players, draw
        last = expect(PlayerPoints, show_player.sync(draw.players, client=client))
        assert last.points < len(draw.histogram), last
        answer = max_two.sync_detailed(client=client)
        shown = expect(MaxTwo, answer.parsed)
        assert len(shown.users) <= 2 and int(answer.headers["draw-round"]) >= draw.round_, shown
        again = expect(MaxTwo, max_two.sync(client=client))
        assert len(again.timestamp) == len("2020-07-30 17:09:33"), again
        nobody = expect(Problem, show_player.sync(draw.players + 1, client=client))
        assert nobody.type_ == "unknown-player", nobody


def main(server):
    meet(server)
    write_each_other(server)
    ask_the_draw(server)


main(sys.argv[1])
