"""What must hold when people act at the same moment, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.ground import Ground


def test_races_end_as_if_one_came_after_the_other(ground: Ground, count: Callable[[int, int], int]) -> None:
    """A team keeps an owner, a link and an invitation work once, names and addresses stay unique."""
    rounds = count(8, 100)
    ended = json.loads(ground.run("-m", "tests.accounts.race", str(rounds), timeout=600).splitlines()[-1])
    assert ended == {
        "both_owners_go": {"LastOwner ok, 1 owner": rounds},
        "one_link_in_three_browsers": {"LinkNotUsable LinkNotUsable ok": rounds},
        "one_invitation_for_two_people": {"InvitationNotUsable ok, 2 members": rounds},
        "one_invitation_clicked_twice": {"ok ok, 2 members": rounds},
        "three_teams_of_one_name": {"ok ok ok, 3 teams": rounds},
        "one_address_signs_up_twice": {"EmailTaken ok, 1 team": rounds},
    }
