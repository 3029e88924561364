"""How people sign in: what allauth asks us. Nobody signs up by themselves, and letters speak their reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from quipu.books import models
from quipu.desk.drawing import speaking
from quipu.desk.languages import words
from quipu.portal.languages import DEFAULT, MANNERS


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
        with translation.override(tongue.language), speaking(tongue):
            super().send_mail(template_prefix, email, {**context, "site": settings.SITE_NAME})

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
