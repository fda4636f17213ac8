"""Coming in: password, sign-up, one-time link, invitation. Passwords are allauth's business."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.account.forms import SignupForm
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required, login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taskplanner.accounts import services
from taskplanner.accounts.access import signed_in
from taskplanner.accounts.adapter import INVITATION_IN_SESSION, AccountAdapter
from taskplanner.accounts.errors import AccountError, InvitationNotUsable, LinkNotUsable
from taskplanner.accounts.selectors import find_invitation, membership_of


class Refusing:
    """Answer a form that is refused with 422, as every form of the app does."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The page again, with what is wrong."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view beside it
        response.status_code = 422
        return response


class LoginView(Refusing, allauth.LoginView):  # type: ignore[misc]  # allauth has no types
    """Sign in by e-mail address and password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows; whether it offers to sign up is the adapter's word."""
        is_open = AccountAdapter(self.request).is_open_for_signup(self.request)
        return {**super().get_context_data(**kwargs), "signup_open": is_open}


class SignUpView(Refusing, allauth.SignupView):  # type: ignore[misc]  # allauth has no types
    """Sign up: open to all by setting, else by invitation."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        """Sign the person up and in, unless somebody else was quicker."""
        try:
            response: HttpResponse = super().form_valid(form)
        except AccountError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        self.request.session.pop(INVITATION_IN_SESSION, None)
        return response


class PasswordChangeView(Refusing, allauth.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    """Change one's password."""


class PasswordSetView(Refusing, allauth.PasswordSetView):  # type: ignore[misc]  # allauth has no types
    """Set a first password, for who came in by link."""


@login_not_required
@require_GET
@never_cache
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in whoever has the link, once."""
    try:
        user = services.use_sign_in_link(secret=secret)
    except LinkNotUsable as error:
        return render(request, "accounts/link_not_usable.html", {"error": error}, status=410)
    login(request, user)
    return redirect("/")


@login_not_required
@require_GET
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what one is invited to; remember the invitation for who has to sign up first."""
    found = find_invitation(secret)
    present = found and membership_of(request.user, found.team)
    if found is None or not (present or found.is_open(timezone.now())):
        context = {"error": InvitationNotUsable()}
        return render(request, "accounts/invitation_not_usable.html", context, status=410)
    if not request.user.is_authenticated:
        request.session[INVITATION_IN_SESSION] = secret
    context_of_page = {"invitation": found, "secret": secret, "present": present}
    return render(request, "accounts/invitation.html", context_of_page)


@login_required
@require_POST
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Join the team."""
    try:
        membership = services.accept_invitation(secret=secret, user=signed_in(request))
    except AccountError as error:
        return render(request, "accounts/invitation_not_usable.html", {"error": error}, status=410)
    request.session.pop(INVITATION_IN_SESSION, None)
    messages.success(request, f"You are in {membership.team} as {membership.role}.")
    return redirect(membership.team)
