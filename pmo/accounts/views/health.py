"""What machines ask: whether this process lives, and whether Rounds is ready for its work."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.common.background import restarts
from pmo.common.background.readiness import QUIET_FOR, readiness


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 whenever this process can answer; restart it only when it does not."""
    del request
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503 with a sentence for each reason."""
    del request
    found = readiness()
    age = None
    if found.ticked is not None:
        age = round((timezone.now() - found.ticked).total_seconds())
    late = age is not None and age > QUIET_FOR.total_seconds()
    restarted = restarts.last()
    body = {
        "ready": not found.reasons,
        "reasons": found.reasons,
        "clock": "not yet" if age is None else "late" if late else "on time",
        "seconds_since_tick": age,
        "is_working": found.is_working,
        "background_restarted_at": restarted and restarted.isoformat(),
        "example": settings.EXAMPLE,
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE if found.reasons else HTTPStatus.OK
    response = JsonResponse(body, status=status)
    # said in the answer: asked twice a minute, it would bury what else is logged
    setattr(response, "_has_been_logged", True)
    return response
