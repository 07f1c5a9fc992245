"""Find a project or a page from anywhere."""

from typing import NamedTuple

from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.context import places_for
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.folding import fold
from pmo.common.records.search import found
from portfolio.intake.models import ProjectRequest
from portfolio.intake.words import requests as words
from reports.models import Snapshot
from reports.services.day_turn import live_day

MOST = 8
MOST_REQUESTS = 4
SHORTEST = 2


class Hit(NamedTuple):
    label: str
    url: str
    sub: str
    color: str
    icon: str


@require_safe
@requires(Permission.FIND)
def find(request: PageRequest) -> TemplateResponse:
    """Answer with the first projects and pages whose name, code or manager holds what was typed."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    hits: list[Hit] = []
    if len(wanted) >= SHORTEST:
        hits = [
            Hit(place.label, place.url, "Page", "", "arrow-right")
            for place in places_for(request.user, request.path)
            if fold(wanted) in fold(place.label)
        ]
        hits += _projects(request.user, wanted)
        hits += _requests(request.user, wanted)
    context = {"results": hits, "q": wanted}
    return TemplateResponse(request, "components/find_results.html", context)


def _requests(user: User, wanted: str) -> list[Hit]:
    """Return the first requests that match, the newest first; declined ones with them."""
    rows = ProjectRequest.objects.visible_to(user).filter(found(ProjectRequest, wanted))
    return [
        Hit(one.title, one.get_absolute_url(), words.request_sub(one), "", "inbox")
        for one in rows.order_by("-created_at", "-pk")[:MOST_REQUESTS]
    ]


def _projects(user: User, wanted: str) -> list[Hit]:
    """
    Return the first projects that match, running ones before ended ones.

    Each half is read in the order of its index, which stops at the last hit that is shown.
    """
    live_day()
    live = Snapshot.objects.live().visible_to(user)
    matching = live.filter(found(Snapshot, wanted)).worst_first()
    names = ("project_id", "name", "code", "overall")
    halves = (
        matching.filter(is_active=active).values_list(*names)[:MOST] for active in (True, False)
    )
    rows = [row for half in halves for row in half][:MOST]
    return [
        Hit(name, reverse("projects:project_detail", args=[pk]), code, color, "")
        for pk, name, code, color in rows
    ]
