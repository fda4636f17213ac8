"""The routes of accounts. Of allauth's, those that work without a mail server."""

from allauth.account.views import logout
from django.urls import URLPattern, path

from taskplanner.accounts.views import account, entrance, teams

urlpatterns: list[URLPattern] = [
    # Coming in and going out
    path("login/", entrance.LoginView.as_view(), name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("signup/", entrance.SignUpView.as_view(), name="account_signup"),
    path("sign-in/<str:secret>/", entrance.sign_in_link, name="sign_in_link"),
    path("invitations/<str:secret>/", entrance.invitation, name="invitation"),
    path("invitations/<str:secret>/accept/", entrance.accept_invitation, name="accept_invitation"),
    # Oneself
    path("account/", account.account_settings, name="account_settings"),
    path("account/name/", account.change_name, name="change_name"),
    path("account/email/", account.change_email, name="change_email"),
    path("account/password/change/", entrance.PasswordChangeView.as_view(), name="account_change_password"),
    path("account/password/set/", entrance.PasswordSetView.as_view(), name="account_set_password"),
    # Teams
    path("teams/", teams.team_list, name="team_list"),
    path("create-team/", teams.create_team, name="create_team"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/rename/", teams.rename_team, name="rename_team"),
    path("teams/<slug:slug>/leave/", teams.leave_team, name="leave_team"),
    path("teams/<slug:slug>/members/<int:pk>/role/", teams.change_role, name="change_role"),
    path("teams/<slug:slug>/members/<int:pk>/remove/", teams.remove_member, name="remove_member"),
    path("teams/<slug:slug>/invitations/", teams.invite, name="invite"),
    path("teams/<slug:slug>/invitations/<int:pk>/cancel/", teams.cancel_invitation, name="cancel_invitation"),
    path("teams/<slug:slug>/tokens/", teams.create_token, name="create_token"),
    path("teams/<slug:slug>/tokens/<int:pk>/revoke/", teams.revoke_token, name="revoke_token"),
]
