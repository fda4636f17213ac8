"""The sweep as a process of its own; `serve` starts one, and several do no harm."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from taskplanner.jobs.services import Swept, sweep_jobs
from taskplanner.supervisor import end_with_supervisor

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Put right, every few seconds, what killed workers and lost messages left behind."
    requires_system_checks = ()  # `serve` has run them

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep until SIGTERM or SIGINT."""
        end_with_supervisor()
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        while not ended.is_set():
            swept = sweep_jobs(now=timezone.now())
            if swept != Swept(requeued=0, given_up=0, sent=0):
                log.info("swept", requeued=swept.requeued, given_up=swept.given_up, sent=swept.sent)
            ended.wait(settings.JOB_SWEEP_SECONDS)
