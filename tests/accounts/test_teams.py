"""The pages of teams: each action works for who may, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from planner_core.vocabulary import Role
from taskplanner.accounts import services
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Scope, Team, User
from taskplanner.accounts.selectors import find_token, role_of, tokens_of
from tests.cast import MEMBERS, Cast, Part


def team_url(cast: Cast) -> str:
    return cast.team.get_absolute_url()


def post(cast: Cast, part: Part, name: str, /, *args: object, **fields: str) -> HttpResponse:
    return cast.client(part).post(reverse(name, args=["crew", *args]), fields)  # type: ignore[return-value]  # the test client's response is one


# What only owners do: the route's name, its further arguments, its fields.
OWNERS_ACTIONS: dict[str, Callable[[Cast], tuple[tuple[object, ...], dict[str, str]]]] = {
    "rename_team": lambda cast: ((), {"name": "Night crew"}),
    "change_role": lambda cast: ((cast.membership("viewer").pk,), {"role": "lead"}),
    "remove_member": lambda cast: ((cast.membership("viewer").pk,), {}),
    "invite": lambda cast: ((), {"role": "member"}),
    "cancel_invitation": lambda cast: ((Invitation.objects.get().pk,), {}),
    "create_token": lambda cast: ((), {"name": "CI", "scope": "read"}),
    "revoke_token": lambda cast: ((ApiToken.objects.get().pk,), {}),
}


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """The cast, with one invitation and one token."""
    services.invite(team=cast.team, created_by=cast.owner, role=Role.MEMBER, email="guest@example.com")
    services.create_token(team=cast.team, created_by=cast.owner, name="build server", scope=Scope.READ)
    return cast


def state() -> list[object]:
    """Everything that the owners' actions could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Team, Membership, Invitation, ApiToken)]


@pytest.mark.parametrize("name", OWNERS_ACTIONS)
def test_owners_may(busy: Cast, name: str) -> None:
    """The action answers with a page or leads to one, and changes something."""
    args, fields = OWNERS_ACTIONS[name](busy)
    before = state()
    assert post(busy, "owner", name, *args, **fields).status_code in (200, 302)
    assert state() != before


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead", 403), ("member", 403), ("viewer", 403), ("outsider", 404), ("signed_out", 302)],
)
@pytest.mark.parametrize("name", OWNERS_ACTIONS)
def test_nobody_else_may(busy: Cast, name: str, part: Part, status: int) -> None:
    """Lower roles get 403, outsiders 404, signed-out people the sign-in page; nothing changes."""
    args, fields = OWNERS_ACTIONS[name](busy)
    before = state()
    response = post(busy, part, name, *args, **fields)
    assert response.status_code == status
    if part == "signed_out":
        assert response["Location"].startswith(reverse("account_login"))
    assert state() == before


@pytest.mark.parametrize("name", [*OWNERS_ACTIONS, "leave_team"])
def test_actions_take_a_post(busy: Cast, name: str) -> None:
    """A link changes nothing."""
    args = OWNERS_ACTIONS[name](busy)[0] if name in OWNERS_ACTIONS else ()
    assert busy.client("owner").get(reverse(name, args=["crew", *args])).status_code == 405


@pytest.mark.parametrize("name", ["remove_member", "cancel_invitation", "revoke_token"])
def test_taking_away_twice_is_harmless(busy: Cast, name: str) -> None:
    """Two people who click the same button both end on the team's page."""
    args, fields = OWNERS_ACTIONS[name](busy)
    for _ in range(2):
        assertRedirects(post(busy, "owner", name, *args, **fields), team_url(busy))


@pytest.mark.parametrize("name", ["change_role", "remove_member", "cancel_invitation", "revoke_token"])
def test_what_is_another_teams_is_out_of_reach(busy: Cast, name: str) -> None:
    """An owner who puts another team's number into an address of their own changes nothing there."""
    args, fields = OWNERS_ACTIONS[name](busy)
    before = state()
    client = busy.client("outsider")
    assert client.post(reverse(name, args=["others", *args]), fields).status_code in (302, 404)
    assert state() == before


# --- Pages -----------------------------------------------------------------------------------------------


def test_the_list_shows_ones_own_teams(cast: Cast) -> None:
    """With one's role, and not those of others."""
    response = cast.client("lead").get(reverse("team_list"))
    for text in ("Crew", "Lead", "4 members"):
        assertContains(response, text)
    assertNotContains(response, "Others")


@pytest.mark.parametrize("part", MEMBERS)
def test_members_see_their_team(busy: Cast, part: Part) -> None:
    """Everybody sees who is in it; what lets people and programs in, owners only."""
    response = busy.client(part).get(team_url(busy))
    for person in ("owner", "lead", "member", "viewer"):
        assertContains(response, f"{person}@example.com")
    for text in ("guest@example.com", "build server", reverse("invite", args=["crew"])):
        assert (text in response.content.decode()) == (part == "owner")


def test_others_do_not_see_it(cast: Cast) -> None:
    """An outsider gets 404, as for a team that does not exist; who is not signed in has to first."""
    assert cast.client("outsider").get(team_url(cast)).status_code == 404
    assert cast.client("outsider").get(reverse("team", args=["no-such"])).status_code == 404
    url = team_url(cast)
    assertRedirects(cast.client("signed_out").get(url), f"{reverse('account_login')}?next={url}")
    assert cast.client("signed_out").get(reverse("team_list")).status_code == 302


def test_the_queries_of_a_page_do_not_grow_with_the_team(
    busy: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, membership, and one query for each of the three tables."""
    for number in range(30):
        person = User.objects.create_user(email=f"p{number}@example.com")
        services.add_member(team=busy.team, user=person, role=Role.VIEWER)
        services.create_token(team=busy.team, created_by=busy.owner, name=f"t{number}", scope=Scope.READ)
        services.invite(team=busy.team, created_by=busy.owner, role=Role.VIEWER)
    client = busy.client("owner")
    with django_assert_max_num_queries(6):
        client.get(team_url(busy))


def test_names_are_shown_as_text(cast: Cast) -> None:
    """What people type is never markup."""
    services.change_name(user=cast.viewer, name="<script>alert(1)</script>")
    services.rename_team(team=cast.team, name='"><img src=x>')
    for url in (team_url(cast), reverse("team_list")):
        content = cast.client("owner").get(url).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content


# --- Each action -----------------------------------------------------------------------------------------


def test_anybody_signed_in_may_make_a_team(cast: Cast) -> None:
    """And owns it; an empty name is refused, a GET too."""
    client, url = cast.client("viewer"), reverse("create_team")
    assertRedirects(client.post(url, {"name": "Night shift"}), reverse("team", args=["night-shift"]))
    assert role_of(cast.viewer, Team.objects.get(slug="night-shift")) is Role.OWNER
    assertContains(client.post(url, {"name": ""}), "required", status_code=422)
    assert client.get(url).status_code == 405
    assert cast.client("signed_out").post(url, {"name": "x"}).status_code == 302
    assert Team.objects.count() == 3


def test_renaming_to_nothing_answers_422(cast: Cast) -> None:
    """The name stays."""
    assert post(cast, "owner", "rename_team", name=" ").status_code == 422
    assert Team.objects.get(slug="crew").name == "Crew"


def test_a_role_is_changed(cast: Cast) -> None:
    """And holds from the next request on."""
    pk = cast.membership("viewer").pk
    assertRedirects(post(cast, "owner", "change_role", pk, role="owner"), team_url(cast))
    assert post(cast, "viewer", "rename_team", name="Ours now").status_code == 302


def test_an_unknown_role_answers_422(cast: Cast) -> None:
    """The role stays."""
    response = post(cast, "owner", "change_role", cast.membership("viewer").pk, role="king")
    assertContains(response, "There is no such role", status_code=422)
    assert role_of(cast.viewer, cast.team) is Role.VIEWER


@pytest.mark.parametrize("name", ["change_role", "remove_member", "leave_team"])
def test_the_last_owner_is_told_why_not(cast: Cast, name: str) -> None:
    """With 422 and what to do."""
    args = () if name == "leave_team" else (cast.membership("owner").pk,)
    response = post(cast, "owner", name, *args, role="viewer")
    assertContains(response, "Make somebody else an owner first", status_code=422)
    assert role_of(cast.owner, cast.team) is Role.OWNER


def test_anybody_may_leave(cast: Cast) -> None:
    """The team is gone from their list and answers 404; a second time too."""
    assertRedirects(post(cast, "viewer", "leave_team"), reverse("team_list"))
    assert cast.client("viewer").get(team_url(cast)).status_code == 404
    assert post(cast, "viewer", "leave_team").status_code == 404
    assert post(cast, "outsider", "leave_team").status_code == 404


def test_an_invitation_is_shown_once_and_works(cast: Cast) -> None:
    """The link on the page, opened by an outsider, lets them join; the team's page never shows it."""
    response = post(cast, "owner", "invite", role="lead", email="")
    link = response.context["link"]  # type: ignore[attr-defined]  # the test client adds it
    assert link.startswith("http://testserver/")
    assert "no-store" in response["Cache-Control"]
    assertNotContains(cast.client("owner").get(team_url(cast)), link)
    path = link.removeprefix("http://testserver")
    client = cast.client("outsider")
    assertContains(client.get(path), "Join as Outsider")
    assert client.get(path + "accept/").status_code == 405
    for _ in range(2):
        assertRedirects(client.post(path + "accept/"), team_url(cast))
    assert role_of(cast.outsider, cast.team) is Role.LEAD
    assertContains(client.get(path), "You are in this team already")


def test_an_invitation_for_another_is_refused(cast: Cast) -> None:
    """With the reason, and without joining."""
    path = services.invite(
        team=cast.team, created_by=cast.owner, role=Role.LEAD, email="guest@example.com"
    ).path
    response = cast.client("outsider").post(path + "accept/")
    assertContains(response, "another e-mail address", status_code=410)
    assert role_of(cast.outsider, cast.team) is None


def test_a_cancelled_invitation_says_what_to_do(cast: Cast) -> None:
    """On opening and on accepting alike; who is not signed in is sent to sign in first."""
    new = services.invite(team=cast.team, created_by=cast.owner, role=Role.LEAD)
    assert cast.client("signed_out").post(new.path + "accept/").status_code == 302
    services.cancel_invitation(team=cast.team, pk=new.invitation.pk)
    client = cast.client("outsider")
    assertContains(client.get(new.path), "Ask an owner of the team", status_code=410)
    assertContains(client.post(new.path + "accept/"), "Ask an owner of the team", status_code=410)


@pytest.mark.parametrize("fields", [{"role": "king"}, {"role": "lead", "email": "nonsense"}, {}])
def test_an_invitation_that_will_not_do_answers_422(cast: Cast, fields: dict[str, str]) -> None:
    """Nothing is made."""
    assert post(cast, "owner", "invite", **fields).status_code == 422
    assert not Invitation.objects.exists()


def test_a_token_is_shown_once_and_works(cast: Cast) -> None:
    """The page after making it has its text, and no other page ever."""
    response = post(cast, "owner", "create_token", name="CI", scope="write", days="30")
    text = response.context["new"].text  # type: ignore[attr-defined]  # the test client adds it
    assertContains(response, text)
    assert "no-store" in response["Cache-Control"]
    token = find_token(text, now=timezone.now())
    assert token is not None
    assert (token.team, token.scope) == (cast.team, "write")
    assert token.expires_at is not None
    page = cast.client("owner").get(team_url(cast))
    assertContains(page, f"tp_{token.prefix}")
    assertNotContains(page, text)


def test_a_token_may_last(cast: Cast) -> None:
    """Without a number of days it does not expire."""
    post(cast, "owner", "create_token", name="CI", scope="read", days="")
    assert tokens_of(cast.team).get().expires_at is None


@pytest.mark.parametrize(
    "fields",
    [{"scope": "read"}, {"name": "CI", "scope": "all"}, {"name": "CI", "scope": "read", "days": "9"}],
)
def test_a_token_that_will_not_do_answers_422(cast: Cast, fields: dict[str, str]) -> None:
    """Nothing is made."""
    assert post(cast, "owner", "create_token", **fields).status_code == 422
    assert not ApiToken.objects.exists()
