"""The background worker as a process of its own; `serve` starts one, and more may run beside it."""

from __future__ import annotations

import os
import tempfile
import warnings
from typing import Any

from celery.exceptions import SecurityWarning
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
