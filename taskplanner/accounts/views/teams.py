"""Teams: their people, invitations and tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from planner_core.vocabulary import Role
from taskplanner.accounts import services
from taskplanner.accounts.access import require_role_in, signed_in
from taskplanner.accounts.errors import LastOwner
from taskplanner.accounts.forms import InvitationForm, NameForm, RoleForm, TokenForm
from taskplanner.accounts.models import Membership, Scope
from taskplanner.accounts.presenters import ROLE_MEANINGS, TeamPage, present_team
from taskplanner.accounts.selectors import memberships_of_user


def _list(request: HttpRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    context = {"memberships": memberships_of_user(signed_in(request)), "form": form}
    return render(request, "accounts/teams.html", context, status=status)


def _page(request: HttpRequest, page: TeamPage, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "role_meanings": ROLE_MEANINGS}
    return render(request, "accounts/team.html", context, status=status)


def _as_owner(request: HttpRequest, slug: str) -> Membership:
    return require_role_in(request, slug, Role.OWNER)


@login_required
@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams one belongs to."""
    return _list(request, NameForm())


@login_required
@require_POST
def create_team(request: HttpRequest) -> HttpResponse:
    """Make a team of one's own."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    return redirect(services.create_team(name=form.cleaned_data["name"], owner=signed_in(request)))


@login_required
@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """A team and its people; for owners also what lets people and programs in."""
    return _page(request, present_team(require_role_in(request, slug, Role.VIEWER)))


@login_required
@require_POST
def rename_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the team another name."""
    me = _as_owner(request, slug)
    form = NameForm(request.POST, auto_id="id_team_%s")
    if not form.is_valid():
        return _page(request, present_team(me, name_form=form), status=422)
    return redirect(services.rename_team(team=me.team, name=form.cleaned_data["name"]))


@login_required
@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a member another role."""
    me = _as_owner(request, slug)
    membership = get_object_or_404(Membership.objects.select_related("team", "user"), team=me.team, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such role.")
        return _page(request, present_team(me), status=422)
    try:
        services.change_role(membership=membership, role=Role(form.cleaned_data["role"]))
    except LastOwner as error:
        messages.error(request, str(error))
        return _page(request, present_team(me), status=422)
    messages.success(request, f"{membership.user} is {membership.role} now.")
    return redirect(me.team)


@login_required
@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a member out of the team; harmless when they have gone."""
    me = _as_owner(request, slug)
    membership = Membership.objects.select_related("team").filter(team=me.team, pk=pk).first()
    return _remove(request, me, membership)


@login_required
@require_POST
def leave_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Go out of a team oneself."""
    me = require_role_in(request, slug, Role.VIEWER)
    return _remove(request, me, me)


def _remove(request: HttpRequest, me: Membership, whom: Membership | None) -> HttpResponse:
    if whom is not None:
        try:
            services.remove_member(membership=whom)
        except LastOwner as error:
            messages.error(request, str(error))
            return _page(request, present_team(me), status=422)
        if whom.user_id == me.user_id:
            messages.success(request, f"You have left {me.team}.")
            return redirect("team_list")
    return redirect(me.team)


@login_required
@require_POST
@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    me = _as_owner(request, slug)
    form = InvitationForm(request.POST, auto_id="id_invitation_%s")
    if not form.is_valid():
        return _page(request, present_team(me, invitation_form=form), status=422)
    new = services.invite(
        team=me.team,
        created_by=me.user,
        role=Role(form.cleaned_data["role"]),
        email=form.cleaned_data["email"],
    )
    context = {"team": me.team, "invitation": new.invitation, "link": request.build_absolute_uri(new.path)}
    return render(request, "accounts/invitation_made.html", context)


@login_required
@require_POST
def cancel_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an invitation work no longer."""
    me = _as_owner(request, slug)
    services.cancel_invitation(team=me.team, pk=pk)
    return redirect(me.team)


@login_required
@require_POST
@never_cache
def create_token(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an API token and show its text, this once."""
    me = _as_owner(request, slug)
    form = TokenForm(request.POST, auto_id="id_token_%s")
    if not form.is_valid():
        return _page(request, present_team(me, token_form=form), status=422)
    new = services.create_token(
        team=me.team,
        created_by=me.user,
        name=form.cleaned_data["name"],
        scope=Scope(form.cleaned_data["scope"]),
        expires_at=form.expires_at(),
    )
    return render(request, "accounts/token_made.html", {"team": me.team, "new": new})


@login_required
@require_POST
def revoke_token(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a token work no longer."""
    me = _as_owner(request, slug)
    services.revoke_token(team=me.team, pk=pk)
    return redirect(me.team)
