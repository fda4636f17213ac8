"""Bring the data up to date: database tables, example plans."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database and load the example plans; run it as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run both steps; the second run changes nothing."""
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("load_examples", verbosity=options["verbosity"])
