"""Where allauth, which signs people in by e-mail address and password, asks what this app decides."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from taskplanner.accounts.selectors import find_invitation

INVITATION_IN_SESSION = "invitation"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-up by invitation, and the way back after a change of password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to all by setting, else to whoever came by an invitation that can still be accepted."""
        return settings.SIGNUP_OPEN or bool(invitation_in_session(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page."""
        return reverse("account_settings")


def invitation_in_session(request: HttpRequest) -> str:
    """The secret of the invitation by which this browser came, while it can be accepted; else nothing."""
    secret: str = request.session.get(INVITATION_IN_SESSION, "")
    invitation = find_invitation(secret) if secret else None
    is_open = invitation is not None and invitation.is_open(timezone.now())
    return secret if is_open else ""
