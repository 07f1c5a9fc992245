"""
What may be asked for twice: open requests, those declined lately, and running projects that look alike.

Only what the reader may see is compared at all, so a hint cannot tell of anything confidential. One
statement for requests and one for projects, however many there are; the likeness is counted in Python
(see `domain/similarity.py`) of texts as every search reads them, without capitals and accents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.folding import by_name, fold
from pmo.common.page.addresses import address_of
from pmo.common.records.writing import ASK, Ask
from portfolio.intake.domain.kinds import OPEN, RequestState
from portfolio.intake.domain.similarity import likest, parts_of, similarity
from portfolio.intake.models import IntakeRules, MandatoryGround, ProjectRequest
from projects.models import Project

MOST = 8
MONTH = timedelta(days=30.4375)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What one request says that another may say too, as a search reads it: see `likeness_from`."""

    title: str
    systems: frozenset[str] = frozenset()
    obligation: str = ""


def likeness_from(title: str, systems: Iterable[str] = (), citation: str = "") -> Likeness:
    return Likeness(title=fold(title), systems=_folded(systems), obligation=_cited(citation))


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateHint:
    """A record that looks alike; `because` holds "title", "system" and "obligation" as they apply."""

    label: str
    url: str
    state: str
    similarity: float
    because: tuple[str, ...]


def likeness_of(request: ProjectRequest, ground: MandatoryGround | Ask | None = ASK) -> Likeness:
    """Return what is compared of a request; `ground` is for who has read it."""
    ground = getattr(request, "ground", None) if isinstance(ground, Ask) else ground
    return likeness_from(request.title, request.system_names, ground.citation if ground else "")


def hints_for(
    reader: User, like: Likeness, *, rules: IntakeRules, today: date, besides: int | None = None
) -> list[DuplicateHint]:
    """Return what looks like `like`, the likest first; `besides` is the request itself."""
    found = [
        *_requests(reader, like, rules, today, besides),
        *_projects(reader, like, rules, besides),
    ]
    found.sort(key=lambda hint: (-len(hint.because), -hint.similarity, by_name(hint.label)))
    return found[:MOST]


def _requests(
    reader: User, like: Likeness, rules: IntakeRules, today: date, besides: int | None
) -> Iterable[DuplicateHint]:
    since = today - MONTH * rules.declined_months
    wanted = Q(state__in=[state.value for state in OPEN]) | Q(
        state=RequestState.DECLINED.value, decided_on__gte=since
    )
    rows = ProjectRequest.objects.visible_to(reader).filter(wanted).exclude(pk=besides or 0)
    columns = ("pk", "title", "systems", "state", "ground__citation")
    found = list(rows.order_by("pk").values_list(*columns))
    titles = [title for _, title, *_ in found]
    likeness = dict(likest(like.title, titles, least=rules.similarity, read=fold))
    for place, (pk, title, systems, state, citation) in enumerate(found):
        because = tuple(
            name
            for name, does in (
                ("system", bool(like.systems & _folded(parts_of(systems)))),
                ("obligation", bool(like.obligation) and like.obligation == _cited(citation or "")),
                ("title", place in likeness),
            )
            if does
        )
        if because:
            yield DuplicateHint(
                label=title,
                url=address_of("intake:request_detail", pk),
                state=RequestState(state).label,
                similarity=likeness.get(place) or similarity(like.title, fold(title)),
                because=because,
            )


def _projects(
    reader: User, like: Likeness, rules: IntakeRules, besides: int | None
) -> Iterable[DuplicateHint]:
    rows = Project.objects.visible_to(reader).active()
    if besides is not None:
        rows = rows.exclude(request=besides)
    found = list(rows.order_by("pk").values_list("pk", "name", "code"))
    names = [name for _, name, _ in found]
    for place, alike in likest(like.title, names, least=rules.similarity, read=fold):
        pk, name, code = found[place]
        yield DuplicateHint(
            label=name,
            url=address_of("projects:project_detail", pk),
            state=code,
            similarity=alike,
            because=("title",),
        )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


def _cited(citation: str) -> str:
    """Return a citation without what people write differently: capitals, accents, spaces and signs."""
    return "".join(letter for letter in fold(citation) if letter.isalnum())
