from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "taskplanner.jobs"

    def ready(self) -> None:
        """Load every app's `handlers` module, so that the registry knows all kinds of job."""
        autodiscover_modules("handlers")
