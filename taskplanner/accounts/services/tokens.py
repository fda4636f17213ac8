"""API tokens: made, used, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from taskplanner.accounts.credentials import digest_of, join_token, make_prefix, make_secret
from taskplanner.accounts.models import ApiToken, Scope, Team, User

# A token that works all day writes its last use once a minute, not once a request.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with the text that programs show: the only time that it can be read."""

    token: ApiToken
    text: str


@transaction.atomic
def create_token(
    *, team: Team, created_by: User, name: str, scope: Scope, expires_at: datetime | None = None
) -> NewToken:
    """Make a token that acts for the team until it expires, if ever, or is revoked."""
    prefix, secret = make_prefix(), make_secret()
    token = ApiToken.objects.create(
        team=team,
        created_by=created_by,
        name=name.strip(),
        scope=scope,
        prefix=prefix,
        digest=digest_of(secret, "API token"),
        expires_at=expires_at,
    )
    return NewToken(token, join_token(prefix, secret))


@transaction.atomic
def revoke_token(*, team: Team, pk: int) -> None:
    """Make a token of the team work no longer; harmless when it does not anyway."""
    ApiToken.objects.filter(team=team, pk=pk, revoked_at=None).update(revoked_at=timezone.now())


def note_use_of_token(*, token: ApiToken, now: datetime) -> None:
    """Remember that a token was used, to the minute."""
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
