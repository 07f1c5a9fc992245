"""A line's end counts once in every text of several lines: forms, the API, services and imports."""

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from pmo.common.page.sentences import Sentences, one_break
from pmo.common.records.fields import Prose
from risks.models import Risk
from tests.factories import RiskFactory
from tests.tree import ROOT

LINES = 100
PROSE = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, Prose)
]


def lines_of(length, ending):
    """Return text of so many characters, as people count them, in a hundred lines."""
    each, rest = divmod(length - (LINES - 1), LINES)
    lines = ["x" * each for _ in range(LINES)]
    lines[-1] += "x" * rest
    return ending.join(lines)


def test_there_are_texts_to_look_at():
    assert len(PROSE) > 20


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize(("model", "field"), PROSE, ids=[str(field) for _, field in PROSE])
def test_text_as_long_as_its_field_fits_however_its_lines_end(model, field, ending):
    text = lines_of(field.max_length, ending)
    control = field.formfield()
    typed = control.widget.value_from_datadict({"f": text}, {}, "f")

    assert field.clean(text, None) == control.clean(typed) == one_break(text)
    assert len(one_break(text)) == field.max_length
    for check in (lambda one: field.clean(one, None), control.clean):
        with pytest.raises(ValidationError):
            check(one_break(text) + "x")


def test_no_form_has_a_text_area_of_another_kind():
    apart = [
        path.relative_to(ROOT).as_posix()
        for app in ("pmo", "projects", "portfolio", "risks", "reports")
        for path in (ROOT / app).rglob("*.py")
        if "forms.Textarea" in path.read_text() and path.name != "sentences.py"
    ]

    assert apart == []
    assert issubclass(Sentences, forms.Textarea)


@pytest.mark.django_db
def test_a_thousand_characters_in_a_hundred_lines_are_saved(signed_in, lead):
    risk = RiskFactory()
    longest = Risk._meta.get_field("description").max_length
    text = lines_of(longest, "\r\n")
    client = signed_in(lead)
    address = reverse("risks:risk_edit", args=[risk.pk])
    form = client.get(address).context["form"]
    values = {
        name: value if (value := form[name].value()) is not None else "" for name in form.fields
    }

    response = client.post(address, values | {"description": text})

    assert response.status_code == 302, response.context["form"].errors
    risk.refresh_from_db()
    assert risk.description == one_break(text)


@pytest.mark.django_db
def test_the_api_counts_a_line_s_end_once(lead):
    risk = RiskFactory()
    longest = Risk._meta.get_field("description").max_length
    client = APIClient()
    client.force_authenticate(lead)

    answer = client.patch(
        f"/api/v1/risks/{risk.pk}/",
        {"version": risk.version, "description": lines_of(longest, "\r\n")},
        format="json",
    )

    assert answer.status_code == 200, answer.data
    risk.refresh_from_db()
    assert len(risk.description) == longest
