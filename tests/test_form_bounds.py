"""A number or a date outside its bounds comes back at its field, in every form of the product."""

import pytest
from django import forms
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from projects.models import Task
from tests.addresses import addresses
from tests.factories import TaskFactory, person
from tests.test_api_rules import scene

pytestmark = pytest.mark.django_db
DAYS = ["0026-11-20", "0001-01-01", "9999-12-31", "2026-02-30", "soon"]
NUMBERS = ["9" * 15, "-" + "9" * 15, "1e400", "NaN", "Infinity", "many"]
# the same everywhere: hidden fields say what the writer saw, a search narrows a list
NOT_TYPED = {"version", "revision", "seen", "project", "edited"}
# what lets a form look at its numbers at all
BESIDE = {"organization:status_edit": {"preset": "own"}}


def typed(form):
    """Return the fields into which people type a day or a number."""
    return {
        name: field
        for name, field in form.fields.items()
        if isinstance(field, forms.DateField | forms.IntegerField | forms.DecimalField)
        and name not in NOT_TYPED
        and not field.disabled
        and not name.endswith("_was")
    }


def sent_by(form):
    """Return what a browser would send of a form that nobody touched."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        data[bound.html_name] = [str(v) for v in value] if isinstance(value, list) else str(value)
    return data


def forms_at(client, records):
    """Yield each address whose page holds a form that is sent to it."""
    for name, address in addresses(records):
        page = client.get(address)
        if page.streaming:
            b"".join(page.streaming_content)  # a file: read to its end, so that it is closed
        form = (page.context or {}).get("form") if page.status_code == 200 else None
        posts = form is not None and b'method="post"' in page.content
        if isinstance(form, forms.BaseForm) and posts and typed(form):
            yield name, address, form


@pytest.mark.either
@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.ADMINISTRATOR])
def test_every_form_refuses_at_the_field(client, role):
    records = scene()
    client.force_login(person(role))
    found = list(forms_at(client, records))
    before, wrong, walked = AuditEvent.objects.count(), [], set()

    for name, address, form in found:
        for key, field in typed(form).items():
            for value in DAYS if isinstance(field, forms.DateField) else NUMBERS:
                page = client.post(
                    address,
                    sent_by(form) | BESIDE.get(name, {}) | {form.add_prefix(key): value},
                )
                said = page.context["form"].errors if page.status_code == 422 else {}
                if page.status_code == 405:
                    break  # a page that only shows its form
                walked.add(name)
                if key not in said:
                    wrong.append((name, key, value, page.status_code, dict(said)))

    assert wrong == [], "\n".join(map(str, wrong))
    assert AuditEvent.objects.count() == before
    assert len(walked) >= (12 if role is Role.PMO_LEAD else 2), walked


def test_a_new_row_of_the_plan_is_refused_too(client, lead):
    task = TaskFactory(position=1)
    client.force_login(lead)

    page = client.post(
        reverse("projects:task_add", args=[task.project_id]), {"name": "Pour", "duration": "20001"}
    )

    assert page.status_code == 422
    assert Task.objects.count() == 1
