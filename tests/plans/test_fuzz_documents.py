"""Documents that are broken, hostile or merely odd, as people post them: read, or refused with a message."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils.html import escape
from pytest_django.asserts import assertContains

import planner_core as core
from planner_core.formats.yaml_plan.tree import MAX_BYTES
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.runner import run_job
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Plan
from tests.cast import Cast
from tests.databases import strict_database, undone
from tests.plans.views.stage import DOCUMENT, Stage, form_of, text_of

WHOLE = """\
taskplanner: 1
plan: Everything
description: |
  Two
  lines
agents:
- {name: Ada, skills: [python]}
- Bob
phases: [One, Two]
tracks: [Back, Front]
settings: {threshold: 0.3, weights: {file: 0.4, api: 0.3, database: 0.5, likeness: 0.2}}
pairs:
- {tasks: [B, C], together: true, reason: they agreed}
tasks:
  A: {title: First, estimate: 1h 30m, phase: One, track: Back, creates: ["src/a/**"], decides: [names]}
  B:
    depends_on: [A]
    estimate: 45m
    agent: Ada
    skills: [python]
    modifies: [src/b.py]
    acceptance: [it works]
    handoffs:
    - from: A
      summary: Done
      artefacts: [{path: src/a/x.py, symbol: X, use: import it}]
  C: {depends_on: [A], parallel_safe: false, priority: 1, layer: api, context: shop, reads: [src/b.py]}
  D: {children: [E, F]}
  E: {blocks: [F]}
  F: {can_run_with: [B]}
execution_groups:
- sequential: [A]
- parallel: [B, C]
progress: {A: {status: completed, started: 2026-01-31T10:00:00Z, finished: 2026-01-31T11:00:00Z}}
"""
PIECES = (
    "&a ", "*a", "!!python/object/apply:os.system [ls]", "!!binary aGk=", "<<: *a", "{", "}", "[", "]", ": ",
    "- ", "? ", "|", ">-", "\n", "\n\n  ", "\t", "'", '"', "\\", "---\n", "...\n", "%YAML 1.1\n", "\x00",
    "\\0", '"\\u0000"', '"\\ud800"', "\x85", "\u2028", "\ufeff", "\x1b", "null", "~", "yes", "1_000", "0o17",
    "1e999", ".nan", "9" * 30, "2026-13-45", "-1", "99999999h", "x" * 400, "../..", "[a-", "**/" * 30, "A",
    "Z", "tasks", "children: [D]", "depends_on: [F]", "agents: 0", "<b>&amp;", "🚀",
)  # fmt: skip


def mutated(chance: random.Random, source: str) -> bytes:
    """The source with some words, lines and characters replaced, repeated, moved or lost."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        lines = source.split("\n")
        at = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                lines[at] = chance.choice(PIECES)
            case 1:
                lines[at] = " " * chance.randrange(5) + lines[at].lstrip()
            case 2:
                lines.insert(chance.randrange(len(lines)), lines[at])
            case 3:
                del lines[at]
            case 4:
                words = re.split(r"(\W)", lines[at])
                words[chance.randrange(len(words))] = chance.choice(PIECES)
                lines[at] = "".join(words)
            case 5:
                words, other = re.split(r"(\W)", lines[at]), re.split(r"(\W)", chance.choice(lines))
                words[chance.randrange(len(words))] = chance.choice(other)
                lines[at] = "".join(words)
            case _:
                cut = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + chance.choice(PIECES) + lines[at][cut:]
        source = "\n".join(lines) or " "
    data = source.encode(errors="surrogatepass")
    if chance.random() < 0.1:
        cut = chance.randrange(len(data))
        data = data[:cut] + bytes([chance.randrange(256)]) + data[cut + 1 :]
    return data


def test_mutated_documents_are_read_or_refused(
    cast: Cast, count: Callable[[int, int], int], record_figure: Callable[[str], None]
) -> None:
    """Posted as text or as a file, as a new plan or into one: no failure, each refusal has reasons."""
    stage, total, outcomes = Stage(cast), count(200, 2000), Counter[str]()
    chance = random.Random(20260131)
    assert {stage.client("lead"), stage.client("member"), stage.client("viewer")}, "they stay signed in"
    with strict_database():
        for number in range(total):
            data = mutated(chance, chance.choice((WHOLE, DOCUMENT)))
            field: dict[str, Any] = (
                {"upload": SimpleUploadedFile("plan.yaml", data)}
                if number % 3
                else {"text": data.decode(errors="replace")}
            )
            field["format"] = "yaml" if number % 5 else ""  # else it is detected
            with undone():
                outcomes[post(stage, field, new=number % 2 == 0)] += 1
    record_figure(", ".join(f"{times} {outcome}" for outcome, times in sorted(outcomes.items())))
    assert set(outcomes) == {"refused", "made", "imported"}


def post(stage: Stage, field: dict[str, Any], *, new: bool) -> str:
    """Post a document, carry out what it previews, open the result; say how it ended."""
    before = stage.state()
    if new:
        response = stage.add_document("member", **field)
        if response.status_code == 302:
            return opened(stage, Plan.objects.latest("pk"), "made")
    else:
        response = stage.post("lead", "preview_import", **field)
        if response.status_code == 200:
            form = form_of(response, stage.url("apply_import"))
            assert stage.post("lead", "apply_import", **form).status_code == 302
            return opened(stage, stage.row, "imported")
    assert response.status_code == 422, field
    assert reasons(response), field
    assert stage.state() == before
    return "refused"


def opened(stage: Stage, plan: Plan, outcome: str) -> str:
    """The plan exports to a document that is read as the same plan, and its table opens."""
    client = stage.client("viewer")
    text = client.get(f"/plans/{plan.pk}/plan.yaml").content.decode()
    assert core.read_plan(text, new_uid=iter(f"n{n}" for n in range(10_000)).__next__).plan.tasks is not None
    assert client.get(f"/plans/{plan.pk}/tasks/").status_code == 200
    return outcome


def reasons(response: HttpResponse) -> list[str]:
    """What the page says about the document."""
    errors = re.findall(r'class="errors?(?:list)?"[^>]*>(.*?)</(?:div|ul)>', text_of(response), re.S)
    return [error for error in errors if re.sub(r"<[^>]+>|\s", "", error)]


def nested(depth: int) -> str:
    return "tasks: " + "[" * depth + "]" * depth


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    "an anchor": ("tasks:\n  A: &a {title: x}\n  B: *a\n", "Anchors", "Line 2, column 6:"),
    "a bomb": (
        "a: &a [x, x]\n"
        + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdef", "bcdefg", strict=True)),
        "Aliases",
        "Line 1, column 4:",
    ),
    "a tag": ("tasks:\n  A: {title: !!str x}\n", "Tags", "Line 2, column 14:"),
    "a tag that runs": ("plan: !!python/object/apply:os.system [ls]\n", "Tags", "Line 1, column 7:"),
    "depth": (nested(500), "nested", "Line 1, column"),
    "a key twice": ("tasks:\n  A: {title: x}\n  A: {title: y}\n", "twice", "Line 3, column 3"),
    "a field twice": ("tasks:\n  A:\n    title: x\n    title: y\n", "twice", "Line 4, column 5"),
    "no YAML": ("tasks: {A: [}", "", "Line 1, column"),
    "a NUL in a text": ('tasks: {A: {title: "a\\0b"}}', "", "Line 1, column"),
    "bytes that are no text": (b"tasks: {A: {title: \xff}}", "UTF-8", "UTF-8"),
    "a text": ("hello", "", "Line 1, column 1"),
    "a circle": ("tasks: {A: {depends_on: [B]}, B: {depends_on: [A]}}", "A", "Line 1, column"),
}


@pytest.mark.parametrize("new", [True, False], ids=["new", "import"])
@pytest.mark.parametrize(("document", "word", "place"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_says_where_and_why(
    cast: Cast, document: str | bytes, word: str, place: str, new: bool
) -> None:
    """With 422, on the page that the document was posted from; nothing is written."""
    stage = Stage(cast)
    before, plans = stage.state(), Plan.objects.count()
    data = document if isinstance(document, bytes) else document.encode()
    field: dict[str, Any] = {"upload": SimpleUploadedFile("plan.yaml", data), "format": "yaml"}
    if new:
        response = stage.add_document("member", **field)
    else:
        response = stage.post("member", "preview_import", **field)
    assertContains(response, escape(word), status_code=422)
    assert place in re.sub(r"<[^>]+>", "", text_of(response))
    assert (stage.state(), Plan.objects.count()) == (before, plans)


@pytest.mark.parametrize("char", ["\\0", "\\a"], ids=["NUL", "bell"])
def test_a_control_character_in_the_reason_of_a_verdict_is_refused(cast: Cast, char: str) -> None:
    """As in any other text: PostgreSQL can store no NUL."""
    text = f'tasks: {{A: {{}}, B: {{}}}}\npairs: [{{tasks: [A, B], together: true, reason: "a{char}b"}}]'
    response = Stage(cast).add_document("member", text=text)
    assertContains(response, "Line 2, column", status_code=422)


@pytest.mark.parametrize("new", [True, False], ids=["new", "import"])
def test_a_file_that_is_too_large_is_not_even_read(cast: Cast, new: bool) -> None:
    """422 with the limit; a text of that size is no form at all (400)."""
    stage = Stage(cast)

    def send(**fields: Any) -> HttpResponse:
        if new:
            return stage.add_document("member", **fields)
        return stage.post("member", "preview_import", **fields)

    upload = SimpleUploadedFile("plan.yaml", b"#" * 5_300_000)
    assertContains(send(upload=upload), "This file is larger than 5 MB", status_code=422)
    assert send(text="#" * 5_300_000).status_code == 400
    assertContains(send(upload=SimpleUploadedFile("plan.yaml", b"")), "file is empty", status_code=422)
    assertContains(send(text="a\0b"), "Null characters are not allowed", status_code=422)


def test_too_large_a_document_is_refused(cast: Cast) -> None:
    """With the limit; a new one by the job that reads it, for large documents are read in the background."""
    stage, plans = Stage(cast), Plan.objects.count()
    upload = SimpleUploadedFile("plan.yaml", b"# " + b"x" * MAX_BYTES)
    refused = stage.post("member", "preview_import", upload=upload, format="yaml")
    assertContains(refused, "too large to preview against a plan", status_code=422)
    upload.seek(0)
    assert f"larger than {MAX_BYTES:,} bytes" in in_background(stage, upload).error
    assert Plan.objects.count() == plans


def test_a_large_document_is_read_in_the_background(cast: Cast) -> None:
    """Its plan is there once the job has run; running the job again makes no second one."""
    stage = Stage(cast)
    upload = SimpleUploadedFile("plan.yaml", DOCUMENT.encode() + b"# " + b"x" * 1_100_000)
    job = in_background(stage, upload)
    assert (job.state, job.error) == (JobState.DONE, "")
    made = Plan.objects.latest("pk")
    assert made.pk != stage.row.pk
    assert load_plan(made).title == stage.plan.title
    count = Plan.objects.count()
    run_job(job.pk)
    assert Plan.objects.count() == count


def in_background(stage: Stage, upload: SimpleUploadedFile) -> Job:
    """Post a large document, and run the job that the answer leads to."""
    response = stage.post_to_project("member", "preview_plans", upload=upload, format="yaml")
    job = Job.objects.latest("created")
    assert response["Location"] == job.get_absolute_url()
    for _ in range(job.max_attempts):
        run_job(job.pk)
    job.refresh_from_db()
    return job
