"""The sentences that every form of the house shares."""

import pytest
from django import forms

from pmo.accounts.models import Unit
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import SENTENCES, say_what_would_be_right
from portfolio.intake.models import MandatoryGround
from projects.models import Project

FIELDS = {
    "text": (forms.CharField, {}, "", "Fill this in."),
    "file": (forms.FileField, {}, None, "Choose a file."),
    "day": (forms.DateField, {}, "soon", "Enter a day that exists, for example 2026-12-04."),
    "number": (forms.DecimalField, {}, "many", "Enter a number, for example 12.5."),
    "address": (
        forms.URLField,
        {"assume_scheme": "https"},
        "not an address",
        "Give the whole address, for example https://docs.hospital.example/plan.",
    ),
    "choice": (forms.ChoiceField, {"choices": [("a", "A")]}, "b", "Choose one of the list."),
    "record": (
        forms.ModelChoiceField,
        {"queryset": Unit.objects.none()},
        "7",
        "Choose one of the list.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_says_what_would_be_right(name):
    field, options, typed, sentence = FIELDS[name]

    with pytest.raises(forms.ValidationError) as refusal:
        field(**options).clean(typed)

    assert refusal.value.messages == [sentence]


def test_saying_it_twice_changes_nothing():
    before = {field: dict(field.default_error_messages) for field in SENTENCES}

    say_what_would_be_right()

    assert {field: field.default_error_messages for field in SENTENCES} == before


@pytest.mark.django_db
def test_a_form_of_a_record_says_what_an_empty_choice_means():
    class Edited(RecordForm):
        class Meta:
            model = MandatoryGround
            fields = ("request", "kind")

    class Placed(RecordForm):
        class Meta:
            model = Project
            fields = ("program",)

    fields = Edited().fields

    assert fields["kind"].choices[0] == ("", "Choose one")
    assert fields["request"].empty_label == "Choose one"
    assert Placed().fields["program"].empty_label == "None"
