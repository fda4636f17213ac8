"""The Celery application: its messages only wake a worker up; the Job row says what there is to do."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taskplanner.settings")
app = Celery("taskplanner")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["taskplanner.jobs"], related_name="worker")
