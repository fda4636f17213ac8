"""The background worker as a process of its own; `serve` starts one, and more may run beside it."""

from __future__ import annotations

import os
import tempfile
import threading
import time
import warnings
from typing import Any

from billiard import active_children
from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down
from celery.worker import state
from django.conf import settings
from django.core.management.base import BaseCommand

from taskplanner.celery import app
from taskplanner.supervisor import end_with_supervisor


class Command(BaseCommand):
    help = "Do jobs as Celery's messages wake this worker up."
    requires_system_checks = ()  # `serve` has run them

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM, which lets running jobs finish."""
        end_with_supervisor()
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # `serve` has run Django's
        # Celery warns of root for the sake of pickled messages; ours are JSON with an id.
        warnings.simplefilter("ignore", SecurityWarning)
        if settings.BROKER_FILES:
            # The transport moves each message here before reading it: one rename, on one filesystem.
            tempfile.tempdir = str(settings.BROKER_DIR)
        worker_shutting_down.connect(_leave_when_idle)
        app.worker_main(
            [
                "--quiet",
                "worker",
                f"--concurrency={settings.JOB_WORKERS}",
                f"--loglevel={settings.LOG_LEVEL}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )


def _leave_when_idle(**details: Any) -> None:
    """End as soon as no job runs: Celery's own way takes five seconds, and the rows need no farewell."""
    threading.Thread(target=_leave, name="leave", daemon=True).start()


def _leave() -> None:
    while state.active_requests:
        time.sleep(0.05)
    for child in active_children():
        child.terminate()
    os._exit(0)
