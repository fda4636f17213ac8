"""The settings of the kill tests: the app with one more kind of job, whose effects can be counted."""

from taskplanner.settings import *  # noqa: F403  these are the settings, plus one app
from taskplanner.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.jobs.effects"]
