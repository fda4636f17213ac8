"""What the pages show: which of it depends on who looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from planner_core.vocabulary import Role
from taskplanner.accounts.forms import InvitationForm, NameForm, RoleForm, TokenForm
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Team
from taskplanner.accounts.selectors import members_of, open_invitations, role_at_least, tokens_of

ROLE_MEANINGS = (
    (Role.VIEWER, "reads and exports"),
    (Role.MEMBER, "also edits plans and sets progress"),
    (Role.LEAD, "also changes settings, rules on pairs, deletes plans and projects"),
    (Role.OWNER, "also manages the team and its tokens"),
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the table of members; `role_form` is None for who may not change roles."""

    membership: Membership
    is_me: bool
    role_form: RoleForm | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One line of the table of tokens."""

    token: ApiToken
    expired: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A team as one of its members sees it; invitations and tokens are empty for all but owners."""

    team: Team
    me: Membership
    is_owner: bool
    members: list[MemberRow]
    invitations: list[Invitation]
    tokens: list[TokenRow]
    name_form: NameForm
    invitation_form: InvitationForm
    token_form: TokenForm


def present_team(
    me: Membership,
    *,
    now: datetime | None = None,
    name_form: NameForm | None = None,
    invitation_form: InvitationForm | None = None,
    token_form: TokenForm | None = None,
) -> TeamPage:
    """The page of a team for one of its members, with the form that was sent and refused, if any.

    At most three queries, however many members there are.
    """
    team, is_owner = me.team, role_at_least(me.role, Role.OWNER)
    at = now or timezone.now()
    return TeamPage(
        team=team,
        me=me,
        is_owner=is_owner,
        members=[_present_member(each, me, is_owner=is_owner) for each in members_of(team)],
        invitations=list(open_invitations(team, now=at)) if is_owner else [],
        tokens=[_present_token(each, at) for each in tokens_of(team)] if is_owner else [],
        name_form=name_form or NameForm(initial={"name": team.name}, auto_id="id_team_%s"),
        invitation_form=invitation_form or InvitationForm(auto_id="id_invitation_%s"),
        token_form=token_form or TokenForm(auto_id="id_token_%s"),
    )


def _present_member(membership: Membership, me: Membership, *, is_owner: bool) -> MemberRow:
    form = RoleForm(initial={"role": membership.role}, auto_id=f"id_{membership.pk}_%s")
    form.fields["role"].widget.attrs["aria-label"] = f"Role of {membership.user}"
    return MemberRow(membership, membership.pk == me.pk, form if is_owner else None)


def _present_token(token: ApiToken, now: datetime) -> TokenRow:
    return TokenRow(token, token.expires_at is not None and token.expires_at <= now)
