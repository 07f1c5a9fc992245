"""Fields for what people type, beside those of one line and of several: data with texts in it, and addresses."""

import pytest
from django.core.exceptions import ValidationError

from pmo.common.records import doubts
from pmo.common.records.fields import Line, Link, TypedData

DATA = TypedData()


def test_each_text_of_data_is_kept_as_one_line():
    said = [{"name": "Buy\r\n it \ufffe now", "is_nothing": False, "inner": ["a\tb", 1, None]}]

    assert DATA.clean(said, None) == [
        {"name": "Buy it now", "is_nothing": False, "inner": ["a b", 1, None]}
    ]


@pytest.mark.parametrize("text", ["SSN 123-45-6789", "half \ud800", "bell \a"])
@pytest.mark.parametrize(
    "place", [lambda t: t, lambda t: [[t]], lambda t: {"a": [t]}, lambda t: {t: 1}]
)
def test_a_text_that_may_not_be_kept_is_found_wherever_it_stands(place, text):
    with pytest.raises(ValidationError):
        DATA.clean(place(text), None)


def test_half_a_character_is_refused_in_a_line():
    with pytest.raises(ValidationError, match="invisible control character"):
        Line().clean("A \ud800", None)


@pytest.mark.parametrize(
    "address",
    [
        "https://ehr.example.org/chart?mrn=00482913",
        "https://ehr.example.org/open/MRN%2000482913",
        "https://ehr.example.org/?patient_id=4471982",
        "https://ehr.example.org/x?nhs+number=943+476+5919",
    ],
)
def test_an_address_names_no_patient(address):
    with pytest.raises(ValidationError, match="Rounds keeps nothing of a patient"):
        Link().clean(address, None)


def test_a_doubtful_address_is_kept_for_a_reason():
    address = "https://docs.example.org/x?visit=20481913"
    with pytest.raises(ValidationError, match="This may be"):
        Link().clean(address, None)

    with doubts.answered("The number of a site visit by the architects"):
        assert Link().clean(address, None) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://x.sharepoint.com/:w:/r/sites/pmo/_layouts/15/Doc.aspx?sourcedoc=%7B1F6DCA2D-5E3A-4A2B%7D&file=Case.docx",
        "https://wiki.example.org/pages/viewpage.action?pageId=20261122",
        "https://docs.example.org/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0",
    ],
)
def test_the_address_of_a_document_is_kept(address):
    assert Link().clean(address, None) == address


@pytest.mark.parametrize("field", [DATA, Link()])
def test_what_is_screened_is_no_part_of_the_schema(field):
    _name, path, _args, kwargs = field.deconstruct()

    assert path.startswith("django.db.models.")
    assert "validators" not in kwargs
