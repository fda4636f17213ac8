"""`manage.py sign_in_link [email]`: a link that signs a person in once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from taskplanner.accounts.models import User
from taskplanner.accounts.services import ensure_local_owner, issue_sign_in_link


class Command(BaseCommand):
    """Print a sign-in link: for somebody who forgot their password, or for the owner of a local start."""

    help = "Print a link that signs a person in once, within 24 hours; without an e-mail address, the owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who signs in, and where the site is."""
        parser.add_argument("email", nargs="?", help="whom to sign in")
        parser.add_argument(
            "--site", default="http://127.0.0.1:8000", help="where people reach the app (%(default)s)"
        )

    def handle(self, *args: Any, email: str | None = None, site: str, **options: Any) -> None:
        """Print the link and nothing else."""
        path = issue_sign_in_link(user=ensure_local_owner() if email is None else self._person(email))
        self.stdout.write(site.rstrip("/") + path)

    def _person(self, email: str) -> User:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody signs in with “{email}”. Check the address, or invite this person.")
        return person
