"""Invitations: links that an owner hands on, so that no mail server is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from planner_core.vocabulary import Role
from taskplanner.accounts.credentials import digest_of, make_secret
from taskplanner.accounts.errors import InvitationForAnother, InvitationNotUsable
from taskplanner.accounts.models import Invitation, Membership, Team, User
from taskplanner.accounts.selectors import find_invitation, membership_of
from taskplanner.accounts.services.teams import add_member

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made, with its path: the only time that it can be shown."""

    invitation: Invitation
    path: str


@transaction.atomic
def invite(*, team: Team, created_by: User, role: Role, email: str = "") -> NewInvitation:
    """Make an invitation that works once, for a week; with an address, for that person only."""
    secret = make_secret()
    invitation = Invitation.objects.create(
        team=team,
        created_by=created_by,
        role=role,
        email=email.strip().lower(),
        digest=digest_of(secret, "invitation"),
        expires_at=timezone.now() + LIFETIME,
    )
    return NewInvitation(invitation, reverse("invitation", args=[secret]))


@transaction.atomic
def accept_invitation(*, secret: str, user: User) -> Membership:
    """Put the person into the team that invites them; a member stays as they are, and uses up nothing.

    Raises InvitationNotUsable, or InvitationForAnother when it names another address.
    """
    invitation = find_invitation(secret)
    if invitation is None:
        raise InvitationNotUsable
    present = membership_of(user, invitation.team)
    if present is not None:
        return present
    if invitation.email and invitation.email != user.email:
        raise InvitationForAnother
    now = timezone.now()
    claimed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(
        accepted_at=now, accepted_by=user
    )
    if not claimed:
        # A second click, sent while the first one was under way, finds the person in the team by now.
        present = membership_of(user, invitation.team)
        if present is None:
            raise InvitationNotUsable
        return present
    return add_member(team=invitation.team, user=user, role=Role(invitation.role))


@transaction.atomic
def cancel_invitation(*, team: Team, pk: int) -> None:
    """Forget an invitation to the team that nobody has accepted; harmless when it has gone."""
    Invitation.objects.filter(team=team, pk=pk, accepted_at=None).delete()
