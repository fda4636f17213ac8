"""The databases that races are run on are what they claim to be."""

from tests.ground import Ground

SCRIPT = """
import django; django.setup()
from django.db import connection
from taskplanner.accounts.models import User
User.objects.create_user(email="somebody@example.com")
print(connection.vendor, User.objects.count())
"""


def test_processes_share_the_database(ground: Ground) -> None:
    """What one process stores, the next one finds, on a fresh database of the right kind."""
    vendor, people = ground.run("-c", SCRIPT).split()
    assert vendor == ("sqlite" if ground.database_url.startswith("sqlite") else "postgresql")
    assert people == "1"
    assert ground.run("-c", SCRIPT.replace("somebody", "another")).split() == [vendor, "2"]
