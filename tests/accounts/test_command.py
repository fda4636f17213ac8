"""`manage.py sign_in_link`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from taskplanner.accounts.models import SignInLink, User
from tests.cast import Cast

SITE = "http://plan.example:9000"


def run(*args: str) -> str:
    out = StringIO()
    call_command("sign_in_link", *args, stdout=out)
    return out.getvalue().strip()


def test_without_an_address_the_local_owner_is_signed_in(client: Client, db: None) -> None:
    """And made where there is none yet; the link works in a browser."""
    link = run(f"--site={SITE}/")
    assert link.startswith(f"{SITE}/")
    assert client.get(link.removeprefix(SITE)).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email="owner@localhost").pk)


def test_with_an_address_that_person_is(cast: Cast) -> None:
    """In any case of the letters."""
    run("Viewer@Example.com")
    assert SignInLink.objects.get().user == cast.viewer


def test_an_unknown_address_is_refused(cast: Cast) -> None:
    """With a message that says what to do."""
    with pytest.raises(CommandError, match=r"Nobody signs in with “x@y\.org”"):
        run("x@y.org")
    assert not SignInLink.objects.exists()
