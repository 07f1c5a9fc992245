"""What the document of a submission tells: the page as it was sent, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from pmo.common.page.formats import day, stamp
from portfolio.intake.models import RequestVersion

NOT_SAID = "Not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSheet:
    """One submission as it is printed; `on` is year, month and day."""

    title: str
    subtitle: str
    office: str
    on: Sequence[int]
    facts: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]
    proof: str


def sheet_of(version: RequestVersion, *, office: str) -> SubmissionSheet:
    said = version.content
    sent = timezone.localtime(version.submitted_at)
    wanted = day(date.fromisoformat(said["wanted_by"])) if said["wanted_by"] else ""
    if wanted:
        wanted += ", hard date" if said["is_hard_date"] else ", soft date"
    sponsor = said["sponsor"]
    if sponsor and said["sponsor_answer"]:
        sponsor += f" ({said['sponsor_answer'].lower()})"
    facts = (
        ("Requester", said["requester"]),
        ("Unit", said["unit"]),
        ("Kind", said["kind"]),
        ("Size", said["size"]),
        ("Wanted by", wanted),
        ("Sponsor", sponsor),
        ("Systems touched", ", ".join(said["systems"])),
        ("Confidential", "Yes" if said["is_confidential"] else "No"),
    )
    texts = (("Problem", said["problem"]), ("If nothing is done", said["if_nothing"]))
    return SubmissionSheet(
        title=said["title"],
        subtitle=f"Request {said['number']}, submission {version.number} of {stamp(sent)}",
        office=office,
        on=(sent.year, sent.month, sent.day),
        facts=[(label, value or NOT_SAID) for label, value in facts],
        texts=[(label, text or NOT_SAID) for label, text in texts],
        proof=f"SHA-256 of what was sent: {version.digest}",
    )
