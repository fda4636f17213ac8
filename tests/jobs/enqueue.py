"""Enqueue jobs for the kill tests: `python -m tests.jobs.enqueue COUNT SECONDS`."""

import sys

import django
from django.db import connection

django.setup()

from taskplanner.accounts.models import Team, User  # noqa: E402  models need Django set up
from taskplanner.jobs.models import Job  # noqa: E402
from taskplanner.jobs.services import enqueue_job  # noqa: E402


def main(count: int, seconds: float) -> None:
    """Make the table of effects and the jobs; they may be attempted often, for many workers are killed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effect (job VARCHAR(36) NOT NULL)")
    user = User.objects.create_user(email="owner@example.com")
    team = Team.objects.create(name="Crew", slug="crew")
    for _ in range(count):
        enqueue_job(kind="test.effect", arguments={"seconds": seconds}, team=team, actor=user)
    Job.objects.update(max_attempts=1000)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
