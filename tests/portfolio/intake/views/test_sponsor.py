"""A sponsor is named by name and job: whoever may ask for something looks up no addresses."""

import pytest

from pmo.accounts.roles import Role
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services.requests import create_request
from tests.factories import UnitFactory, UserFactory, person
from tests.portfolio.intake.views.test_pages import text, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(db):
    return person(Role.STAFF)


def test_a_sponsor_is_picked_from_people_while_the_name_is_typed(signed_in, nurse):
    sol = UserFactory(name="Sol Sponsor", email="sol@example.org", title="Chief nurse")
    UserFactory(name="Sol Left", is_active=False)
    client = signed_in(nurse)

    def offered(**typed):
        return text(client.get(url("person_choices"), typed))

    assert '<option value="Sol Sponsor, Chief nurse"></option>' in offered(sponsor="sol sp")
    assert "option" not in offered(sponsor="sol@example.org")
    assert "Sol Left" not in offered(sponsor="sol")
    assert "option" not in offered(sponsor="s")
    assert "option" not in offered()
    new = text(client.get(url("request_new")))
    assert f'hx-get="{url("person_choices")}"' in new
    assert '<datalist id="people-choices">' in new
    said = typed(
        UnitFactory(), sponsor="Sol Sponsor, Chief nurse", sponsor_answer="asked", draft="1"
    )
    client.post(url("request_new"), said)
    draft = ProjectRequest.objects.get()
    assert draft.sponsor == sol
    seen = [url("request_edit", draft.pk), draft.get_absolute_url(), url("my_requests")]
    assert [address for address in seen if "sol@example.org" in text(client.get(address))] == []


def test_a_sponsor_with_a_namesake_is_told_apart_by_job_or_address_and_then_stays(signed_in, nurse):
    chief = UserFactory(name="Sol, RN", title="Chief nurse, east", email="chief@example.org")
    UserFactory(name="Sol, RN", title="Surgeon")
    twin = UserFactory(name="Sol, RN", title="Surgeon", email="twin@example.org")
    client = signed_in(nurse)

    def keep(sponsor, **more):
        said = typed(UnitFactory(), sponsor=sponsor, sponsor_answer="asked", draft="1") | more
        return client.post(url("request_new"), said)

    keep("sol, rn, chief nurse, east")
    assert keep("Sol, RN, Surgeon").status_code == keep("Sol, RN").status_code == 422
    keep("twin@example.org")
    assert [one.sponsor for one in ProjectRequest.objects.order_by("pk")] == [chief, twin]

    draft = ProjectRequest.objects.latest("pk")
    form = client.get(url("request_edit", draft.pk)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"title": "Two", "draft": "1"}
    assert data["sponsor"] == "Sol, RN, Surgeon"
    assert client.post(url("request_edit", draft.pk), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.sponsor) == ("Two", twin)


def test_a_sponsor_without_an_address_is_kept_when_the_page_is_opened_again(signed_in, nurse):
    alone = UserFactory(name="Sol", email=None)
    UserFactory(name="Sol")
    draft = create_request(by=nurse, title="Scanners", sponsor=alone, sponsor_answer="asked")
    client = signed_in(nurse)

    form = client.get(url("request_edit", draft.pk)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"draft": "1"}
    answer = client.post(url("request_edit", draft.pk), data)

    draft.refresh_from_db()
    assert (answer.status_code, draft.sponsor) == (302, alone)
