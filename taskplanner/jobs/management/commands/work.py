"""The background worker as a process of its own; `serve` starts one, and more may run beside it."""

from __future__ import annotations

import tempfile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from taskplanner.celery import app
from taskplanner.supervisor import end_with_supervisor


class Command(BaseCommand):
    help = "Do jobs as Celery's messages wake this worker up."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM, which lets running jobs finish."""
        end_with_supervisor()
        if settings.BROKER_FILES:
            # The transport moves each message here before reading it: one rename, on one filesystem.
            tempfile.tempdir = str(settings.BROKER_DIR)
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
