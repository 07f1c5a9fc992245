"""What has to be there before the forms of intake write, for the test that sends each twice."""

from datetime import timedelta

from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models.capital import DATES
from portfolio.intake.services.grounds import give_ground
from portfolio.intake.services.requests import create_request
from portfolio.intake.services.triage import decide_request
from projects.project_templates.models import ProjectTemplate
from tests.factories import person
from tests.factories.intake import PAGE, submitted, triaged


def form_of(record, **said):
    return [record.pk], {"version": record.version} | said


def own(by, **said):
    draft = create_request(by=by, title="Scanners")
    return form_of(draft, title="Scanners", draft="1", **said)


def asked(by):
    sent = submitted(by=by)
    return decide_request(
        request=sent, version=None, by=by, outcome=TriageOutcome.ASK, reason="How many?"
    )


def accepted(by):
    sent = submitted()
    triaged(sent, by)
    return decide_request(
        request=sent, version=None, by=by, outcome=TriageOutcome.CASE, reason="Worth it."
    )


def grounded():
    """A ground that somebody else gave for somebody else's request."""
    return give_ground(
        request=submitted(),
        by=person(Role.PMO_ANALYST),
        kind="safety",
        citation="Finding 7",
        bites_on=timezone.localdate() + timedelta(days=60),
    )


def verified():
    ground = grounded()
    return [ground.request_id], {"version": ground.version}


def started(by):
    record, template = accepted(by), ProjectTemplate.objects.offered().earliest("pk")
    return [record.pk, template.pk], {
        "name": "Visits",
        "unit": record.unit_id,
        "go_live": f"{timezone.localdate().year + 3}-01-01",
        "percent": 100,
        "region": "US",
        "ground": "Finding 7",
        "ground_date": "2027-01-01",
    }


THERE = {
    # a year that no made-up cycle has
    "intake:cycle_new": lambda _r, _by: (
        [],
        dict.fromkeys(DATES, "2027-03-01") | {"year": 2015, "envelope": "9M", "contingency": "1M"},
    ),
    "intake:request_answer": lambda _r, by: form_of(
        one := asked(by), title="Scanners", unit=one.unit_id, answer="Forty.", **PAGE
    ),
    "intake:request_decide": lambda _r, _by: form_of(
        submitted(), outcome="decline", reason="Carts do it."
    ),
    "intake:request_edit": lambda _r, by: own(by, problem="They walk."),
    "intake:request_ground": lambda _r, _by: (
        [submitted().pk],
        {"kind": "safety", "citation": "Finding 7", "bites_on": "2050-01-01"},
    ),
    "intake:request_project": lambda _r, by: form_of(
        one := accepted(by), name="Visits", code="V-1", category="other", unit=one.unit_id
    ),
    "intake:request_send_back": lambda _r, by: form_of(accepted(by), reason="New facts."),
    "intake:request_sponsor": lambda _r, by: form_of(
        submitted(sponsor=by, sponsor_answer="asked"), agrees="yes"
    ),
    "intake:request_start": lambda _r, by: started(by),
    "intake:request_triage": lambda _r, _by: form_of(submitted(), lane="strategic"),
    "intake:request_verify": lambda _r, _by: verified(),
    "intake:request_withdraw": lambda _r, by: ([submitted(by=by).pk], {}),
}
