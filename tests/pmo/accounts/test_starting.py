"""Every page of an empty installation says what it is for and offers the next step to those who may take it."""

import pytest

from pmo.accounts.roles import Role
from tests.factories import person

pytestmark = pytest.mark.django_db
# page -> what a lead is offered there
OFFERED = {
    "/portfolio/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/budget/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/budget/years/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/portfolio/forecast/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/projects/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/projects/updates/": ["/imports/", "/projects/new/", "/imports/sample/project/"],
    "/projects/milestones/": ["/imports/", "/imports/sample/milestone/"],
    "/risks/": ["/imports/", "/imports/sample/risk/"],
    "/risks/issues/": ["/projects/"],
    "/projects/changes/": ["/projects/"],
    "/portfolios/": ["/portfolios/new/"],
    "/portfolios/objectives/": ["/portfolios/objectives/new/"],
    "/projects/programs/": ["/projects/programs/new/"],
}


def offers(page):
    start = page.content.decode().split('class="empty"')
    return "".join(part.split("</section>")[0] for part in start[1:])


@pytest.mark.parametrize("url", OFFERED)
def test_an_empty_page_offers_the_next_step(signed_in, lead, url):
    page = signed_in(lead).get(url)

    found = offers(page)
    assert page.status_code == 200
    assert [step for step in OFFERED[url] if f'href="{step}"' not in found] == []


@pytest.mark.parametrize("url", [url for url in OFFERED if url not in {"/projects/updates/"}])
def test_a_reader_is_offered_nothing_that_would_be_refused(signed_in, url):
    client = signed_in(person(Role.EXECUTIVE))
    page = client.get(url)
    if page.status_code == 403:
        return

    found = offers(page)
    assert "/imports/" not in found
    assert "/new/" not in found
