"""The account page: name, e-mail address, password."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from taskplanner.accounts import services
from taskplanner.accounts.models import User
from tests.cast import Cast

PASSWORD = "seven wet umbrellas"
POSTS = ("change_name", "change_email")


@pytest.fixture
def ada(client: Client, db: None) -> User:
    user = services.sign_up(email="ada@example.com", name="Ada", password=PASSWORD)
    client.force_login(user)
    return user


def test_the_page_shows_oneself(client: Client, ada: User) -> None:
    """Name, address, teams, and the way to another password."""
    response = client.get(reverse("account_settings"))
    for text in ("Ada", "ada@example.com", "Ada’s team", reverse("account_change_password")):
        assertContains(response, text)


@pytest.mark.parametrize("name", POSTS)
def test_changes_take_a_post(client: Client, ada: User, name: str) -> None:
    """A link changes nothing."""
    assert client.get(reverse(name)).status_code == 405


def test_a_name_is_changed(client: Client, ada: User) -> None:
    """And twice is harmless."""
    for _ in range(2):
        assertRedirects(
            client.post(reverse("change_name"), {"name": " Ada L. "}), reverse("account_settings")
        )
    ada.refresh_from_db()
    assert ada.name == "Ada L."


def test_an_empty_name_answers_422(client: Client, ada: User) -> None:
    """With the page and the reason."""
    assertContains(client.post(reverse("change_name"), {"name": " "}), "required", status_code=422)


def test_an_address_is_changed_with_the_password(client: Client, ada: User) -> None:
    """From then on one signs in with it, and with the old one no longer."""
    fields = {"email": "Ada@Lovelace.org", "password": PASSWORD}
    assertRedirects(client.post(reverse("change_email"), fields), reverse("account_settings"))
    url = reverse("account_login")
    assert Client().post(url, {"login": "ada@lovelace.org", "password": PASSWORD}).status_code == 302
    assert Client().post(url, {"login": "ada@example.com", "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "new@example.com", "password": "wrong"}, "not your password"),
        ({"email": "new@example.com"}, "required"),
        ({"email": "nonsense", "password": PASSWORD}, "valid email"),
        ({"email": "OWNER@example.com", "password": PASSWORD}, "already signs in"),
    ],
)
def test_an_address_that_will_not_do_answers_422(
    client: Client, cast: Cast, ada: User, fields: dict[str, str], message: str
) -> None:
    """The address stays."""
    assertContains(client.post(reverse("change_email"), fields), message, status_code=422)
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_guessing_the_password_here_is_slowed_down(client: Client, ada: User) -> None:
    """Somebody at an unlocked screen cannot try forever."""
    fields = {"email": "eve@example.com", "password": "wrong"}
    codes = [client.post(reverse("change_email"), fields).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_who_came_by_link_sets_a_first_password(cast: Cast) -> None:
    """Stays signed in, and can sign in with it; a second time it is a change."""
    client = cast.client("owner")
    assertContains(client.get(reverse("account_settings")), reverse("account_set_password"))
    assertRedirects(client.get(reverse("account_change_password")), reverse("account_set_password"))
    fields = {"password1": PASSWORD, "password2": PASSWORD}
    assertRedirects(client.post(reverse("account_set_password"), fields), reverse("account_settings"))
    assertContains(client.get(reverse("account_settings")), reverse("account_change_password"))
    login = {"login": cast.owner.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), login).status_code == 302
    assertRedirects(client.post(reverse("account_set_password"), fields), reverse("account_change_password"))


def test_who_came_by_link_changes_the_address_without_a_password(cast: Cast) -> None:
    """There is none to ask for."""
    response = cast.client("owner").post(reverse("change_email"), {"email": "boss@example.com"})
    assertRedirects(response, reverse("account_settings"), fetch_redirect_response=False)
    assert User.objects.filter(email="boss@example.com").exists()


def test_a_password_is_changed_with_the_old_one(client: Client, ada: User) -> None:
    """This browser stays signed in, all others are signed out."""
    elsewhere = Client()
    elsewhere.force_login(ada)
    assertContains(client.get(reverse("account_change_password")), "Change your password")
    fields = {"oldpassword": PASSWORD, "password1": "eight dry umbrellas", "password2": "eight dry umbrellas"}
    assertRedirects(client.post(reverse("account_change_password"), fields), reverse("account_settings"))
    assert elsewhere.get(reverse("account_settings")).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"oldpassword": "wrong", "password1": "eight dry umbrellas", "password2": "eight dry umbrellas"},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
        {"oldpassword": PASSWORD, "password1": "eight dry umbrellas", "password2": "nine dry umbrellas"},
    ],
)
def test_a_password_that_will_not_do_answers_422(client: Client, ada: User, fields: dict[str, str]) -> None:
    """The old one stays."""
    assert client.post(reverse("account_change_password"), fields).status_code == 422
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["account_settings", "account_change_password", "account_set_password"])
def test_signed_out_people_are_asked_to_sign_in(client: Client, db: None, name: str) -> None:
    """And come back to the page afterwards."""
    url = reverse(name)
    assertRedirects(client.get(url), f"{reverse('account_login')}?next={url}")
