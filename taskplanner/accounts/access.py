"""Who may: the questions that every view asks before it does anything.

An outsider is told that there is no such thing (404), a member that their role does not do (403).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from planner_core.vocabulary import Role
from taskplanner.accounts.models import ApiToken, Membership, Scope, Team, User
from taskplanner.accounts.selectors import find_token, membership_of, role_at_least
from taskplanner.accounts.services import note_use_of_token

Parameters = ParamSpec("Parameters")


class BadToken(Exception):
    """A request for programs shows no token that holds."""


def signed_in(request: HttpRequest) -> User:
    """The person who asks. Raises Http404 when nobody is signed in: views demand sign-in before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def require_role(request: HttpRequest, team: Team, role: Role) -> Membership:
    """The asking person's membership of the team, when their role includes the given one.

    Raises Http404 for an outsider and for somebody not signed in, PermissionDenied for a lower role.
    One query.
    """
    return _checked(membership_of(request.user, team), role)


def require_role_in(request: HttpRequest, slug: str, role: Role) -> Membership:
    """The same for a team named by its slug, which comes as `membership.team`. One query."""
    memberships = Membership.objects.select_related("team", "user")
    return _checked(memberships.filter(team__slug=slug, user=signed_in(request)).first(), role)


def _checked(membership: Membership | None, role: Role) -> Membership:
    if membership is None:
        raise Http404
    if not role_at_least(membership.role, role):
        raise PermissionDenied(f"This takes the role {role.value}; yours is {membership.role}.")
    return membership


def authenticate_token(request: HttpRequest) -> ApiToken:
    """The token that the request shows as `Authorization: Bearer tp_...`, with its `team` and `scope`.

    Raises BadToken where there is none, or one that is unknown, revoked or expired.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    now = timezone.now()
    token = find_token(text.strip(), now=now) if scheme.lower() == "bearer" else None
    if token is None:
        raise BadToken
    note_use_of_token(token=token, now=now)
    return token


def token_required(
    scope: Scope,
) -> Callable[
    [Callable[Concatenate[HttpRequest, ApiToken, Parameters], HttpResponse]],
    Callable[Concatenate[HttpRequest, Parameters], HttpResponse],
]:
    """Make a view one for programs: it is given the token after the request, and needs no CSRF token.

    Without a token that holds the answer is 401, with one that may only read where writing is asked 403,
    both as JSON: `{"error": sentence}`.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, ApiToken, Parameters], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
        @functools.wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            try:
                token = authenticate_token(request)
            except BadToken:
                refusal = {"error": "Show an API token that holds, as “Authorization: Bearer tp_…”."}
                return JsonResponse(refusal, status=401, headers={"WWW-Authenticate": "Bearer"})
            if scope == Scope.WRITE and token.scope != Scope.WRITE:
                return JsonResponse({"error": "This token may only read."}, status=403)
            return view(request, token, *args, **kwargs)

        return csrf_exempt(guarded)

    return decorate
