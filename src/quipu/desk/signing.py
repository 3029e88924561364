"""How people sign in: what allauth asks us. Nobody signs up by themselves, and letters speak their reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse

from quipu.books import models
from quipu.desk.drawing import said, speaking
from quipu.desk.languages import words
from quipu.portal.languages import DEFAULT, MANNERS

# What a person is written about signing in, by the name that allauth gives the occasion.
LETTERS = {
    "account/email/password_reset_key": (
        "A new password",
        "Somebody, probably you, asked for a new password. Choose one at this address.",
    ),
    "account/email/password_changed": ("Your password was changed", "Your password was changed just now."),
    "account/email/password_set": ("You have a password", "A password was set for you just now."),
    "account/email/password_reset": ("Your password was set anew", "Your password was set anew just now."),
    "mfa/email/totp_activated": ("Second factor", "An app for codes was set up for signing in."),
    "mfa/email/totp_deactivated": ("Second factor", "The app for codes was removed from signing in."),
    "mfa/email/recovery_codes_generated": (
        "Recovery codes",
        "New recovery codes were made. The old ones work no more.",
    ),
    "mfa/email/webauthn_added": ("Passkeys and keys", "A passkey or a key was added for signing in."),
    "mfa/email/webauthn_removed": ("Passkeys and keys", "A passkey or a key was removed from signing in."),
    "socialaccount/email/account_connected": ("Signing in elsewhere", "You can sign in by another house from now on."),
    "socialaccount/email/account_disconnected": ("Signing in elsewhere", "You sign in by another house no more."),
}
UNEXPECTED = "If it was not you, tell an administrator of this house at once."


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """For allauth: signing in with what this house knows of people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a new password is set: at the address the operator names, not at one that a request claims."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return whole(self.request, path.replace("UID-KEY", key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever is written to."""
        code = models.Person.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        tongue = words(code if code in MANNERS else DEFAULT)
        subject, body = LETTERS[template_prefix]
        link = context.get("password_reset_url", "")
        with speaking(tongue):
            told = [said(body), link, said(UNEXPECTED)]
            send_mail(f"{settings.SITE_NAME}: {said(subject)}", "\n\n".join(filter(None, told)) + "\n", None, [email])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own affairs."""
        return str(reverse("own"))


class Outside(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """For allauth: signing in by another house's identities, for people who work here already."""

    def is_open_for_signup(self, request: HttpRequest, login: Any) -> bool:
        """Whoever is not known here was not invited."""
        return False


def whole(request: HttpRequest, path: str) -> str:
    """An address of the desk as a letter names it: with its host."""
    return f"{settings.ADDRESS}{path}" if settings.ADDRESS else str(request.build_absolute_uri(path))
