"""The forms of accounts: what is typed, checked for its shape; rules live in the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, SetPasswordForm, SignupForm
from django import forms
from django.http import HttpRequest
from django.utils import timezone

from taskplanner.accounts.adapter import invitation_in_session
from taskplanner.accounts.models import ROLE_CHOICES, Scope, User
from taskplanner.accounts.services import sign_up

LONGEST_NAME = 80
LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password again",
}
PASSWORD_HINT = "At least 10 characters, and nothing that is easy to guess."  # noqa: S105  # a hint, no password


class NameForm(forms.Form):
    """A name: of a person or of a team."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)


class PlainWords:
    """A form of allauth's in the app's words: labels instead of placeholders, one hint for passwords."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = PASSWORD_HINT if name == "password1" else ""


class SignInForm(PlainWords, LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail address and password."""


class PasswordChangeForm(PlainWords, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The old password, and the new one twice."""


class PasswordSetForm(PlainWords, SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """A first password, twice."""


class SignUpForm(PlainWords, SignupForm):  # type: ignore[misc]  # allauth has no types
    """Name, e-mail address and password of somebody new."""

    name = forms.CharField(
        label="Your name",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order: ClassVar = ["name", "email", "password1"]

    def save(self, request: HttpRequest) -> User:
        """Sign the person up. Raises AccountError when something came in between."""
        return sign_up(
            email=self.cleaned_data["email"],
            name=self.cleaned_data["name"],
            password=self.cleaned_data["password1"],
            invitation=invitation_in_session(request),
        )


class EmailForm(forms.Form):
    """Another e-mail address, confirmed by the password where the person has one."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        """Refuse another password than the person's own."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password.")
        return password


class RoleForm(forms.Form):
    """What a member may do; stands in a table, outside of a field."""

    role = forms.ChoiceField(
        label="Role", choices=ROLE_CHOICES, widget=forms.Select(attrs={"class": "input"})
    )


class InvitationForm(forms.Form):
    """Who is invited, as what."""

    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, initial="member")
    email = forms.EmailField(
        label="Only for this e-mail address",
        max_length=254,
        required=False,
        help_text="Leave it empty, and whoever has the link may join, once.",
    )


class TokenForm(forms.Form):
    """What a token is for, what it may do, and for how long."""

    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, help_text="Which program uses it, such as “build server”."
    )
    scope = forms.ChoiceField(label="May", choices=Scope.choices)
    days = forms.TypedChoiceField(
        label="Expires",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(30, "in 30 days"), (90, "in 90 days"), (365, "in a year"), ("", "never")],
        initial=90,
    )

    def expires_at(self) -> datetime | None:
        """When the token stops working, or None for never."""
        days: int | None = self.cleaned_data["days"]
        return None if days is None else timezone.now() + timedelta(days=days)
