"""A clock that may have jumped: what it says, and the button with which a person believes it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from pmo.accounts import words
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.background.schedule import confirm_clock, doubted
from pmo.common.page import formats


def clock_in_doubt(user: User) -> dict[str, Any]:
    """Return what a page says of a clock in doubt, and whether this reader may believe it."""
    beat = doubted()
    if beat is None or beat.doubted is None:
        return {"clock_text": "", "may_confirm_clock": False}
    says, last = (formats.moment(timezone.localtime(at)) for at in (beat.doubted, beat.at))
    return {
        "clock_text": words.clock_in_doubt(says=says, last=last),
        "may_confirm_clock": can(user, Permission.CLOCK_CONFIRM).allowed,
    }


@require_POST
@requires(Permission.CLOCK_CONFIRM)
def clock_confirm(request: PageRequest) -> HttpResponseRedirect:
    confirm_clock(by=request.user)
    messages.success(request, words.CLOCK_CONFIRMED)
    return redirect("jobs")
