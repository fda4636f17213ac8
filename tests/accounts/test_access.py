"""Who may do what: roles for people, scopes for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from planner_core.vocabulary import Role
from taskplanner.accounts import credentials, services
from taskplanner.accounts.access import require_role, require_role_in, signed_in, token_required
from taskplanner.accounts.models import ApiToken, Scope
from taskplanner.accounts.selectors import membership_of, role_at_least, role_of, teams_of
from tests.cast import MEMBERS, Cast, Part


def request_of(cast: Cast, part: Part) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = cast.user(part) or AnonymousUser()
    return request


def test_each_role_includes_the_ones_before_it() -> None:
    """Viewer, member, lead, owner: the order is total."""
    order = [Role.VIEWER, Role.MEMBER, Role.LEAD, Role.OWNER]
    for rank, role in enumerate(order):
        assert [role_at_least(role, least) for least in order] == [each <= rank for each in range(4)]


@pytest.mark.parametrize("part", MEMBERS)
@pytest.mark.parametrize("role", list(Role))
def test_a_member_passes_up_to_their_role(cast: Cast, part: Part, role: Role) -> None:
    """A role that is high enough gives the membership, a lower one 403, by team and by slug alike."""
    request = request_of(cast, part)
    if role_at_least(Role(part), role):
        assert require_role(request, cast.team, role) == cast.membership(part)
        assert require_role_in(request, "crew", role).team == cast.team
    else:
        with pytest.raises(PermissionDenied):
            require_role(request, cast.team, role)
        with pytest.raises(PermissionDenied):
            require_role_in(request, "crew", role)


@pytest.mark.parametrize("part", ["outsider", "signed_out"])
def test_an_outsider_is_told_that_there_is_no_such_team(cast: Cast, part: Part) -> None:
    """Another team's existence is not given away."""
    request = request_of(cast, part)
    with pytest.raises(Http404):
        require_role(request, cast.team, Role.VIEWER)
    with pytest.raises(Http404):
        require_role_in(request, "crew", Role.VIEWER)
    with pytest.raises(Http404):
        require_role_in(request, "no-such-team", Role.VIEWER)


def test_nobody_signed_in_is_nobody(cast: Cast) -> None:
    """A view that forgot to demand sign-in answers 404 rather than acting for nobody."""
    with pytest.raises(Http404):
        signed_in(request_of(cast, "signed_out"))
    assert signed_in(request_of(cast, "viewer")) == cast.viewer


def test_asking_for_a_role_takes_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Permission, team and person come together."""
    with django_assert_num_queries(1):
        membership = require_role_in(request_of(cast, "lead"), "crew", Role.MEMBER)
        assert (membership.team.name, membership.user.name) == ("Crew", "Lead")


def test_roles_are_read_by_team(cast: Cast) -> None:
    """An owner of one team is nobody in another."""
    assert role_of(cast.lead, cast.team) is Role.LEAD
    assert role_of(cast.outsider, cast.team) is None
    assert role_of(AnonymousUser(), cast.team) is None
    assert membership_of(cast.owner, cast.other_team) is None
    assert list(teams_of(cast.outsider)) == [cast.other_team]


@token_required(Scope.READ)
def read_view(request: HttpRequest, token: ApiToken, word: str) -> HttpResponse:
    return HttpResponse(f"{token.team} {word}")


@token_required(Scope.WRITE)
def write_view(request: HttpRequest, token: ApiToken) -> HttpResponse:
    return HttpResponse(f"{token.team}")


def with_header(value: str | None) -> HttpRequest:
    return RequestFactory().post("/", headers={} if value is None else {"Authorization": value})


def make_token(cast: Cast, **fields: Any) -> services.NewToken:
    return services.create_token(
        **{"team": cast.team, "created_by": cast.owner, "name": "CI", "scope": Scope.READ, **fields}
    )


def test_a_token_acts_for_its_team(cast: Cast) -> None:
    """The view is given the token and, by it, the team; its last use is noted."""
    new = make_token(cast)
    response = read_view(with_header(f"Bearer {new.text}"), "hello")
    assert (response.status_code, response.content) == (200, b"Crew hello")
    new.token.refresh_from_db()
    assert new.token.last_used_at is not None


def test_the_last_use_is_written_once_a_minute(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A busy program does not write on every request."""
    new = make_token(cast)
    read_view(with_header(f"Bearer {new.text}"), "first")
    with django_assert_num_queries(1):
        read_view(with_header(f"Bearer {new.text}"), "second")


def test_a_view_for_programs_needs_no_csrf_token() -> None:
    """Programs have no cookies to protect."""
    assert getattr(read_view, "csrf_exempt", False)


def test_bad_tokens_answer_401(cast: Cast) -> None:
    """Missing, misspelt, of another scheme, with another's secret: all the same answer, as JSON."""
    new, other = make_token(cast), make_token(cast)
    _, prefix, _ = new.text.split("_", 2)
    _, _, secret_of_other = other.text.split("_", 2)
    for header in (
        None,
        "",
        "Bearer",
        "Bearer tp_",
        f"Bearer tp_{prefix}_",
        f"Bearer {new.text}x",
        f"Basic {new.text}",
        f"Bearer tp_{prefix}_{secret_of_other}",
        f"Bearer tp_nosuch_{secret_of_other}",
        "Bearer tp_ü_ü",
    ):
        response = read_view(with_header(header), "hello")
        assert response.status_code == 401, header
        assert response["WWW-Authenticate"] == "Bearer"
        assert "API token" in json.loads(response.content)["error"]


def test_a_revoked_token_answers_401_from_then_on(cast: Cast) -> None:
    """Revoking works at once."""
    new = make_token(cast)
    services.revoke_token(team=cast.team, pk=new.token.pk)
    assert read_view(with_header(f"Bearer {new.text}"), "hello").status_code == 401


def test_an_expired_token_answers_401(cast: Cast) -> None:
    """A token ends by itself."""
    late = make_token(cast, expires_at=timezone.now() - timedelta(seconds=1))
    early = make_token(cast, expires_at=timezone.now() + timedelta(hours=1))
    assert read_view(with_header(f"Bearer {late.text}"), "hello").status_code == 401
    assert read_view(with_header(f"Bearer {early.text}"), "hello").status_code == 200


def test_a_token_that_may_only_read_answers_403_where_writing_is_asked(cast: Cast) -> None:
    """Writing includes reading, not the reverse."""
    reader, writer = make_token(cast), make_token(cast, scope=Scope.WRITE)
    response = write_view(with_header(f"Bearer {reader.text}"))
    assert (response.status_code, json.loads(response.content)) == (
        403,
        {"error": "This token may only read."},
    )
    assert write_view(with_header(f"Bearer {writer.text}")).status_code == 200
    assert read_view(with_header(f"Bearer {writer.text}"), "hello").status_code == 200


def test_the_table_holds_no_secret(cast: Cast) -> None:
    """Who reads the database can use no token; the same secret proves nothing for another purpose."""
    new = make_token(cast)
    _, _, secret = new.text.split("_", 2)
    row = ApiToken.objects.filter(pk=new.token.pk).values().get()
    assert all(secret not in str(value) for value in row.values())
    assert credentials.proves(secret, row["digest"], "API token")
    assert not credentials.proves(secret, row["digest"], "sign-in link")


def test_secrets_are_compared_in_constant_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every comparison with a stored digest goes through Django's constant-time one."""
    compared: list[tuple[str, str]] = []

    def spy(left: str, right: str) -> bool:
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(credentials, "constant_time_compare", spy)
    new = make_token(cast)
    assert read_view(with_header(f"Bearer {new.text}"), "hello").status_code == 200
    assert read_view(with_header(f"Bearer {new.text}x"), "hello").status_code == 401
    assert [left == right for left, right in compared] == [True, False]
