"""Everything that changes people, teams, invitations, links and tokens.

Each service is atomic, knows no request and no permission (views ask `access` first), and raises an
`AccountError` for what it refuses.
"""

from __future__ import annotations

from taskplanner.accounts.services.invitations import (
    NewInvitation,
    accept_invitation,
    cancel_invitation,
    invite,
)
from taskplanner.accounts.services.people import (
    change_email,
    change_name,
    ensure_local_owner,
    issue_sign_in_link,
    sign_up,
    use_sign_in_link,
)
from taskplanner.accounts.services.teams import (
    add_member,
    change_role,
    create_team,
    remove_member,
    rename_team,
)
from taskplanner.accounts.services.tokens import NewToken, create_token, note_use_of_token, revoke_token

__all__ = [
    "NewInvitation",
    "NewToken",
    "accept_invitation",
    "add_member",
    "cancel_invitation",
    "change_email",
    "change_name",
    "change_role",
    "create_team",
    "create_token",
    "ensure_local_owner",
    "invite",
    "issue_sign_in_link",
    "note_use_of_token",
    "remove_member",
    "rename_team",
    "revoke_token",
    "sign_up",
    "use_sign_in_link",
]
