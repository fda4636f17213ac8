"""Coming in by password, by link, by sign-up; going out."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from planner_core.vocabulary import Role
from taskplanner.accounts import services
from taskplanner.accounts.models import User
from taskplanner.accounts.selectors import role_of, teams_of
from tests.cast import Cast

PASSWORD = "seven wet umbrellas"


@pytest.fixture
def ada(db: None) -> User:
    return services.sign_up(email="ada@example.com", name="Ada", password=PASSWORD)


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def log_in(client: Client, email: str, password: str) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


# --- By password -----------------------------------------------------------------------------------------


def test_the_right_password_signs_in(client: Client, ada: User) -> None:
    """By address, in any case."""
    assert log_in(client, "ADA@example.com", PASSWORD) == 302
    assert who(client) == str(ada.pk)


def test_signing_in_returns_to_the_page_one_wanted(client: Client, ada: User) -> None:
    """To a page of this site only."""
    url = reverse("account_login")
    for wanted, leads_to in (("/somewhere/", "/somewhere/"), ("https://evil.example/", "/")):
        response = Client().post(url, {"login": ada.email, "password": PASSWORD, "next": wanted})
        assert (response.status_code, response["Location"]) == (302, leads_to)


def test_unknown_person_and_wrong_password_get_the_same_answer(client: Client, ada: User) -> None:
    """Nobody learns from it who has an account here."""
    answers = []
    for email in ("ada@example.com", "eve@example.com"):
        response = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        assert response.status_code == 422
        answers.append(response.context["form"].errors.as_json())
    assert answers[0] == answers[1]
    assert who(client) is None


def test_somebody_without_a_password_gets_that_answer_too(client: Client, cast: Cast) -> None:
    """The local owner, who came by link, cannot be told apart."""
    for password in ("", "wrong", "!"):
        assert log_in(client, cast.owner.email, password) == 422
    assert who(client) is None


def test_guessing_is_slowed_down(client: Client, ada: User) -> None:
    """After five wrong passwords for an address not even the right one is taken for a while."""
    for _ in range(5):
        assert log_in(client, ada.email, "wrong") == 422
    response = client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    assertContains(response, "Too many failed login attempts", status_code=422)
    assert who(client) is None


def test_too_many_requests_are_answered_429(client: Client, db: None) -> None:
    """One address on the network may ask 30 times a minute."""
    codes = {log_in(client, f"person{number}@example.com", "wrong") for number in range(31)}
    assert codes == {422, 429}


def test_signing_in_gives_a_new_session(client: Client, ada: User) -> None:
    """A session that somebody else may have planted is worth nothing afterwards."""
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    assert before is not None
    client.cookies["taskplanner-session"] = before
    log_in(client, ada.email, PASSWORD)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_posts_without_a_csrf_token_are_refused(ada: User) -> None:
    """Also on the sign-in page."""
    client = Client(enforce_csrf_checks=True)
    assert log_in(client, ada.email, PASSWORD) == 403


def test_signing_out_takes_a_post(client: Client, ada: User) -> None:
    """A link or a picture elsewhere signs nobody out; twice is harmless."""
    client.force_login(ada)
    assertContains(client.get(reverse("account_logout")), "Sign out?")
    assert who(client) is not None
    assertRedirects(client.post(reverse("account_logout")), reverse("account_login"))
    assert who(client) is None
    assertRedirects(client.post(reverse("account_logout")), reverse("account_login"))


def test_signing_out_without_a_password_warns(cast: Cast) -> None:
    """Who came by link is told to set a password first."""
    assertContains(cast.client("owner").get(reverse("account_logout")), "Set one first")


# --- By link ---------------------------------------------------------------------------------------------


def test_a_link_signs_in_once(client: Client, cast: Cast) -> None:
    """The second time, in another browser, there is a page that says what to do."""
    path = services.issue_sign_in_link(user=cast.lead)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert who(client) == str(cast.lead.pk)
    other = Client()
    assertContains(other.get(path), "python manage.py sign_in_link", status_code=410)
    assert who(other) is None
    assertContains(client.get(path), "You are signed in as Lead", status_code=410)


def test_an_invented_link_gets_the_same_page(client: Client, db: None) -> None:
    """Nothing tells a used link from one that never was."""
    response = client.get(reverse("sign_in_link", args=["invented"]))
    assertContains(response, "This link has done its work", status_code=410)


def test_only_a_get_uses_the_link_up(client: Client, cast: Cast) -> None:
    """A preview that asks for the head does not, nor does a post."""
    path = services.issue_sign_in_link(user=cast.lead)
    assert client.head(path).status_code == 405
    assert client.post(path).status_code == 405
    assert client.get(path).status_code == 302


def test_a_link_gives_a_new_session_and_changes_who_is_there(cast: Cast) -> None:
    """Nothing of the person who was signed in before is left."""
    client = cast.client("outsider")
    before = client.session.session_key
    client.get(services.issue_sign_in_link(user=cast.lead))
    assert client.session.session_key != before
    assert who(client) == str(cast.lead.pk)


def test_no_cache_keeps_the_page_of_a_link(client: Client, cast: Cast) -> None:
    """Neither the browser's nor one on the way."""
    assert "no-store" in client.get(services.issue_sign_in_link(user=cast.lead))["Cache-Control"]


# --- By sign-up ------------------------------------------------------------------------------------------

NEW = {"name": "Bo", "email": "Bo@example.com", "password1": PASSWORD}


def test_sign_up_is_closed_by_default(client: Client, db: None) -> None:
    """The page says how to come in; sending the form all the same makes nobody."""
    assertContains(client.get(reverse("account_signup")), "Sign-up is closed")
    client.post(reverse("account_signup"), NEW)
    assert not User.objects.exists()
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()


def test_open_sign_up_gives_a_team_of_ones_own(client: Client, db: None, settings: Settings) -> None:
    """And signs the person in."""
    settings.SIGNUP_OPEN = True
    assertContains(client.get(reverse("account_login")), reverse("account_signup"))
    assertContains(client.get(reverse("account_signup")), "Your name")
    assert client.post(reverse("account_signup"), NEW).status_code == 302
    user = User.objects.get(email="bo@example.com")
    assert who(client) == str(user.pk)
    assert [team.name for team in teams_of(user)] == ["Bo’s team"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"password1": "short"}, "too short"),
        ({"password1": "password123"}, "too common"),
        ({"password1": "bo@example.com"}, "too similar"),
        ({"email": "nonsense"}, "valid email"),
        ({"email": "ADA@example.com"}, "already registered"),
        ({"name": ""}, "required"),
    ],
)
def test_a_sign_up_that_will_not_do_answers_422(
    client: Client, ada: User, settings: Settings, change: dict[str, str], message: str
) -> None:
    """With what is wrong beside the field; nobody is made."""
    settings.SIGNUP_OPEN = True
    assertContains(client.post(reverse("account_signup"), NEW | change), message, status_code=422)
    assert User.objects.count() == 1


def test_a_second_sign_up_at_the_same_time_answers_422(
    client: Client, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the address was free when the form was checked and taken when it was stored."""
    settings.SIGNUP_OPEN = True
    real = services.sign_up

    def late(**fields: str) -> User:
        real(**fields)
        return real(**fields)

    monkeypatch.setattr("taskplanner.accounts.forms.sign_up", late)
    response = client.post(reverse("account_signup"), NEW)
    assertContains(response, "Somebody already signs in with this e-mail address", status_code=422)


def test_an_invitation_opens_sign_up(client: Client, cast: Cast) -> None:
    """Who comes by one may sign up though it is closed, and is in the team at once; only once."""
    path = services.invite(team=cast.team, created_by=cast.owner, role=Role.MEMBER).path
    assertContains(client.get(path), "Sign up and join")
    assertContains(client.get(reverse("account_signup")), "Your name")
    assert client.post(reverse("account_signup"), NEW).status_code == 302
    user = User.objects.get(email="bo@example.com")
    assert role_of(user, cast.team) is Role.MEMBER
    assert list(teams_of(user)) == [cast.team]
    second = Client()
    assert second.get(path).status_code == 410
    assertContains(second.get(reverse("account_signup")), "Sign-up is closed")


def test_an_invitation_for_another_address_answers_422(client: Client, cast: Cast) -> None:
    """Signing up with a different one is refused with the reason."""
    path = services.invite(
        team=cast.team, created_by=cast.owner, role=Role.MEMBER, email="ada@example.com"
    ).path
    assertContains(client.get(path), "?email=ada%40example.com")
    response = client.post(reverse("account_signup"), NEW)
    assertContains(response, "another e-mail address", status_code=422)
    assert not User.objects.filter(email="bo@example.com").exists()
