"""Two people meet in a party, through a client that was generated from the document.

Called with the server's address. It names nothing of HTTP: paths, fields and status codes are the
document's.
"""

import sys

from client import Client
from client.api.dispatch import find_manager
from client.api.parties import (
    create_party,
    join_party,
    leave_party,
    list_participants,
    nearby_parties,
    rename_participant,
    show_party,
)
from client.models import (
    ManagerFound,
    NewName,
    NewParticipant,
    NewParty,
    Party,
    PartyCreated,
    PartyJoined,
    Problem,
)


def expect(kind, answer):
    assert isinstance(answer, kind), answer
    return answer


def main(server):
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
        found = nearby_parties.sync(client=client, **place)
        assert code in [party.party_code for party in found], found
        expect(type(None), leave_party.sync(code, plan.device_id, client=client))
        (left,) = list_participants.sync(code, client=client)
        assert (left.participant_name, left.is_leader) == ("Bobby", True), left
        expect(Party, show_party.sync(code, client=client))
        expect(type(None), leave_party.sync(code, bob.device_id, client=client))
        gone = expect(Problem, show_party.sync(code, client=client))
        assert gone.type_ == "unknown-party", gone


main(sys.argv[1])
