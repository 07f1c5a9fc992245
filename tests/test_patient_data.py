"""No form of the product and no column takes words that identify a patient."""

from urllib.parse import urlsplit

import pytest
from django import forms
from django.apps import apps
from django.db import models, transaction
from django.urls import resolve

from pmo.accounts.models import Membership
from pmo.accounts.roles import Role
from pmo.common.page.once import FIELD
from pmo.common.records.doubts import FIELD as WHY
from pmo.common.records.fields import Line, Link, Prose, TypedData
from portfolio.intake.models import ProjectRequest
from tests.factories import person
from tests.test_api_rules import scene
from tests.test_forms_once import FREELY, LI_WEI, filled, forms_of

SAID = "Note SSN 123-45-6789"
DOUBTFUL = "See visit 20481913"  # what may be one; asked about, and kept for a reason
# what is sent with a form and is no text that anybody keeps
ASIDE = {"csrfmiddlewaretoken", FIELD, WHY, "version", "q"}
# a form whose texts are a choice between what it offers: view -> beginnings of its fields
CHOSEN = {
    "checklist": "hide",
    "communication:plan_offer": "",
    "components": "",
    "organization:category_place": "position",
}
# why nobody types into a column -> the models of which that holds, or their fields
NOT_TYPED = {
    "trail, jobs and keys: written by the product, what was typed was screened before": {
        "AuditEvent", "AuditHead", "Job", "Setup.token_hash", "Submission", "Spared",
    },
    "frozen from records and documents that were screened": {
        "AudienceText.drafted", "Baseline.calendars", "BaselineItem", "FrozenMilestone", "Minutes.content",
        "RequestVersion", "Snapshot", "Summary", "VarianceReport",
    },
    "screened cell by cell where the file is read": {
        "ImportProfile.document", "ImportRun", "PeopleFile", "PlanImport", "StagedRow",
    },
    "screened by its service, text by text": {
        "StartItem", "TemplateVersion.document", "UnsentWords", "Organization.axes", "Project.stated_reasons",
    },
    "codes, numbers and choices with a shape of their own": {
        "AgendaItem.counted", "Category.code", "ChangeRequest.decided_as", "CostEntry", "Decision.counted",
        "Decision.number", "EvidenceItem.field", "EvidenceItem.sha256", "GateSet.category", "Organization",
        "Project.category", "ProjectRequest.profile", "ProjectStart.sizes", "ProjectTemplate.code",
        "StatusUpdate.milestone_dates", "Task.outline", "Unit.path", "WorkCalendar.weekdays",
    },
    "addresses of mail and what a server answered": {"Delivery", "User"},
}  # fmt: skip


def test_every_column_that_people_type_into_is_screened():
    known = {name for names in NOT_TYPED.values() for name in names}
    texts = models.CharField | models.TextField | models.JSONField
    found = {
        (model.__name__, field.name)
        for model in apps.get_models()
        if not model.__module__.startswith(("django", "knox"))
        for field in model._meta.concrete_fields
        if isinstance(field, texts) and not field.choices
        if not isinstance(field, Line | Prose | Link | TypedData)
    }

    unknown = {f"{model}.{name}" for model, name in found if not known & {model, f"{model}.{name}"}}
    assert unknown == set(), "use a field of pmo/common/records/fields.py"
    assert known <= {model for model, _ in found} | {".".join(one) for one in found}


def texts_of(form, drawn, view):
    """Return the names of the fields of a form into which people type words."""
    bound = {one.html_name: one for one in drawn or ()}
    found = []
    for name, said in form["data"].items():
        one = bound.get(name)
        is_typed = not said if one is None else isinstance(one.field, forms.CharField)
        is_mail = one is not None and (one.is_hidden or isinstance(one.field, forms.EmailField))
        if is_typed and not is_mail and name not in ASIDE:
            found.append(name)
    start = CHOSEN.get(view)
    return [] if start is not None else found


def refused_at(client, address, data):
    """Send a form and take it back; return its answer and the fields that refuse."""
    with transaction.atomic():
        answer = client.post(address, data)
        transaction.set_rollback(True)
    form = (answer.context or {}).get("form") if answer.status_code == 422 else None
    return answer, set(getattr(form, "errors", ()))


def asks_why(page):
    """Say whether a page that doubts words has the field for why they are no patient's."""
    said = page.content.decode()
    return "This may be" not in said or f'name="{WHY}"' in said


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.either
def test_no_form_takes_what_identifies_a_patient(client):
    records, user = scene(), person(Role.PMO_LEAD)
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    person(Role.STAFF, name="Li Wei", email=LI_WEI)
    ProjectRequest.objects.filter(state__in=["draft", "asked"]).update(requester=user)
    client.force_login(user)
    taken, mute, asked = [], [], 0

    for _name, page, form, drawn in list(forms_of(client, records)):
        address = form["action"] or page
        view = resolve(urlsplit(address).path).view_name
        names = [] if view in FREELY else texts_of(form, drawn, view)
        if not names:
            continue
        data = filled(form, drawn, only_needed=False)
        _, at_once = refused_at(client, address, data | dict.fromkeys(names, SAID))
        doubted, _ = refused_at(client, address, data | dict.fromkeys(names, DOUBTFUL))
        mute += [] if asks_why(doubted) else [view]
        asked += len(names)
        for name in set(names) - at_once:
            answer, _ = refused_at(client, address, data | {name: SAID})
            if (code := answer.status_code) not in {400, 403, 404, 405, 409, 422}:
                taken.append((view, name, code))

    assert taken == []
    assert mute == []
    assert asked > 300
