"""A database of its own for tests in which several processes work at once, and a way to start them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ground:
    """A database and a data folder. Modules started here set Django up themselves (`django.setup()`)."""

    database_url: str
    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process on this ground."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "taskplanner.settings",
            "DATABASE_URL": self.database_url,
            "TASKPLANNER_VAR": str(self.folder / "var"),
            "SECRET_KEY": "only-for-tests",
            "LOG_LEVEL": "WARNING",
            **self.extra,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python with these arguments, such as `"-m", "tests.plans.race"`, in its own process group.

        Its standard output and error come together through `stdout`.
        """
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, timeout: float = 120) -> str:
        """Run Python with these arguments to its end and return what it printed; fail unless it succeeds."""
        process = self.start(*arguments)
        try:
            output, _ = process.communicate(timeout=timeout)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
        assert process.returncode == 0, f"{' '.join(arguments)} ended with {process.returncode}:\n{output}"
        return output

    def migrate(self) -> None:
        """Create all tables."""
        self.run("manage.py", "migrate", "--verbosity=0", "--skip-checks")
