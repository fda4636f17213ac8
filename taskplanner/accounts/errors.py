"""What the services refuse; each text is a whole sentence for the person who asked."""

from __future__ import annotations


class AccountError(Exception):
    """Anything the accounts refuse."""


class LastOwner(AccountError):
    """A team would be left without an owner."""

    def __init__(self) -> None:
        super().__init__("A team needs at least one owner. Make somebody else an owner first.")


class AlreadyMember(AccountError):
    """The person is in the team already."""

    def __init__(self) -> None:
        super().__init__("This person is a member already. Change their role instead.")


class InvitationNotUsable(AccountError):
    """An invitation was used, cancelled, has expired, or never was."""

    def __init__(self) -> None:
        super().__init__("This invitation can no longer be used. Ask an owner of the team for a new one.")


class InvitationForAnother(AccountError):
    """An invitation names another address than the person's."""

    def __init__(self) -> None:
        super().__init__(
            "This invitation is for another e-mail address. Sign in with that address to accept it."
        )


class LinkNotUsable(AccountError):
    """A sign-in link was used, has expired, or never was."""

    def __init__(self) -> None:
        super().__init__("This sign-in link can no longer be used: each works once, for a day.")


class EmailTaken(AccountError):
    """Another person signs in with the address."""

    def __init__(self) -> None:
        super().__init__("Somebody already signs in with this e-mail address.")
