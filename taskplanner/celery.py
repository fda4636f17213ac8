"""The Celery application: its messages only wake a worker up; the Job row says what there is to do."""

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taskplanner.settings")
app = Celery("taskplanner")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["taskplanner.jobs"], related_name="worker")


def make_broker_folders() -> None:
    """Make the folders of the filesystem transport, for their owner only; other transports need none."""
    options = app.conf.broker_transport_options
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(mode=0o700, parents=True, exist_ok=True)


make_broker_folders()
