"""The database itself refuses what must never be stored."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from planner_core.vocabulary import Role
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Scope, Team, User
from tests.cast import Cast


def test_an_address_is_stored_in_lower_case(db: None) -> None:
    """People are found whatever case they type."""
    assert User.objects.create_user(email=" Ada@Example.COM ").email == "ada@example.com"


def test_an_address_in_upper_case_is_refused(db: None) -> None:
    """Two people cannot differ by case alone."""
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Ada@example.com")


def test_an_address_is_taken_once(cast: Cast) -> None:
    """Nobody shares an address."""
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email="OWNER@example.com")


def test_nobody_is_in_a_team_twice(cast: Cast) -> None:
    """A person has one role in a team."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(team=cast.team, user=cast.viewer, role=Role.LEAD)


def test_an_unknown_role_is_refused(cast: Cast) -> None:
    """A role that no code knows is not stored."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(team=cast.team, user=cast.outsider, role="king")


def test_a_slug_is_taken_once(cast: Cast) -> None:
    """A link leads to one team."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(name="Crew again", slug="crew")


def test_an_unknown_scope_is_refused(cast: Cast) -> None:
    """A token cannot hold rights that no code knows."""
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.create(
            team=cast.team, created_by=cast.owner, name="x", prefix="p", digest="d", scope="all"
        )


def test_the_prefix_of_a_token_is_taken_once(cast: Cast) -> None:
    """A prefix finds one token."""
    fields = {"team": cast.team, "created_by": cast.owner, "name": "x", "prefix": "p", "scope": Scope.READ}
    ApiToken.objects.create(**fields, digest="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.create(**fields, digest="b")


def test_an_invitation_is_accepted_by_somebody_at_some_time(cast: Cast) -> None:
    """Who and when are stored together or not at all."""
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            team=cast.team,
            created_by=cast.owner,
            role=Role.MEMBER,
            digest="d",
            expires_at=now,
            accepted_at=now,
        )


def test_things_introduce_themselves(cast: Cast) -> None:
    """People are shown by name, else by address; nothing prints a secret."""
    assert str(cast.owner) == "Owner"
    assert str(User(email="a@b.org")) == "a@b.org"
    assert str(cast.team) == "Crew"
    assert str(cast.membership("lead")) == "Lead as lead of Crew"
