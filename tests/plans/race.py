"""Started by the tests of races: people who act at the same moment, on whatever database is at hand.

`python -m tests.plans.race NAME ...` prints how it ended, as JSON, on its last line:

opposing ROUNDS              two who would close a circle together: {outcome: rounds}
pairs ROUNDS                 two who get into each other's way, in every other way: {way: {outcome: rounds}}
prepare EDITORS              a plan with a task for each editor, and one for all: {"plan": its number}
edit PLAN FIRST LAST EDITS   these editors, each in a thread, on a field of their own: {outcome: edits}
append PLAN FIRST LAST EDITS the same on one field, each edit repeated until it is in: {outcome: attempts}
rounds PLAN EDITORS ROUNDS   all editors set one field from the same value, again and again: {outcome: rounds}
look PLAN READERS CHANGES    some load the plan again and again while one changes it: {outcome: loads}
left PLAN                    what all of them left: versions, titles, lines
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402  # models can be imported only now
from django.utils import timezone  # noqa: E402

import planner_core as core  # noqa: E402
from taskplanner.accounts.models import Team, User  # noqa: E402
from taskplanner.accounts.services import create_team  # noqa: E402
from taskplanner.plans import services  # noqa: E402
from taskplanner.plans.mapping import load_plan  # noqa: E402
from taskplanner.plans.models import Plan, Project, TaskProgress  # noqa: E402
from tests.core.short_plans import plan as short_plan  # noqa: E402
from tests.core.short_plans import task as short_task  # noqa: E402


def together(actions: Iterable[Callable[[], None]]) -> None:
    """Run each action in a thread of its own, with a database connection of its own, to the end."""

    def run(action: Callable[[], None]) -> None:
        try:
            action()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def at_once(*actions: Callable[[], object]) -> str:
    """Release all actions at the same moment; return what each got, sorted."""
    barrier, results = threading.Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        barrier.wait()
        results.append(tried(action))

    together([partial(run, action) for action in actions])
    return " ".join(sorted(results))


def tried(action: Callable[[], object]) -> str:
    """How an action ended."""
    try:
        action()
    except services.StaleChange as stale:
        return "StaleChange" if stale.blame is not None else "StaleChangeWithoutBlame"
    except core.PlannerError as refusal:
        return type(refusal).__name__
    except DatabaseError as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


def person(name: str) -> User:
    user, _ = User.objects.get_or_create(email=f"{name}@example.com")
    return user


def team() -> Team:
    return Team.objects.first() or create_team(name="Crew", owner=person("owner"))


def new_plan(name: str, content: core.Plan) -> Plan:
    """A plan in a project of its own."""
    project = services.create_project(team=team(), name=name)
    return services.create_plan(project=project, content=content, actor=None)


# --- Pairs of people --------------------------------------------------------------------------------------


def one_name_for_two_projects(number: int) -> str:
    """Two in one team want one name: one by making a project, the other by renaming one."""
    wanted, crew = f"Wanted {number}", team()
    other = services.create_project(team=crew, name=f"Other {number}")
    got = at_once(
        lambda: services.create_project(team=crew, name=wanted),
        lambda: services.rename_project(project=other, name=wanted),
    )
    return f"{got}, {Project.objects.filter(name=wanted).count()} project"


def opposing(number: int) -> str:
    """Two who see the same plan make its tasks wait for each other."""
    row = new_plan(f"Opposing {number}", short_plan(*map(short_task, "ABC"), links=["B>C"]))
    seen, ada, bo = load_plan(row), person("ada"), person("bo")
    there, back = core.connecting(seen, "a", "b"), core.connecting(seen, "c", "a")
    got = at_once(
        lambda: services.change_plan(plan=row, edits=there, actor=ada),
        lambda: services.change_plan(plan=row, edits=back, actor=bo),
    )
    row.refresh_from_db()
    # Loading validates: a circle would be an InvalidPlan here.
    links = load_plan(row).dependencies
    return f"{got}, {len(links)} dependencies, version {row.version}, {row.changes.count()} changes"


def two_replace_a_file_list(number: int) -> str:
    """Two who saw the same file list replace it."""
    project = services.create_project(team=team(), name=f"Files {number}")
    got = at_once(
        lambda: services.set_files(project=project, text="a.py", expected_revision=0),
        lambda: services.set_files(project=project, text="b.py", expected_revision=0),
    )
    project.refresh_from_db()
    return f"{got}, revision {project.files_revision}"


def a_plan_is_deleted_under_an_edit(number: int) -> str:
    """One edits a plan, with progress in it, while another one deletes it."""
    return deleting(number, lambda row: services.delete_plan(plan=row))


def a_project_is_deleted_under_an_edit(number: int) -> str:
    """The same with all the plan's project."""
    return deleting(-number - 1, lambda row: services.delete_project(project=row.project))


def deleting(number: int, delete: Callable[[Plan], object]) -> str:
    row = new_plan(f"Deleted {number}", short_plan(*map(short_task, "AB")))
    edits = core.editing_task(load_plan(row), "a", {}, {"title": "New"})
    started = core.TaskProgress(core.Status.IN_PROGRESS)
    services.set_progress(
        plan=row, task_uid="b", before=core.TaskProgress(), after=started, now=timezone.now()
    )
    got = at_once(
        lambda: services.change_plan(plan=row, edits=edits, actor=None),
        lambda: delete(Plan.objects.get(pk=row.pk)),
    )
    return f"{got.replace('PlanGone', 'ok')}, {Plan.objects.filter(pk=row.pk).count()} plans"


def two_set_the_progress_of_a_task(number: int) -> str:
    """Two who saw the same status set another one."""
    row = new_plan(f"Progress {number}", short_plan(short_task("A")))

    def setter(status: core.Status) -> Callable[[], object]:
        after, now = core.TaskProgress(status), timezone.now()
        return lambda: services.set_progress(
            plan=row, task_uid="a", before=core.TaskProgress(), after=after, now=now
        )

    got = at_once(setter(core.Status.IN_PROGRESS), setter(core.Status.BLOCKED))
    return f"{got}, {TaskProgress.objects.filter(plan=row).count()} row"


PAIRS = (
    one_name_for_two_projects,
    two_replace_a_file_list,
    a_plan_is_deleted_under_an_edit,
    a_project_is_deleted_under_an_edit,
    two_set_the_progress_of_a_task,
)


def repeated(pair: Callable[[int], str], count: int) -> Counter[str]:
    """How a race of two ended, how often."""
    return Counter(map(pair, range(count)))


# --- Many editors -------------------------------------------------------------------------------------------


def prepare(editors: int) -> dict[str, int]:
    """A plan with a task for each editor, and one that everybody wants."""
    tasks = [short_task(f"T{number}") for number in range(editors)]
    return {"plan": new_plan("Many", short_plan(*tasks, short_task("ALL"))).pk}


def writing(plan: int, actor: User, uid: str, field: str, before: str, after: str) -> str:
    """How somebody's edit ended, made from a value that they saw."""
    edits = [core.TaskFieldEdit(uid, field, before, after)]
    return tried(lambda: services.change_plan(plan=Plan(pk=plan), edits=edits, actor=actor))


def edit(plan: int, first: int, last: int, edits: int) -> Counter[str]:
    """Each sets the title of their own task again and again, from the value that they wrote last."""
    ended: list[str] = []  # appending to a list is safe between threads

    def work(editor: int) -> None:
        actor, before = person(f"editor{editor}"), ""
        for number in range(edits):
            after = f"{editor}.{number}"
            ended.append(writing(plan, actor, f"t{editor}", "title", before, after))
            before = after

    together([partial(work, editor) for editor in range(first, last)])
    return Counter(ended)


def append(plan: int, first: int, last: int, edits: int) -> Counter[str]:
    """Each adds lines to the text that everybody wants, as they see it just before, until all are in."""
    ended: list[str] = []  # appending to a list is safe between threads

    def work(editor: int) -> None:
        actor, done = person(f"editor{editor}"), 0
        while done < edits:
            before = load_plan(Plan.objects.get(pk=plan)).task_by_uid["all"].description
            got = writing(plan, actor, "all", "description", before, f"{before}{editor}.{done}\n")
            ended.append(got)
            if got not in ("ok", "StaleChange"):
                return
            done += got == "ok"

    together([partial(work, editor) for editor in range(first, last)])
    return Counter(ended)


def rounds(plan: int, editors: int, count: int) -> Counter[str]:
    """In each round all editors set one title from the value that the round before left."""
    actors = [person(f"editor{editor}") for editor in range(editors)]

    def ended(number: int) -> str:
        before = load_plan(Plan.objects.get(pk=plan)).task_by_uid["all"].title

        def work(actor: User) -> None:
            after = f"{number} by {actor.email}"
            services.change_plan(
                plan=Plan(pk=plan), edits=[core.TaskFieldEdit("all", "title", before, after)], actor=actor
            )

        got = Counter(at_once(*[partial(work, actor) for actor in actors]).split(" "))
        return " ".join(f"{times} {how}" for how, times in sorted(got.items()))

    return Counter(map(ended, range(count)))


def look(plan: int, readers: int, changes: int) -> Counter[str]:
    """One adds a task that waits for another one, and removes it again; the readers look without a lock."""
    ended: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            ended.append(tried(partial(load_plan, Plan.objects.get(pk=plan))))

    def write() -> None:
        try:
            for _ in range(changes):
                now = load_plan(Plan.objects.get(pk=plan))
                adding = core.adding_task(now, uid="new")
                after = core.apply_edits(now, adding)
                services.change_plan(
                    plan=Plan(pk=plan), edits=[*adding, *core.connecting(after, "all", "new")], actor=None
                )
                after = load_plan(Plan.objects.get(pk=plan))
                services.change_plan(
                    plan=Plan(pk=plan), edits=core.removing_tasks(after, ["new"]), actor=None
                )
        finally:
            done.set()

    together([write, *[read] * readers])
    return Counter(ended)


def left(plan: int) -> dict[str, Any]:
    """What all editors left."""
    row = Plan.objects.get(pk=plan)
    content = load_plan(row)
    return {
        "version": row.version,
        "versions": list(row.changes.order_by("version").values_list("version", flat=True)),
        "titles": {task.uid: task.title for task in content.tasks},
        "lines": content.task_by_uid["all"].description.splitlines(),
    }


COMMANDS: dict[str, Callable[..., object]] = {
    "opposing": partial(repeated, opposing),
    "pairs": lambda count: {pair.__name__: repeated(pair, count) for pair in PAIRS},
    "prepare": prepare,
    "edit": edit,
    "append": append,
    "rounds": rounds,
    "look": look,
    "left": left,
}


def main(what: str, *numbers: int) -> object:
    """What a command prints."""
    return COMMANDS[what](*numbers)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:]))))
