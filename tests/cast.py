"""The cast of every test about access: a team with one person of each role, and people outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.test import Client

from planner_core.vocabulary import Role
from taskplanner.accounts.models import Membership, Team, User
from taskplanner.accounts.services import add_member, create_team

Part = Literal["owner", "lead", "member", "viewer", "outsider", "signed_out"]
PARTS: tuple[Part, ...] = ("owner", "lead", "member", "viewer", "outsider", "signed_out")
MEMBERS: tuple[Part, ...] = ("owner", "lead", "member", "viewer")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: `outsider` owns `other_team` and has nothing to do with `team`. Nobody has a password."""

    team: Team
    owner: User
    lead: User
    member: User
    viewer: User
    outsider: User
    other_team: Team

    def user(self, part: Part) -> User | None:
        """The person who plays a part; None for `signed_out`."""
        people: dict[Part, User | None] = {
            "owner": self.owner,
            "lead": self.lead,
            "member": self.member,
            "viewer": self.viewer,
            "outsider": self.outsider,
            "signed_out": None,
        }
        return people[part]

    def client(self, part: Part) -> Client:
        """A new browser in which this person is signed in; for `signed_out` nobody."""
        client, user = Client(), self.user(part)
        if user is not None:
            client.force_login(user)
        return client

    def membership(self, part: Part) -> Membership:
        """The person's membership of `team`."""
        return Membership.objects.select_related("team", "user").get(team=self.team, user=self.user(part))


def make_cast() -> Cast:
    """Store the cast: the team “Crew” (slug `crew`) and the team “Others” (slug `others`)."""

    def person(name: str) -> User:
        return User.objects.create_user(email=f"{name}@example.com", name=name.capitalize())

    owner, lead, member, viewer, outsider = map(person, ("owner", "lead", "member", "viewer", "outsider"))
    team = create_team(name="Crew", owner=owner)
    add_member(team=team, user=lead, role=Role.LEAD)
    add_member(team=team, user=member, role=Role.MEMBER)
    add_member(team=team, user=viewer, role=Role.VIEWER)
    other_team = create_team(name="Others", owner=outsider)
    return Cast(team, owner, lead, member, viewer, outsider, other_team)
