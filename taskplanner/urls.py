"""Every address of the app; each app names its own routes."""

from django.urls import URLPattern, URLResolver, include, path
from health_check.views import HealthCheckView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("taskplanner.accounts.urls")),
    path("jobs/", include("taskplanner.jobs.urls")),
    path("", include("taskplanner.plans.urls")),
    path(
        "health/",
        HealthCheckView.as_view(checks=["health_check.checks.Cache", "health_check.checks.Database"]),
        name="health",
    ),
]
