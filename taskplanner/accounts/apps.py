"""The accounts app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Teams, memberships, sign-in, API tokens."""

    name = "taskplanner.accounts"
    default_auto_field = "django.db.models.BigAutoField"
