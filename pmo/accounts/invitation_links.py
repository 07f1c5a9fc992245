"""The signed link by which somebody invited chooses a password: nothing of it is kept here."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from pmo.accounts.models import User

SALT = "pmo.accounts.invitation"
DAYS = 7
# a day more than is said, so that the day that is said counts wholly, in every time zone
VALID = timedelta(days=DAYS + 1)


class InvitationTokens:
    """Makes and checks tokens as Django's view for a new password asks for them."""

    def make_token(self, user: AbstractBaseUser) -> str:
        return TimestampSigner(salt=SALT).sign(_state(user))

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        """Say whether the token is ours, is not too old, and nothing happened since it was made."""
        if user is None or not token:
            return False
        try:
            said = TimestampSigner(salt=SALT).unsign(token, max_age=VALID)
        except BadSignature:
            return False
        return constant_time_compare(said, _state(user))


def _state(user: AbstractBaseUser) -> str:
    """Hash what a first sign-in, a new password or another address changes: the link is over then."""
    person = User.objects.only("password", "last_login", "email").get(pk=user.pk)
    parts = (person.pk, person.password, person.last_login, person.email)
    return salted_hmac(SALT, repr(parts), algorithm="sha256").hexdigest()[::2]


tokens = InvitationTokens()


def last_day() -> date:
    """Return the last day on which a link that is made now opens."""
    return timezone.localdate() + timedelta(days=DAYS)


def link_for(user: User) -> str:
    """Return a new link, under the address that the settings name and no request can change."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("invitation", kwargs={"uidb64": key, "token": tokens.make_token(user)})
    return settings.BASE_URL + path
