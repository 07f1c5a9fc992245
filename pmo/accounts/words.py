"""How somebody stands with Rounds, in one sentence."""

from datetime import timedelta

from django.utils import timezone

from pmo.accounts.invitation_links import VALID
from pmo.accounts.models import User
from pmo.common.models import JobState
from pmo.common.page.figures import day, short_day

NO_ADDRESS = "Cannot sign in yet: no address"


def standing(user: User) -> str:
    """Say whether somebody signs in, was invited, or cannot yet; reads `invitation`."""
    if not user.is_active:
        return "Deactivated"
    if user.email is None:
        return NO_ADDRESS
    if user.last_login:
        return f"Last signed in {day(timezone.localtime(user.last_login).date())}"
    if user.invited_at:
        return _invited(user)
    return "Not signed in yet" if user.has_usable_password() else "Never invited"


def _invited(user: User) -> str:
    assert user.invited_at  # noqa: S101 - narrows the type
    on = short_day(timezone.localtime(user.invited_at).date())
    if user.invitation and user.invitation.state == JobState.FAILED:
        return f"Invited {on}, but the mail failed"
    if timezone.now() - user.invited_at > VALID - timedelta(days=1):
        return f"Invited {on}, the link is too old"
    return f"Invited {on}, not signed in yet"


def trouble(user: User) -> str:
    """Return why the last invitation did not go out; "" where it did or may still."""
    job = user.invitation
    return str(job.error) if job and job.state == JobState.FAILED else ""
