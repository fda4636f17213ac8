"""The web server as a process of its own; `serve` starts it."""

from __future__ import annotations

import socket
from typing import Any

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from taskplanner.supervisor import end_with_supervisor
from taskplanner.wsgi import application


class Command(BaseCommand):
    help = "Serve the app by waitress, on HOST and PORT or on a socket that is already open."
    requires_system_checks = ()  # `serve` has run them

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the open socket."""
        parser.add_argument("--descriptor", type=int, help="the file descriptor of a listening socket")

    def handle(self, *args: Any, descriptor: int | None, **options: Any) -> None:
        """Serve until SIGTERM."""
        end_with_supervisor()
        where: dict[str, Any] = {"host": settings.HOST, "port": settings.PORT}
        if descriptor is not None:
            where = {"sockets": [socket.socket(fileno=descriptor)]}
        if settings.TRUSTED_PROXY:
            where["trusted_proxy"] = settings.TRUSTED_PROXY
            where["trusted_proxy_headers"] = "x-forwarded-for x-forwarded-host x-forwarded-proto"
        waitress.serve(application, threads=settings.WEB_THREADS, ident=None, **where)
