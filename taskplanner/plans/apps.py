from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "taskplanner.plans"
    label = "plans"
