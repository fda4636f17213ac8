"""Started by test_races: people who act at the same moment, on whatever database the environment names.

`python -m tests.accounts.race ROUNDS` prints how the races ended, as JSON: `{race: {outcome: rounds}}`.
An outcome is what each of them got, sorted, and what was left.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402  # models can be imported only now

from planner_core.vocabulary import Role  # noqa: E402
from taskplanner.accounts import services  # noqa: E402
from taskplanner.accounts.errors import AccountError  # noqa: E402
from taskplanner.accounts.models import Membership, Team, User  # noqa: E402


def at_once(*actions: Callable[[], object]) -> str:
    """Run each action in a thread of its own, all released together; return what each got, sorted."""
    barrier, results = threading.Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            action()
            results.append("ok")
        except AccountError as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return " ".join(sorted(results))


def person(name: str) -> User:
    return User.objects.create_user(email=f"{name}@example.com")


def secret_in(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def both_owners_go(number: int) -> str:
    ada, bo = person(f"ada{number}"), person(f"bo{number}")
    team = services.create_team(name="Pair", owner=ada)
    services.add_member(team=team, user=bo, role=Role.OWNER)
    of_ada, of_bo = Membership.objects.filter(team=team).select_related("team")
    got = at_once(
        lambda: services.remove_member(membership=of_ada),
        lambda: services.change_role(membership=of_bo, role=Role.VIEWER),
    )
    return f"{got}, {Membership.objects.filter(team=team, role=Role.OWNER).count()} owner"


def one_link_in_three_browsers(number: int) -> str:
    secret = secret_in(services.issue_sign_in_link(user=person(f"link{number}")))
    return at_once(*[lambda: services.use_sign_in_link(secret=secret)] * 3)


def one_invitation_for_two_people(number: int) -> str:
    host, guest, other = person(f"host{number}"), person(f"guest{number}"), person(f"other{number}")
    team = services.create_team(name="Host", owner=host)
    secret = secret_in(services.invite(team=team, created_by=host, role=Role.MEMBER).path)
    got = at_once(
        lambda: services.accept_invitation(secret=secret, user=guest),
        lambda: services.accept_invitation(secret=secret, user=other),
    )
    return f"{got}, {team.memberships.count()} members"


def one_invitation_clicked_twice(number: int) -> str:
    host, guest = person(f"patient{number}"), person(f"hasty{number}")
    team = services.create_team(name="Host", owner=host)
    secret = secret_in(services.invite(team=team, created_by=host, role=Role.MEMBER).path)
    got = at_once(*[lambda: services.accept_invitation(secret=secret, user=guest)] * 2)
    return f"{got}, {team.memberships.count()} members"


def three_teams_of_one_name(number: int) -> str:
    owner, name = person(f"founder{number}"), f"Team {number}"
    got = at_once(*[lambda: services.create_team(name=name, owner=owner)] * 3)
    return f"{got}, {Team.objects.filter(name=name).count()} teams"


def one_address_signs_up_twice(number: int) -> str:
    email = f"new{number}@example.com"
    got = at_once(*[lambda: services.sign_up(email=email, name="New", password="x")] * 2)
    return f"{got}, {Team.objects.filter(memberships__user__email=email).count()} team"


RACES = (
    both_owners_go,
    one_link_in_three_browsers,
    one_invitation_for_two_people,
    one_invitation_clicked_twice,
    three_teams_of_one_name,
    one_address_signs_up_twice,
)

if __name__ == "__main__":
    rounds = range(int(sys.argv[1]))
    print(json.dumps({race.__name__: Counter(map(race, rounds)) for race in RACES}))
