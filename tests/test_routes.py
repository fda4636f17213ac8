"""Every route of the app: who may ask it, by which method, and that no request makes it fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from planner_core.vocabulary import Role
from taskplanner.accounts.selectors import role_at_least
from tests.cast import MEMBERS, Cast
from tests.databases import strict_database, undone
from tests.plans.views.stage import answer, htmx_headers
from tests.routes import PERSON, PROGRAM, PUBLIC, QUERIES, ROUTES, Ground, routes_of_urlconf

TEAMS_OWN = [name for name, route in ROUTES.items() if isinstance(route.door, Role)]
GUARDED = [name for name, route in ROUTES.items() if route.door not in (PUBLIC, PROGRAM)]
POSTED = [name for name, route in ROUTES.items() if route.posts]
# Allauth's forms take a PUT for a POST, and send whoever is signed in away before they look at the method.
ALLAUTH = {"account_login", "account_signup", "account_change_password", "account_set_password"}
ALLOWED = {200, 201, 204, 302, 409, 410, 422}


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Attempts to sign in are counted in the cache: no test starts with those of another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ground(cast: Cast, request: pytest.FixtureRequest) -> Ground:
    """What the route of the test, or any route, may name."""
    call = getattr(request.node, "callspec", None)
    return Ground(cast, call.params.get("name") if call else None)


def ask(client: Client, method: str, url: str, data: Any = None, **extra: Any) -> Any:
    """The answer to a request; what a form holds goes with POST only."""
    if method == "POST":
        return answer(client.post(url, data or {}, **extra))
    return answer(client.generic(method, url, **extra))


def test_the_table_knows_every_route() -> None:
    """A route that the table does not know fails here, so does a row of the table without a route."""
    found = [name for name, _ in routes_of_urlconf()]
    assert None not in found, "every route has a name"
    assert len(set(found)) == len(found), "no name is used twice"
    assert set(found) == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
def test_who_is_signed_out_gets_only_what_is_public(ground: Ground, name: str) -> None:
    """A public route answers; others send people to sign in and come back, programs get 401."""
    route, url = ROUTES[name], ground.url(name)
    for method in route.methods.split():
        client = Client()
        with undone():
            response = ask(client, method, url, ground.fields(name))
        if route.door == PUBLIC:
            assert response.status_code in ALLOWED, method
        elif route.door == PROGRAM:
            assert response.status_code == 401, method
            assert json.loads(response.content)["error"]
        else:
            assert response.status_code == 302, method
            assert response["Location"].startswith(reverse("account_login") + "?next="), method


@pytest.mark.parametrize("name", GUARDED)
def test_a_panel_never_swaps_the_sign_in_page_in(ground: Ground, name: str) -> None:
    """When a session has ended, htmx is told to leave for the sign-in page as a whole."""
    for method in ROUTES[name].methods.split():
        response = ask(Client(), method, ground.url(name), headers=htmx_headers(htmx=True))
        assert response.status_code == 200, method
        assert response["HX-Redirect"].startswith(reverse("account_login")), method
        assert response.content == b"", method


@pytest.mark.parametrize("name", TEAMS_OWN)
def test_another_team_is_not_even_there(ground: Ground, name: str) -> None:
    """A member of another team gets 404, whatever they ask and however much they own there."""
    before = ground.stage.state()
    for method in ROUTES[name].methods.split():
        response = ask(ground.client("outsider"), method, ground.url(name), ground.fields(name))
        assert response.status_code == 404, method
    assert ground.stage.state() == before


@pytest.mark.parametrize("name", TEAMS_OWN)
def test_each_role_may_what_the_table_says(ground: Ground, name: str) -> None:
    """The lowest role of the table and those above it are answered, lower ones get 403 and change nothing."""
    route, url = ROUTES[name], ground.url(name)
    assert isinstance(route.door, Role)
    for part in MEMBERS:
        for method in route.methods.split():
            before = ground.stage.state()
            with undone():
                response = ask(ground.client(part), method, url, ground.fields(name))
                if role_at_least(part, route.door):
                    assert response.status_code in ALLOWED, (part, method)
                else:
                    assert response.status_code == 403, (part, method)
                    assert ground.stage.state() == before


@pytest.mark.parametrize("name", [name for name in TEAMS_OWN if ROUTES[name].posts and name != "redo"])
def test_the_lowest_role_is_enough(ground: Ground, name: str) -> None:
    """With a form as the page sends it, the action is done: a page follows, and nothing is refused."""
    route = ROUTES[name]
    assert isinstance(route.door, Role)
    part = next(part for part in reversed(MEMBERS) if role_at_least(part, route.door))
    response = ask(ground.client(part), "POST", ground.url(name), ground.fields(name))
    assert response.status_code in (200, 302)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.door == PERSON])
def test_a_person_of_any_team_may_what_is_their_own(ground: Ground, name: str) -> None:
    """Nobody who is signed in is refused what concerns themselves."""
    for part in (*MEMBERS, "outsider"):
        for method in ROUTES[name].methods.split():
            with undone():
                response = ask(ground.client(part), method, ground.url(name), ground.fields(name))
            assert response.status_code in ALLOWED, (part, method)


def test_a_token_opens_its_own_team_only(ground: Ground) -> None:
    """With a token of the team the answer is there, with another team's 404, with a spoilt one 401."""
    for name in (name for name, route in ROUTES.items() if route.door == PROGRAM):
        url = ground.url(name)
        for text, status in (
            (ground.token.text, 200),
            (ground.foreign_token.text, 404),
            (ground.token.text + "x", 401),
            ("", 401),
        ):
            response = Client().get(url, headers={"Authorization": f"Bearer {text}"})
            assert response.status_code == status, (name, status)
        assert ground.client("owner").get(url).status_code == 401, "a session is no token"


@pytest.mark.parametrize("name", [name for name in ROUTES if name not in ALLAUTH])
def test_another_method_is_refused(ground: Ground, name: str) -> None:
    """What the table does not list answers 405 and changes nothing."""
    before = ground.stage.state()
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(ROUTES[name].methods.split()):
        response = ask(ground.client("owner"), method, ground.url(name), ground.fields(name))
        assert response.status_code == 405, method
    assert ground.stage.state() == before


@pytest.mark.parametrize("name", POSTED)
def test_another_site_cannot_send_the_form(ground: Ground, name: str) -> None:
    """Without the token of the page, a form is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ground.cast.owner)
    assert client.post(ground.url(name), ground.fields(name)).status_code == 403


# --- Hostile requests ------------------------------------------------------------------------------------

NUL, LONG = "a\0b", "x" * 10_000
VALUES: tuple[Any, ...] = (
    "",
    " ",
    "\x00",
    NUL,
    "\x1b[31m\x07",
    "line\nbreak\u2028",
    "\u202eevil",
    LONG,
    "9" * 30,
    "9" * 5_000,
    "-1",
    "1e309",
    "NaN",
    "no_such_uid",
    "../../etc/passwd",
    "[" * 5_000,
    "(" * 3_000 + "*?[!" * 30,
    "<script>alert(1)</script>",
    "{{ 7 }} {% x %} ${x} %s %n",
    "🚀" * 90,
    ["a", "b"],
)
SEEN: tuple[str, ...] = (
    "[]",
    "7",
    '{"title": null}',
    '{"title": "\\u0000"}',
    '{"title": "\\ud800"}',
    '{"title": {"a": [1]}}',
    '{"title": ["a", {"b": 1}]}',
    '{"description": NaN}',
    '{"no_such_field": 1}',
    "[" * 100_000,
    '{"title": ' + "[" * 50_000,
)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b"title=%FF%FE&name=%C3%28&text=%ED%A0%80&pattern=%F0%28"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"name=a"),
    ("application/x-www-form-urlencoded; charset=no-such-charset", b"name=a"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(2_000))),
    ("application/x-www-form-urlencoded", b"%" * 1_000 + b"&=&==&;"),
    ("multipart/form-data; boundary=x", b"--x\r\nno headers at all"),
    ("multipart/form-data", b"no boundary"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="upload"; filename="\x00"\r\n\r\n\xff\x00\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--",
    ),
    ("application/json", b'{"name": 1}'),
    ("text/plain", b"\xff" * 100),
    ("", b""),
)
FILES: tuple[bytes, ...] = (
    b"",
    b"\0",
    b"\xff\xfe\x00\xd8",
    b"a: &a [*a]",
    b"x\n" * 60_000,
    b"/absolute\n..\\x\nC:\\x",
    b"a\0b\n",
    b"a\xed\xa0\x80b\n",
)


def hostile_forms(ground: Ground, name: str) -> Iterator[dict[str, Any]]:
    """The form of a route without each field, and with each field spoilt in each way."""
    fields = ground.fields(name)
    yield {}
    for spoilt in fields:
        rest = {key: value for key, value in fields.items() if key != spoilt}
        yield rest
        values = (*VALUES, *SEEN) if spoilt == "seen" else VALUES
        for value in values:
            yield rest | {spoilt: value}
        for content in FILES if spoilt == "upload" else ():
            yield rest | {spoilt: SimpleUploadedFile("plan.yaml", content)}


@pytest.mark.parametrize("name", POSTED)
def test_no_form_makes_a_route_fail(ground: Ground, name: str) -> None:
    """Whatever a form holds, the answer is below 500, and the database gets no text that it cannot hold."""
    url, client = ground.url(name), ground.client("owner")
    with strict_database():
        for number, fields in enumerate(hostile_forms(ground, name)):
            with undone():
                response = client.post(url, fields, headers=htmx_headers(htmx=number % 2 == 1))
            assert 200 <= response.status_code < 500, fields


@pytest.mark.parametrize("name", POSTED)
def test_no_body_makes_a_route_fail(ground: Ground, name: str) -> None:
    """Nor does a body that is no form, or a broken one."""
    url, client = ground.url(name), ground.client("owner")
    with strict_database():
        for kind, body in BODIES:
            with undone():
                response = answer(client.generic("POST", url, body, content_type=kind))
            assert 200 <= response.status_code < 500, (kind, body[:100])


@pytest.mark.parametrize("name", ROUTES)
def test_no_query_makes_a_route_fail(ground: Ground, name: str) -> None:
    """Nor does what stands behind the question mark."""
    route, url, client = ROUTES[name], ground.url(name), ground.client("owner")
    method = route.methods.split()[0]
    queries = [{key: value} for key in QUERIES.get(name, ()) for value in VALUES]
    with strict_database():
        for query in queries:
            with undone():
                response = ask(client, method, url, query_params=query)
            assert 200 <= response.status_code < 500, query
        for raw in ("%", "%FF=%FE", "a=%00&after=%ED%A0%80&path=%80&from=%80&before=%80", "&&==;"):
            with undone():
                response = ask(client, method, f"{url}?{raw}")
            assert 200 <= response.status_code < 500, raw


PARTS = (
    "0",
    "9" * 30,
    "9" * 5_000,
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "x" * 3_000,
    "..",
    "%2E%2E%2F",
    "nope",
)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.args])
def test_no_address_makes_a_route_fail(ground: Ground, name: str) -> None:
    """An address with a spoilt part leads nowhere (404), or is refused like any form."""
    route, client = ROUTES[name], ground.client("owner")
    url = ground.url(name)
    values = [str(ground.things[thing]) for thing in route.args.split()]
    headers = {"Authorization": f"Bearer {ground.token.text}"} if route.door == PROGRAM else {}
    with strict_database():
        for value in values:
            for part in PARTS:
                spoilt = url.replace(f"/{value}/", f"/{part}/", 1)
                for method in route.methods.split():
                    with undone():
                        response = ask(client, method, spoilt, ground.fields(name), headers=headers)
                    assert response.status_code in {*ALLOWED, 400, 404}, (method, spoilt[:200])
