"""Oneself: name, e-mail address, the way to the password."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from taskplanner.accounts import services
from taskplanner.accounts.access import signed_in
from taskplanner.accounts.errors import EmailTaken
from taskplanner.accounts.forms import EmailForm, NameForm
from taskplanner.accounts.selectors import memberships_of_user


def _page(
    request: HttpRequest, *, name_form: Form | None = None, email_form: Form | None = None, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    context = {
        "name_form": name_form or NameForm(initial={"name": user.name}),
        "email_form": email_form or EmailForm(initial={"email": user.email}, user=user),
        "memberships": memberships_of_user(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/account.html", context, status=status)


@login_required
@require_GET
def account_settings(request: HttpRequest) -> HttpResponse:
    """The account page."""
    return _page(request)


@login_required
@require_POST
def change_name(request: HttpRequest) -> HttpResponse:
    """Change what one is called."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, name_form=form, status=422)
    services.change_name(user=signed_in(request), name=form.cleaned_data["name"])
    messages.success(request, "Your name is changed.")
    return redirect("account_settings")


@login_required
@require_POST
@sensitive_post_parameters("password")
def change_email(request: HttpRequest) -> HttpResponse:
    """Change the address one signs in with; guessing the password here is limited as at sign-in."""
    too_often: HttpResponse | None = ratelimit.consume_or_429(request, action="reauthenticate")
    if too_often is not None:
        return too_often
    user = signed_in(request)
    form = EmailForm(request.POST, user=user)
    if form.is_valid():
        try:
            services.change_email(user=user, email=form.cleaned_data["email"])
        except EmailTaken as error:
            form.add_error("email", str(error))
    if not form.is_valid():
        return _page(request, email_form=form, status=422)
    messages.success(request, "Your e-mail address is changed.")
    return redirect("account_settings")
