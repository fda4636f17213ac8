"""People: how they come in, and what they say about themselves."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from planner_core.vocabulary import Role
from taskplanner.accounts.credentials import digest_of, make_secret
from taskplanner.accounts.errors import EmailTaken, LinkNotUsable
from taskplanner.accounts.models import SignInLink, User
from taskplanner.accounts.services.invitations import accept_invitation
from taskplanner.accounts.services.teams import create_team

LINK_LIFETIME = timedelta(hours=24)
LOCAL_OWNER = "owner@localhost"


@transaction.atomic
def sign_up(*, email: str, name: str, password: str, invitation: str = "") -> User:
    """Store a person, in the team that the invitation's secret is for, else in a team of their own.

    Raises EmailTaken, and what `accept_invitation` raises; then nobody is stored.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, name=name, password=password)
    except IntegrityError as error:
        raise EmailTaken from error
    if invitation:
        accept_invitation(secret=invitation, user=user)
    else:
        create_team(name=f"{user}’s team"[:80], owner=user)
    return user


@transaction.atomic
def ensure_local_owner() -> User:
    """The first person who owns a team; where nobody does yet, they are made, with “My team”."""
    owner = User.objects.filter(memberships__role=Role.OWNER).order_by("pk").first()
    if owner is not None:
        return owner
    person = User.objects.filter(email=LOCAL_OWNER).first()
    if person is None:
        person = User.objects.create_user(email=LOCAL_OWNER, name="Owner")
    create_team(name="My team", owner=person)
    return person


@transaction.atomic
def issue_sign_in_link(*, user: User) -> str:
    """Make a link that signs the person in once, within 24 hours; returns its path on this site."""
    secret = make_secret()
    SignInLink.objects.create(
        user=user, digest=digest_of(secret, "sign-in link"), expires_at=timezone.now() + LINK_LIFETIME
    )
    return reverse("sign_in_link", args=[secret])


@transaction.atomic
def use_sign_in_link(*, secret: str) -> User:
    """Use a sign-in link up and return whom it signs in; of two at the same time one wins.

    Raises LinkNotUsable when it was used, has expired, or never was.
    """
    digest = digest_of(secret, "sign-in link")
    now = timezone.now()
    used = SignInLink.objects.filter(digest=digest, used_at=None, expires_at__gt=now).update(used_at=now)
    if not used:
        raise LinkNotUsable
    return User.objects.get(sign_in_links__digest=digest)


@transaction.atomic
def change_name(*, user: User, name: str) -> User:
    """Change what a person is called."""
    user.name = name.strip()
    user.save(update_fields=["name"])
    return user


@transaction.atomic
def change_email(*, user: User, email: str) -> User:
    """Change the address that a person signs in with. Raises EmailTaken."""
    email = email.strip().lower()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=email)
    except IntegrityError as error:
        raise EmailTaken from error
    user.email = email
    return user
