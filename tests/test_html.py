"""The markup of every page and panel: ids once, controls with names, links that lead somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import lxml.html
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve

import planner_core as core
from tests.cast import Cast, Part
from tests.plans.views.stage import answer, htmx_headers
from tests.routes import PROGRAM, ROUTES, Ground

# What is no page: YAML, the schema, an answer to a poll, a file; the one-time link and the health check
# have tests of their own.
NO_PAGES = {"export_yaml", "export_file", "schema", "changes", "download_job_file", "health", "sign_in_link"}
PAGES = [
    name
    for name, route in ROUTES.items()
    if "GET" in route.methods and route.door != PROGRAM and name not in NO_PAGES
]
PREVIEWS = ("preview_plans", "preview_import")  # pages that answer a form
PAGES += PREVIEWS
PUBLIC_PAGES = ("account_login", "account_signup", "invitation")


@pytest.fixture
def ground(cast: Cast) -> Ground:
    """One of everything, and a plan in which every part of the panels is shown; one person has a password."""
    cast.viewer.set_password("a long password")
    cast.viewer.save()
    ground = Ground(cast)
    stage = ground.stage
    edits = [
        *core.adding_agent(stage.plan, uid="ada", name="Ada"),
        *core.ruling(stage.plan, stage.uid("T003"), stage.uid("T004"), False, "One machine"),
        *core.adding_task(stage.plan, uid="summary", title="All of the API"),
    ]
    stage.change(edits)
    stage.change(core.editing_task(stage.plan, stage.uid("T003"), {}, {"parent": "summary"}))
    return ground


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Attempts to sign in are counted in the cache: no test starts with those of another."""
    cache.clear()
    yield
    cache.clear()


def documents(ground: Ground, name: str) -> Iterator[tuple[str, lxml.html.HtmlElement]]:
    """The route's page, for who may most and for who may least, and its part for htmx."""
    parts: tuple[Part, ...] = ("signed_out",) if name in PUBLIC_PAGES else ("owner", "viewer")
    for part in parts:
        client = Client() if part == "signed_out" else ground.client(part)
        for htmx in (False, True):
            if name in PREVIEWS:
                sent = client.post(ground.url(name), ground.fields(name), headers=htmx_headers(htmx))
            else:
                sent = client.get(ground.url(name), headers=htmx_headers(htmx))
            response = answer(sent)
            if response.status_code == 200 and response.content:
                yield f"{name} for {part}, htmx={htmx}", lxml.html.fromstring(response.content.decode())


def has_name(element: lxml.html.HtmlElement, labels: set[str], ids: set[str]) -> bool:
    """Tell whether a screen reader has something to say about the element."""
    if element.get("aria-label", "").strip() or element.get("id") in labels:
        return True
    if (by := element.get("aria-labelledby")) and set(by.split()) <= ids:
        return True
    if any(parent.tag == "label" for parent in element.iterancestors()):
        return True
    return element.tag in ("button", "a", "summary") and bool(said(element))


def said(element: lxml.html.HtmlElement) -> str:
    """What is in the element for those who cannot see."""
    texts = [element.text_content()]
    texts += [image.get("alt", "") for image in element.iter("img")]
    texts += [child.get("aria-label", "") for child in element.iterdescendants()]
    return " ".join(" ".join(texts).split())


def controls(document: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Whatever people fill in, press or follow; a form that only scripts send is hidden from all."""
    for element in document.iter("input", "select", "textarea", "button", "a", "summary"):
        hidden = any(
            each.get("hidden") is not None and each.get("aria-hidden") == "true"
            for each in (element, *element.iterancestors())
        )
        inside_drawing = any(each.tag == "svg" for each in element.iterancestors())
        if element.get("type") != "hidden" and not hidden and not inside_drawing:
            yield element


@pytest.mark.parametrize("name", PAGES)
def test_the_markup_holds(ground: Ground, name: str) -> None:
    """Ids are there once, and where they are referred to; controls have names; links lead somewhere."""
    found = 0
    for where, document in documents(ground, name):
        found += 1
        ids = [element.get("id") for element in document.iter() if element.get("id")]
        assert [each for each, times in Counter(ids).items() if times > 1] == [], where
        labels = {label.get("for") for label in document.iter("label") if label.get("for")}
        whole = document.tag == "html"
        assert labels <= set(ids) or not whole, (where, labels - set(ids))
        nameless = [
            lxml.html.tostring(element)[:200]
            for element in controls(document)
            if not has_name(element, labels, set(ids))
        ]
        assert nameless == [], where
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "form", "list"):
            for element in document.xpath(f"//*[@{attribute}]"):
                missing = set(element.get(attribute).split()) - set(ids)
                assert not missing, (where, attribute, missing)
        for link in document.xpath("//a[@hx-get]"):
            assert link.get("href", "").startswith("/"), (where, lxml.html.tostring(link)[:200])
        for link in document.xpath("//a[not(ancestor::svg)]"):
            assert link.get("href"), (where, lxml.html.tostring(link)[:200])
    assert found


@pytest.mark.parametrize("name", PAGES)
def test_every_address_on_the_page_is_a_route(ground: Ground, name: str) -> None:
    """Links, forms and what htmx asks for lead to routes; forms that post carry the token against forgery."""
    for where, document in documents(ground, name):
        for attribute in ("href", "action", "hx-get", "hx-post", "data-tasks-url", "data-overview-url"):
            for element in document.xpath(f"//*[@{attribute}]"):
                address = element.get(attribute).split("?")[0].split("#")[0]
                if address.startswith("/") and not address.startswith("/static/"):
                    try:
                        resolve(address)
                    except Resolver404:
                        pytest.fail(f"{where}: {attribute}={address} leads nowhere")
        for form in document.xpath("//form[@method='post']"):
            assert form.xpath(".//input[@name='csrfmiddlewaretoken']"), where
            assert form.get("action"), where
            if form.get("hx-post"):
                assert form.get("hx-post") == form.get("action"), where


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_inline_script_or_style(ground: Ground, name: str) -> None:
    """The content security policy would stop them: there are none."""
    for where, document in documents(ground, name):
        assert [script for script in document.iter("script") if not script.get("src")] == [], where
        assert document.xpath("//style | //*[@style]") == [], where
        handlers = [key for each in document.iter() for key in each.attrib if key.startswith(("on", "hx-on"))]
        assert handlers == [], where


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_of_its_own_and_a_title(ground: Ground, name: str) -> None:
    """So that people know where they are."""
    for where, document in documents(ground, name):
        if document.tag == "html":
            title = document.findtext(".//title") or ""
            assert title.strip().endswith("· Taskplanner"), where
            assert len(title.strip()) > len("· Taskplanner"), where
            assert len(document.xpath("//main")) == 1, where
            assert document.xpath("//h1"), where
