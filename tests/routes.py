"""What every route of the app demands, and the ground on which each can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import planner_core as core
from planner_core.vocabulary import Role
from taskplanner.accounts import services as accounts
from taskplanner.accounts.models import Scope
from taskplanner.jobs.runner import run_job
from taskplanner.jobs.services import enqueue_job
from taskplanner.plans.forms import seen_values
from tests.cast import Cast, Part
from tests.plans.views.stage import DOCUMENT, Stage, form_of

EDITORS: tuple[Part, ...] = ("owner", "lead", "member")
PUBLIC, PERSON, PROGRAM = "public", "person", "program"
PLAN_SEEN = '{"title": "Comments feature", "description": "", "default_estimate": 30, "keep_phases": false}'


@dataclass(frozen=True)
class Route:
    """What one route demands.

    `door` is the lowest role in the team, or who may else: everybody (PUBLIC), any person who is signed in
    (PERSON), a program with a token of the team (PROGRAM). `args` and the values of `fields` that start
    with a $ name things of the ground.
    """

    methods: str
    door: Role | str
    args: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def posts(self) -> bool:
        return "POST" in self.methods


def get(door: Role | str, args: str = "") -> Route:
    return Route("GET", door, args)


def post(door: Role | str, args: str = "", /, **fields: Any) -> Route:
    return Route("POST", door, args, fields)


def form(door: Role | str, args: str = "", /, **fields: Any) -> Route:
    return Route("GET POST", door, args, fields)


PAIR = {"predecessor": "$T003", "successor": "$T004"}
ROUTES: dict[str, Route] = {
    # Coming in and going out
    "account_login": form(PUBLIC, login="owner@example.com", password="no"),
    "account_logout": form(PUBLIC),
    "account_signup": form(PUBLIC, name="New", email="new@example.com", password1="a long password"),
    "sign_in_link": get(PUBLIC, "secret"),
    "invitation": get(PUBLIC, "secret"),
    "accept_invitation": post(PERSON, "secret"),
    "health": get(PUBLIC),
    "schema": get(PUBLIC),
    # Oneself
    "account_settings": get(PERSON),
    "change_name": post(PERSON, name="Another"),
    "change_email": post(PERSON, email="another@example.com", password="no"),
    "account_change_password": form(PERSON, oldpassword="no", password1="new one", password2="new one"),
    "account_set_password": form(PERSON, password1="new one", password2="new one"),
    # Teams
    "team_list": get(PERSON),
    "create_team": post(PERSON, name="Night shift"),
    "team": get(Role.VIEWER, "slug"),
    "rename_team": post(Role.OWNER, "slug", name="Night crew"),
    "leave_team": post(Role.VIEWER, "slug"),
    "change_role": post(Role.OWNER, "slug member", role="lead"),
    "remove_member": post(Role.OWNER, "slug member"),
    "invite": post(Role.OWNER, "slug", role="member", email=""),
    "cancel_invitation": post(Role.OWNER, "slug invitation"),
    "create_token": post(Role.OWNER, "slug", name="CI", scope="read", days=""),
    "revoke_token": post(Role.OWNER, "slug token"),
    # Jobs
    "job": get(Role.VIEWER, "job"),
    "cancel_job": post(Role.MEMBER, "job"),
    "download_job_file": get(Role.VIEWER, "job"),
    # Projects
    "home": get(PERSON),
    "add_project": post(PERSON, team="$slug", name="Site"),
    "project": get(Role.VIEWER, "project"),
    "rename_project": post(Role.LEAD, "project", name="Shop two"),
    "delete_project": post(Role.LEAD, "project"),
    "files": get(Role.VIEWER, "project"),
    "set_files": post(Role.MEMBER, "project", paths="a.py\nb.py", revision="1", upload=""),
    "add_plan": post(Role.MEMBER, "project", title="New plan", starter=""),
    "preview_plans": post(Role.MEMBER, "project", text=DOCUMENT, upload="", format="yaml"),
    "keep_plans": post(Role.MEMBER, "project", preview="$new_plans"),
    # The editor's views of a plan
    "plan": get(Role.VIEWER, "plan"),
    "ownership": get(Role.VIEWER, "plan"),
    "timeline": get(Role.VIEWER, "plan"),
    "tasks": get(Role.VIEWER, "plan"),
    "history": get(Role.VIEWER, "plan"),
    "delete_plan": post(Role.LEAD, "plan"),
    # Its panels
    "folder": get(Role.VIEWER, "plan"),
    "overview": get(Role.VIEWER, "plan"),
    "figures": get(Role.VIEWER, "plan"),
    "changes": get(Role.VIEWER, "plan"),
    "set_agents": post(Role.MEMBER, "plan", agents="3"),
    "plan_settings": get(Role.VIEWER, "plan"),
    "edit_plan": post(
        Role.LEAD,
        "plan",
        title="Comments",
        description="New",
        default_estimate="20m",
        keep_phases="on",
        seen=PLAN_SEEN,
    ),
    "add_row": post(Role.MEMBER, "plan kind", name="Release"),
    "rename_row": post(Role.MEMBER, "plan kind phase", name="Basis"),
    "move_row": post(Role.MEMBER, "plan kind phase", after="$second_phase"),
    "remove_row": post(Role.MEMBER, "plan kind phase"),
    # Tasks and their claims
    "add_task": post(Role.MEMBER, "plan", title="Docs", estimate="1h"),
    "task": get(Role.VIEWER, "plan T003"),
    "edit_task": post(
        Role.MEMBER,
        "plan T003",
        key="T003",
        title="Another title",
        estimate="15m",
        priority="2",
        description="Text",
        acceptance="One\nTwo",
        phase="$phase",
        track="",
        layer="api",
        bounded_context="comments",
        parent="",
        agent="",
        skills="python, sql",
        parallel_safe="yes",
        decides="hiding",
        seen="$seen",
    ),
    "remove_task": post(Role.MEMBER, "plan T003"),
    "move_task": post(Role.MEMBER, "plan T003", after="$T001"),
    "set_progress": post(
        Role.MEMBER,
        "plan T003",
        status="in_progress",
        started="2026-01-31T14:30",
        finished="",
        seen_status="pending",
        seen_started="",
        seen_finished="",
    ),
    "add_claim": post(Role.MEMBER, "plan", task="$T003", mode="reads", pattern="docs/**"),
    "remove_claim": post(Role.MEMBER, "plan", task="$T003", mode="modifies", pattern="src/api/comments.py"),
    # Dependencies and verdicts
    "dependency_form": get(Role.VIEWER, "plan"),
    "add_dependency": post(Role.MEMBER, "plan", **PAIR),
    "remove_dependency": post(Role.MEMBER, "plan", predecessor="$T001", successor="$T002"),
    "dependency": get(Role.VIEWER, "plan T001 T002"),
    "pair": get(Role.VIEWER, "plan T002 T003"),
    "rule": post(Role.LEAD, "plan T002 T003", ruling="together", reason="they agreed"),
    # History
    "undo": post(Role.MEMBER, "plan"),
    "redo": post(Role.MEMBER, "plan"),
    "undo_buttons": get(Role.VIEWER, "plan"),
    # In and out
    "export": get(Role.VIEWER, "plan"),
    "export_yaml": get(Role.VIEWER, "plan"),
    "export_file": get(Role.VIEWER, "plan"),
    "export_drawing": post(Role.VIEWER, "plan", view="graph", format="svg", theme="light"),
    "import": get(Role.MEMBER, "plan"),
    "preview_import": post(
        Role.MEMBER,
        "plan",
        text=DOCUMENT,
        upload="",
        format="yaml",
        mode="update",
        match="title",
        name="Comments feature",
    ),
    "apply_import": post(Role.MEMBER, "plan", preview="$preview"),
    "api_export_yaml": get(PROGRAM, "plan"),
}

# Query strings that routes read, beside the fields of forms.
QUERIES: dict[str, tuple[str, ...]] = {
    "folder": ("path",),
    "history": ("before",),
    "changes": ("after",),
    "dependency_form": ("from",),
    "export": ("format",),
    "export_file": ("format",),
    "account_login": ("next",),
    "account_signup": ("next",),
    "account_logout": ("next",),
}


def routes_of_urlconf() -> Iterator[tuple[str | None, str]]:
    """Every route of the URLconf, however deep: its name and its pattern."""

    def walk(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[tuple[str | None, str]]:
        for each in patterns:
            pattern = above + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, pattern)
            else:
                yield each.name, pattern

    yield from walk(get_resolver().url_patterns, "")


class Ground:
    """The stage with one of everything that a route may name; what takes long only where `route` needs it."""

    def __init__(self, cast: Cast, route: str | None = None) -> None:
        self.cast = cast
        self.stage = stage = Stage(cast)
        plan = stage.plan
        invited = accounts.invite(team=cast.team, created_by=cast.owner, role=Role.MEMBER)
        self.token = accounts.create_token(team=cast.team, created_by=cast.owner, name="CI", scope=Scope.READ)
        self.foreign_token = accounts.create_token(
            team=cast.other_team, created_by=cast.outsider, name="Theirs", scope=Scope.WRITE
        )
        self.things: dict[str, Any] = {
            "plan": stage.row.pk,
            "project": stage.project.pk,
            "slug": cast.team.slug,
            "member": cast.membership("viewer").pk,
            "invitation": invited.invitation.pk,
            "secret": invited.path.split("/")[-2],
            "token": self.token.token.pk,
            "kind": "phase",
            "phase": plan.phases[0].uid,
            "second_phase": plan.phases[1].uid,
            "seen": seen_values(stage.task("T003")),
            **{task.key: task.uid for task in plan.tasks},
        }
        for part in EDITORS:  # so that each has something to undo
            stage.change(core.adding_track(stage.plan, uid=f"track_{part}", name=f"Track of {part}"), part)
        if route is None or "job" in ROUTES[route].args:
            self.things["job"] = self._job()
        if route is None or "preview" in ROUTES[route].fields:
            page = stage.post("owner", "preview_import", text=DOCUMENT + "  T005: {title: Docs}\n")
            self.things["preview"] = form_of(page, stage.url("apply_import"))["preview"]
            page = stage.post_to_project("owner", "preview_plans", text=DOCUMENT)
            keep = reverse("keep_plans", args=[stage.project.pk])
            self.things["new_plans"] = form_of(page, keep)["preview"]

    def _job(self) -> UUID:
        """A job that has made a file."""
        arguments = {"plan": self.stage.row.pk, "view": "graph", "format": "svg", "theme": "light"}
        cast = self.cast
        job = enqueue_job(kind="export_drawing", arguments=arguments, team=cast.team, actor=cast.owner)
        run_job(job.pk)
        return job.pk

    def url(self, name: str) -> str:
        """The address of a route, with real things in it."""
        return reverse(name, args=[self.things[thing] for thing in ROUTES[name].args.split()])

    def fields(self, name: str) -> dict[str, Any]:
        """The fields of a form that is accepted."""
        return {
            key: self.things[value[1:]] if isinstance(value, str) and value.startswith("$") else value
            for key, value in ROUTES[name].fields.items()
        }

    def client(self, part: Part) -> Client:
        """The browser of this person."""
        return self.stage.client(part)
