"""Damaged files of every format: each is read or refused, quickly, and a refusal says where."""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from itertools import count as numbers_from

from planner_core.errors import InvalidPlan, PlannerError, Problem
from planner_core.formats import Document, Format, Source, all_formats, detected_format
from tests.core.formats.samples import mutated, samples

SECONDS = 2.0
KIBIBYTES = 300 * 1024


def read(source: Source, chosen: Format | None = None) -> list[Document]:
    numbers = numbers_from()
    reader = (chosen or detected_format(source)).read
    assert reader is not None
    return reader(source, new_uid=lambda: f"u{next(numbers)}")


def test_every_format_that_is_read_has_a_sample() -> None:
    """Each sample is detected, and read with tasks, dependencies and a report with its format's name."""
    detected = set()
    for name, source in samples().items():
        chosen = detected_format(source)
        detected.add(chosen.name)
        documents = read(source)
        reports = [document.report for document in documents if document.report is not None]
        assert len(reports) == len(documents), name
        assert {report.format for report in reports} == {chosen.name}, name
        assert all(
            report.tasks == len(document.plan.tasks)
            for report, document in zip(reports, documents, strict=True)
        )
        assert sum(report.tasks for report in reports) > 1, name
        assert sum(report.dependencies for report in reports) > 0, name
    assert detected == {each.name for each in all_formats() if each.read is not None}


def placed(problem: Problem, source: Source) -> bool:
    """Whether a problem says where it is: in which line, or else in which file."""
    return problem.line is not None or any(path in problem.message for path in (source.name, *source.files))


def test_damaged_files_are_read_or_refused(
    count: Callable[[int, int], int], record_figure: Callable[[str], None]
) -> None:
    """No exception but a refusal escapes; each takes less than 2 s; what is wrong has a line or a file.

    A damaged file is read as what it is detected as, and as what it was.
    """
    chance = random.Random(11)
    originals = [(source, detected_format(source)) for source in samples().values()]
    total = count(500, 10_000)
    slowest, outcomes = (0.0, ""), Counter[str]()
    unplaced: list[tuple[str, Problem]] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(total):
        original, chosen = originals[number % len(originals)]
        source = mutated(original, chance)
        started = time.process_time()
        for reader in (None, chosen):
            try:
                documents = read(source, reader)
            except InvalidPlan as refusal:
                outcomes["refused"] += 1
                unplaced += [
                    (chosen.name, problem) for problem in refusal.problems if not placed(problem, source)
                ]
            except PlannerError:
                assert reader is None, (chosen.name, source)
                outcomes["of no format, or of two"] += 1
            else:
                outcomes["read"] += 1
                assert documents
                assert all(document.report is not None for document in documents)
        slowest = max(slowest, (time.process_time() - started, chosen.name))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    said = ", ".join(f"{how_many} {outcome}" for outcome, how_many in sorted(outcomes.items()))
    record_figure(
        f"{total} damaged files: {said}; slowest {slowest[0]:.2f} s ({slowest[1]}); {grown // 1024} MiB"
    )
    assert not unplaced
    assert slowest[0] < SECONDS, slowest
    assert grown < KIBIBYTES
