"""The ground of every test of a view: the cast's project with one small plan, and requests to its routes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from itertools import count
from typing import Any

import lxml.html
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

import planner_core as core
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Change, Plan, Project
from taskplanner.plans.selectors import progress_of
from taskplanner.plans.services import change_plan, create_plan, create_project, set_files
from tests.cast import Cast, Part

FILES = "README.md\nsrc/api/comments.py\nsrc/models/comment.py\nsrc/models/user.py\n"

# T002 and T003 collide on one file; T001 comes before T002 and T003, T002 before T004.
DOCUMENT = """\
taskplanner: 1
plan: Comments feature
agents: 2
phases: [Foundation, Work]
tasks:
  T001:
    title: Comment model
    phase: Foundation
    estimate: 45m
    creates: [src/models/comment.py]
  T002:
    title: Comment repository
    phase: Work
    estimate: 30m
    depends_on: [T001]
    modifies: [src/api/**]
    handoffs:
    - from: T001
      summary: The model is final
      artefacts: [{path: src/models/comment.py, symbol: Comment, use: import it}]
  T003:
    title: Comment schema
    phase: Work
    depends_on: [T001]
    modifies: [src/api/comments.py]
  T004:
    title: Comment endpoints
    phase: Work
    estimate: 20m
    depends_on: [T002]
"""


class Stage:
    """A project of the cast's team with the plan of `DOCUMENT`, and what the tests do to it."""

    def __init__(self, cast: Cast, document: str = DOCUMENT, *, project: str = "Shop") -> None:
        self.cast = cast
        self.project: Project = create_project(team=cast.team, name=project)
        set_files(project=self.project, text=FILES, expected_revision=0)
        self.project.refresh_from_db()
        numbers = count(1)
        read = core.read_plan(document, new_uid=lambda: f"u{next(numbers)}")
        self.row: Plan = create_plan(
            project=self.project, content=read.plan, actor=cast.owner, progress=read.progress
        )
        self._clients: dict[Part, Client] = {}

    @cached_property
    def _uids(self) -> Mapping[str, str]:
        return {task.key: task.uid for task in self.plan.tasks}

    def uid(self, key: str) -> str:
        """The uid of the task that had this key when the plan was made."""
        return self._uids[key]

    @property
    def plan(self) -> core.Plan:
        """What the plan holds now."""
        return load_plan(Plan.objects.get(pk=self.row.pk))

    @property
    def progress(self) -> Mapping[str, core.TaskProgress]:
        """How far the tasks are now."""
        return progress_of(self.row)

    @property
    def version(self) -> int:
        """The version the plan is at."""
        return Plan.objects.get(pk=self.row.pk).version

    def task(self, key: str) -> core.Task:
        """The task that had this key when the plan was made, as it is now."""
        return self.plan.task_by_uid[self.uid(key)]

    def state(self) -> tuple[core.Plan, dict[str, core.TaskProgress], int]:
        """Everything that a refused request must leave as it is."""
        return self.plan, dict(self.progress), self.version

    def change(self, edits: list[core.Edit], part: Part = "owner") -> Change:
        """Change the plan as somebody else would, past the views."""
        change = change_plan(plan=self.row, edits=edits, actor=self.cast.user(part))
        assert change is not None
        return change

    def client(self, part: Part) -> Client:
        """The browser of this person, the same at each call."""
        if part not in self._clients:
            self._clients[part] = self.cast.client(part)
        return self._clients[part]

    def url(self, name: str, *args: object) -> str:
        """The address of a route of the plan."""
        return reverse(name, args=[self.row.pk, *args])

    def get(self, part: Part, name: str, /, *args: object, htmx: bool = False, **query: str) -> HttpResponse:
        """What a person gets from a route of the plan."""
        return answer(self.client(part).get(self.url(name, *args), query, headers=htmx_headers(htmx)))

    def post(
        self, part: Part, name: str, /, *args: object, htmx: bool | str = False, **fields: Any
    ) -> HttpResponse:
        """What a person gets for posting fields to a route; `htmx` may name the target of the swap."""
        url = self.url(name, *args)
        return answer(self.client(part).post(url, fields, headers=htmx_headers(htmx)))

    def post_to_project(self, part: Part, name: str, /, **fields: Any) -> HttpResponse:
        """What a person gets for posting fields to a route of the project."""
        return answer(self.client(part).post(reverse(name, args=[self.project.pk]), fields))

    def add_document(self, part: Part, /, **fields: Any) -> HttpResponse:
        """Post a document to the project and keep what it previews: the last answer, or the refusal."""
        page = self.post_to_project(part, "preview_plans", **fields)
        if page.status_code != 200:
            return page
        url = reverse("keep_plans", args=[self.project.pk])
        return answer(self.client(part).post(url, form_of(page, url)))


def htmx_headers(htmx: bool | str) -> dict[str, str]:
    """What htmx sends beside a request; nothing for a plain one."""
    if not htmx:
        return {}
    return {"HX-Request": "true"} | ({"HX-Target": htmx} if isinstance(htmx, str) else {})


def answer(response: Any) -> HttpResponse:
    """The test client's answer as the response that it is."""
    assert isinstance(response, HttpResponse)
    return response


def events(response: HttpResponse) -> dict[str, Any]:
    """The events that the page fires when it has received the response, with their details."""
    found: dict[str, Any] = json.loads(response.get("HX-Trigger", "{}"))
    return found


def text_of(response: HttpResponse) -> str:
    """The body of the response."""
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    """The messages that the next page shows to the person, from the request's own message store."""
    request = response.wsgi_request  # type: ignore[attr-defined]  # the test client adds it
    return [str(message) for message in request._messages._queued_messages]


def form_of(response: HttpResponse, action: str) -> dict[str, str]:
    """What a browser would send for the form of the page that posts to `action`, left as it is."""
    page = lxml.html.fromstring(text_of(response))
    form = next(form for form in page.iter("form") if form.get("action") == action)
    sent = {}
    for field in form.inputs:
        if not field.name or field.name == "csrfmiddlewaretoken":
            continue
        if field.get("type") != "checkbox":
            # A line break right after the tag is none of the text's.
            sent[field.name] = (field.value or "").removeprefix("\n")
        elif field.checked:
            sent[field.name] = "on"
    return sent
