"""Teams and who is in them."""

from __future__ import annotations

import itertools

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from planner_core.vocabulary import Role
from taskplanner.accounts.errors import AlreadyMember, LastOwner
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Team, User

LONGEST_SLUG = 50  # leaves room for the number that makes it unique


@transaction.atomic
def create_team(*, name: str, owner: User) -> Team:
    """Store a team with one owner; its slug is made of its name, with a number where that one is taken."""
    team = _store_team(name.strip())
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


def _store_team(name: str) -> Team:
    stem = slugify(name)[:LONGEST_SLUG].strip("-") or "team"
    for number in itertools.count(1):
        slug = stem if number == 1 else f"{stem}-{number}"
        team, created = Team.objects.get_or_create(slug=slug, defaults={"name": name})
        if created:
            return team
    raise AssertionError("counting never ends")


@transaction.atomic
def rename_team(*, team: Team, name: str) -> Team:
    """Give a team another name; its slug, and so its links, stay."""
    team.name = name.strip()
    team.save(update_fields=["name"])
    return team


@transaction.atomic
def add_member(*, team: Team, user: User, role: Role) -> Membership:
    """Put a person into a team. Raises AlreadyMember."""
    membership, created = Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    if not created:
        raise AlreadyMember
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role) -> Membership:
    """Give a member another role. Raises LastOwner when it would leave the team without an owner.

    Who stops being an owner loses the tokens they made and the invitations of theirs still open.
    """
    _lock(membership.team)
    if role != Role.OWNER:
        _keep_an_owner_besides(membership)
        _withdraw_secrets(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take a person out of a team, with their tokens and open invitations; raises LastOwner.

    Removing somebody who has gone already is harmless.
    """
    _lock(membership.team)
    _keep_an_owner_besides(membership)
    _withdraw_secrets(membership)
    Membership.objects.filter(pk=membership.pk).delete()


def _lock(team: Team) -> None:
    # Two owners who leave at the same time would each see the other: one has to wait.
    Team.objects.select_for_update().get(pk=team.pk)


def _keep_an_owner_besides(membership: Membership) -> None:
    owners = Membership.objects.filter(team_id=membership.team_id, role=Role.OWNER)
    is_owner = owners.filter(pk=membership.pk).exists()
    if is_owner and not owners.exclude(pk=membership.pk).exists():
        raise LastOwner


def _withdraw_secrets(membership: Membership) -> None:
    # Both were shown to the person who made them, who may still have them.
    theirs = {"team_id": membership.team_id, "created_by_id": membership.user_id}
    ApiToken.objects.filter(**theirs, revoked_at=None).update(revoked_at=timezone.now())
    Invitation.objects.filter(**theirs, accepted_at=None).delete()
