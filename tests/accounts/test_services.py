"""What the services promise, whoever calls them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from planner_core.vocabulary import Role
from taskplanner.accounts import services
from taskplanner.accounts.errors import (
    AlreadyMember,
    EmailTaken,
    InvitationForAnother,
    InvitationNotUsable,
    LastOwner,
    LinkNotUsable,
)
from taskplanner.accounts.models import ApiToken, Invitation, Membership, Scope, SignInLink, Team, User
from taskplanner.accounts.selectors import find_token, open_invitations, role_of, teams_of, tokens_of
from tests.cast import Cast


def secret_in(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


# --- Teams -----------------------------------------------------------------------------------------------


def test_a_new_team_has_its_maker_as_owner(cast: Cast) -> None:
    """Nobody makes a team that they cannot manage."""
    team = services.create_team(name="  Night shift ", owner=cast.viewer)
    assert (team.name, team.slug) == ("Night shift", "night-shift")
    assert role_of(cast.viewer, team) is Role.OWNER


def test_teams_of_the_same_name_get_different_slugs(cast: Cast) -> None:
    """Names repeat, links do not; a name without Latin letters gets a slug all the same."""
    slugs = [services.create_team(name=name, owner=cast.owner).slug for name in ("Crew", "CREW!", "猫", "犬")]
    assert slugs == ["crew-2", "crew-3", "team", "team-2"]


def test_a_long_name_gives_a_slug_that_fits(cast: Cast) -> None:
    """The longest names that the form lets through can be stored, and again."""
    slugs = {services.create_team(name="x" * 80, owner=cast.owner).slug for _ in range(3)}
    assert len(slugs) == 3
    assert max(map(len, slugs)) <= 60


def test_renaming_keeps_the_links(cast: Cast) -> None:
    """The slug stays."""
    services.rename_team(team=cast.team, name="Night crew")
    assert Team.objects.get(slug="crew").name == "Night crew"


def test_nobody_is_added_twice(cast: Cast) -> None:
    """A second time is refused and changes no role."""
    with pytest.raises(AlreadyMember):
        services.add_member(team=cast.team, user=cast.viewer, role=Role.OWNER)
    assert role_of(cast.viewer, cast.team) is Role.VIEWER


def test_the_last_owner_stays_owner(cast: Cast) -> None:
    """Neither by a lower role nor by removal does a team lose its last owner."""
    last = cast.membership("owner")
    for role in (Role.VIEWER, Role.MEMBER, Role.LEAD):
        with pytest.raises(LastOwner):
            services.change_role(membership=last, role=role)
    with pytest.raises(LastOwner):
        services.remove_member(membership=last)
    assert services.change_role(membership=last, role=Role.OWNER).role == Role.OWNER


def test_one_of_two_owners_may_go(cast: Cast) -> None:
    """With another owner there, the first one is free to leave; then the other is the last."""
    second = services.change_role(membership=cast.membership("lead"), role=Role.OWNER)
    services.remove_member(membership=cast.membership("owner"))
    assert role_of(cast.owner, cast.team) is None
    with pytest.raises(LastOwner):
        services.remove_member(membership=second)


def test_a_stale_membership_cannot_take_the_last_owner_away(cast: Cast) -> None:
    """The rule looks at the table, not at what the caller read earlier."""
    stale = cast.membership("lead")
    services.change_role(membership=cast.membership("lead"), role=Role.OWNER)
    services.remove_member(membership=cast.membership("owner"))
    with pytest.raises(LastOwner):
        services.remove_member(membership=stale)


def test_removing_twice_is_harmless(cast: Cast) -> None:
    """The second time changes nothing."""
    gone = cast.membership("member")
    services.remove_member(membership=gone)
    services.remove_member(
        membership=Membership(pk=gone.pk or 0, team=cast.team, user=cast.member, role="member")
    )
    assert set(Membership.objects.filter(team=cast.team).values_list("user__name", flat=True)) == {
        "Owner",
        "Lead",
        "Viewer",
    }


@pytest.mark.parametrize("way", ["removed", "no longer an owner"])
def test_who_stops_being_an_owner_loses_tokens_and_invitations(cast: Cast, way: str) -> None:
    """Secrets that they may still have written down end with the right to make them."""
    second = services.change_role(membership=cast.membership("lead"), role=Role.OWNER)
    theirs = services.create_token(team=cast.team, created_by=cast.lead, name="theirs", scope=Scope.WRITE)
    other = services.create_token(team=cast.team, created_by=cast.owner, name="other", scope=Scope.WRITE)
    services.invite(team=cast.team, created_by=cast.lead, role=Role.OWNER)
    if way == "removed":
        services.remove_member(membership=second)
    else:
        services.change_role(membership=second, role=Role.VIEWER)
    now = timezone.now()
    assert find_token(theirs.text, now=now) is None
    assert find_token(other.text, now=now) == other.token
    assert not open_invitations(cast.team, now=now).exists()


# --- Invitations -----------------------------------------------------------------------------------------


def test_an_invitation_lets_one_person_in(cast: Cast) -> None:
    """The first who accepts is in, in the role it says; the next is refused."""
    new = services.invite(team=cast.team, created_by=cast.owner, role=Role.LEAD)
    secret = secret_in(new.path)
    assert services.accept_invitation(secret=secret, user=cast.outsider).role == Role.LEAD
    late = User.objects.create_user(email="late@example.com")
    with pytest.raises(InvitationNotUsable):
        services.accept_invitation(secret=secret, user=late)
    assert role_of(late, cast.team) is None


def test_accepting_twice_is_harmless(cast: Cast) -> None:
    """The same person gets the same membership."""
    secret = secret_in(services.invite(team=cast.team, created_by=cast.owner, role=Role.LEAD).path)
    first = services.accept_invitation(secret=secret, user=cast.outsider)
    assert services.accept_invitation(secret=secret, user=cast.outsider) == first


def test_a_member_uses_no_invitation_up(cast: Cast) -> None:
    """An owner who tries the link keeps their role, and the link still works for somebody else."""
    secret = secret_in(services.invite(team=cast.team, created_by=cast.owner, role=Role.VIEWER).path)
    assert services.accept_invitation(secret=secret, user=cast.owner).role == Role.OWNER
    assert services.accept_invitation(secret=secret, user=cast.outsider).role == Role.VIEWER


def test_an_invitation_with_an_address_is_for_that_person(cast: Cast) -> None:
    """Another address is refused, whatever the case of the letters; and the link is not used up."""
    new = services.invite(
        team=cast.team, created_by=cast.owner, role=Role.MEMBER, email="Outsider@Example.com"
    )
    somebody = User.objects.create_user(email="somebody@example.com")
    with pytest.raises(InvitationForAnother):
        services.accept_invitation(secret=secret_in(new.path), user=somebody)
    assert services.accept_invitation(secret=secret_in(new.path), user=cast.outsider).role == Role.MEMBER


@pytest.mark.parametrize("state", ["expired", "cancelled", "never made"])
def test_an_invitation_that_does_not_hold_is_refused(cast: Cast, state: str) -> None:
    """Expired, cancelled and invented ones let nobody in."""
    new = services.invite(team=cast.team, created_by=cast.owner, role=Role.MEMBER)
    if state == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if state == "cancelled":
        services.cancel_invitation(team=cast.team, pk=new.invitation.pk)
        services.cancel_invitation(team=cast.team, pk=new.invitation.pk)
    secret = "invented" if state == "never made" else secret_in(new.path)
    with pytest.raises(InvitationNotUsable):
        services.accept_invitation(secret=secret, user=cast.outsider)
    assert role_of(cast.outsider, cast.team) is None


def test_another_teams_invitations_and_tokens_are_out_of_reach(cast: Cast) -> None:
    """A number from elsewhere changes nothing."""
    new = services.invite(team=cast.team, created_by=cast.owner, role=Role.MEMBER)
    token = services.create_token(team=cast.team, created_by=cast.owner, name="CI", scope=Scope.READ)
    services.cancel_invitation(team=cast.other_team, pk=new.invitation.pk)
    services.revoke_token(team=cast.other_team, pk=token.token.pk)
    assert open_invitations(cast.team, now=timezone.now()).count() == 1
    assert tokens_of(cast.team).count() == 1


# --- Tokens ----------------------------------------------------------------------------------------------


def test_revoking_twice_keeps_the_first_time(cast: Cast) -> None:
    """The second time changes nothing."""
    token = services.create_token(team=cast.team, created_by=cast.owner, name="CI", scope=Scope.READ).token
    services.revoke_token(team=cast.team, pk=token.pk)
    first = ApiToken.objects.get(pk=token.pk).revoked_at
    services.revoke_token(team=cast.team, pk=token.pk)
    assert first is not None
    assert ApiToken.objects.get(pk=token.pk).revoked_at == first


# --- People ----------------------------------------------------------------------------------------------


def test_a_local_start_makes_one_owner(db: None) -> None:
    """However often it starts, there is one owner with “My team”, without a password."""
    first, second = services.ensure_local_owner(), services.ensure_local_owner()
    assert first == second
    assert User.objects.count() == 1
    assert not first.has_usable_password()
    assert [team.name for team in teams_of(first)] == ["My team"]


def test_a_local_start_keeps_the_owner_there_is(cast: Cast) -> None:
    """Where somebody owns a team, also under another address, nobody is made."""
    services.change_email(user=cast.owner, email="boss@example.com")
    assert services.ensure_local_owner() == cast.owner
    assert User.objects.count() == 5


def test_a_sign_in_link_works_once(cast: Cast) -> None:
    """The first use gives the person, the second is refused."""
    secret = secret_in(services.issue_sign_in_link(user=cast.lead))
    assert services.use_sign_in_link(secret=secret) == cast.lead
    with pytest.raises(LinkNotUsable):
        services.use_sign_in_link(secret=secret)


def test_a_sign_in_link_works_for_a_day(cast: Cast) -> None:
    """After that it is refused, and stays unused."""
    secret = secret_in(services.issue_sign_in_link(user=cast.lead))
    left = SignInLink.objects.get().expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkNotUsable):
        services.use_sign_in_link(secret=secret)
    assert SignInLink.objects.get().used_at is None


def test_who_signs_up_gets_a_team_of_their_own(db: None) -> None:
    """And owns it."""
    user = services.sign_up(email="Ada@Example.com", name="Ada", password="a long passphrase")
    assert [(team.name, role_of(user, team)) for team in teams_of(user)] == [("Ada’s team", Role.OWNER)]
    assert user.check_password("a long passphrase")


def test_who_signs_up_by_invitation_gets_no_team_of_their_own(cast: Cast) -> None:
    """They came to join one."""
    secret = secret_in(services.invite(team=cast.team, created_by=cast.owner, role=Role.VIEWER).path)
    user = services.sign_up(email="ada@example.com", name="Ada", password="x", invitation=secret)
    assert list(teams_of(user)) == [cast.team]


def test_a_sign_up_that_fails_leaves_nobody_behind(cast: Cast) -> None:
    """With an invitation that no longer holds, or a taken address, nothing is stored."""
    with pytest.raises(InvitationNotUsable):
        services.sign_up(email="ada@example.com", name="Ada", password="x", invitation="gone")
    with pytest.raises(EmailTaken):
        services.sign_up(email="LEAD@example.com", name="Ada", password="x")
    assert User.objects.count() == 5
    assert Team.objects.count() == 2


def test_an_address_of_somebody_else_is_refused(cast: Cast) -> None:
    """Changing to it raises and changes nothing; to one's own, in other letters, it is fine."""
    with pytest.raises(EmailTaken):
        services.change_email(user=cast.lead, email="Owner@example.com")
    assert User.objects.get(pk=cast.lead.pk).email == "lead@example.com"
    assert services.change_email(user=cast.lead, email="LEAD@example.com").email == "lead@example.com"
