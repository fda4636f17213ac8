"""The routes of jobs."""

from django.urls import URLPattern, path

from taskplanner.jobs import views

urlpatterns: list[URLPattern] = [
    path("<uuid:job_id>/", views.job, name="job"),
    path("<uuid:job_id>/cancel/", views.cancel_job, name="cancel_job"),
    path("<uuid:job_id>/file/", views.download_job_file, name="download_job_file"),
]
