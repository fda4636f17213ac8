"""Reading people, teams and roles."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from planner_core.vocabulary import Role
from taskplanner.accounts.credentials import digest_of, proves, split_token
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Team, User

_RANK = {role: rank for rank, role in enumerate(Role)}


def role_at_least(role: Role | str, least: Role | str) -> bool:
    """Whether a role includes everything that another one may do."""
    return _RANK[Role(role)] >= _RANK[Role(least)]


def teams_of(user: User) -> QuerySet[Team]:
    """The teams that a person belongs to, by name."""
    return Team.objects.filter(memberships__user=user).order_by("name", "pk")


def memberships_of_user(user: User) -> QuerySet[Membership]:
    """A person's memberships with their teams, by the team's name; `size` counts the team's members."""
    return (
        Membership.objects.filter(user=user)
        .select_related("team")
        .annotate(size=Count("team__memberships"))
        .order_by("team__name", "team_id")
    )


def membership_of(user: User | AnonymousUser, team: Team) -> Membership | None:
    """The person's membership of the team, or None for an outsider or somebody not signed in."""
    if not user.is_authenticated:
        return None
    return Membership.objects.select_related("team", "user").filter(user=user, team=team).first()


def role_of(user: User | AnonymousUser, team: Team) -> Role | None:
    """What the person is in the team, or None for an outsider or somebody not signed in."""
    membership = membership_of(user, team)
    return None if membership is None else Role(membership.role)


def members_of(team: Team) -> list[Membership]:
    """The memberships of a team with their users: owners first, then by role and by name."""
    memberships = Membership.objects.filter(team=team).select_related("user")
    return sorted(memberships, key=lambda each: (-_RANK[Role(each.role)], str(each.user).lower(), each.pk))


def open_invitations(team: Team, *, now: datetime) -> QuerySet[Invitation]:
    """The invitations to a team that can still be accepted, the newest first."""
    return (
        Invitation.objects.filter(team=team, accepted_at=None, expires_at__gt=now)
        .select_related("created_by")
        .order_by("-created_at", "-pk")
    )


def find_invitation(secret: str) -> Invitation | None:
    """The invitation with this secret, whether or not it can still be accepted."""
    return (
        Invitation.objects.filter(digest=digest_of(secret, "invitation"))
        .select_related("team", "created_by")
        .first()
    )


def tokens_of(team: Team) -> QuerySet[ApiToken]:
    """The API tokens of a team that are not revoked, expired ones included, the newest first."""
    return (
        ApiToken.objects.filter(team=team, revoked_at=None)
        .select_related("created_by")
        .order_by("-created_at", "-pk")
    )


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """The API token that a program shows, with its team, or None when it does not hold (any longer).

    Found by its prefix, then compared in constant time.
    """
    parts = split_token(text)
    if parts is None:
        return None
    prefix, secret = parts
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    token = ApiToken.objects.filter(unexpired, prefix=prefix, revoked_at=None).select_related("team").first()
    return token if token is not None and proves(secret, token.digest, "API token") else None
