"""Run the whole app: web server, background worker and sweep, under one supervisor."""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from taskplanner.accounts.services import ensure_local_owner, issue_sign_in_link
from taskplanner.supervisor import Child, Supervisor

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  shown to people as an address they can open


class Command(BaseCommand):
    help = "Prepare the data, start everything, print a sign-in link; Ctrl-C stops all of it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal stops it. HOST and PORT come from the environment."""
        listener = _listen(settings.HOST, settings.PORT)
        call_command("prepare", verbosity=0)
        link = issue_sign_in_link(user=ensure_local_owner())
        connections.close_all()
        address = _address(settings.HOST, listener.getsockname()[1])
        self.stdout.write(
            f"\nTaskplanner runs at {address}\nSign in with this link, once:\n\n    {address}{link}\n"
        )
        self.stdout.write("Ctrl-C stops everything.\n")
        self.stdout.flush()
        Supervisor(_children(listener)).run()
        self.stdout.write("Stopped.")


def _children(listener: socket.socket) -> list[Child]:
    python = (sys.executable, os.fspath(settings.BASE_DIR / "manage.py"))
    web = Child("web", (*python, "serve_web", f"--descriptor={listener.fileno()}"), (listener.fileno(),))
    return [web, Child("worker", (*python, "work")), Child("sweep", (*python, "sweep_jobs"))]


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} on {host} is in use: stop what runs there, or choose another one, "
                f"for example `PORT={port + 1} make run`."
            ) from None
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror or error}.") from None


def _address(host: str, port: int) -> str:
    shown = EVERYWHERE.get(host, host)
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://[{shown}]:{port}" if ":" in shown else f"{scheme}://{shown}:{port}"
