"""No form of the product loses what was typed: kept while typing, through the session's end, and offered again."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from pmo.accounts.models import UnsentWords
from pmo.accounts.page_notes import HEADER
from pmo.accounts.roles import Role
from tests.addresses import addresses
from tests.factories import person
from tests.pmo.accounts.unsent import keep, note_in, opened, sent
from tests.test_api_rules import scene
from tests.tree import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.either, pytest.mark.slow]
# name of the address -> why what is typed there is not kept
NOT_KEPT = {
    "login": "a password",
    "password_change": "passwords",
    "password_reset": "the address of somebody who cannot sign in",
    "components": "examples of parts, which save nothing",
}
# what may stand in a form besides what is typed
CHOSEN = {"hidden", "checkbox", "radio", "submit", "button", "file", "password", "select"}
SCRIPT = (ROOT / "static" / "js" / "unsent.js").read_text(encoding="utf-8")
# the kinds of fields by which the script knows that a form is typed into
KINDS = {
    "textarea",
    *re.findall(r"'(\w+)'", SCRIPT.partition("const KINDS = ")[2].partition("]")[0]),
}
VALUES = {"date": "2027-03-04", "number": "7", "month": "2027-03", "time": "09:30"}


@dataclass
class Form:
    """A form as a browser sees it: where it is sent, and its controls by name with their kinds."""

    sent_to: str
    by_htmx: bool
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, str]:
        """Return something to type into each of its fields."""
        return {
            name: VALUES.get(kind, f"Words for {name}")
            for name, kind in self.kinds.items()
            if kind not in CHOSEN
        }


class Forms(HTMLParser):
    """Collects the forms of a page that are sent with POST, and every control that belongs to one."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.open = address, None
        self.by_id: dict[str, Form] = {}
        self.found: list[Form] = []
        self.strays: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.open = None
            if said.get("method", "").lower() == "post" or "hx-post" in said:
                to = said.get("action") or said.get("hx-post") or self.address
                self.open = Form(to.partition("?")[0], "action" not in said and "hx-post" in said)
                self.found.append(self.open)
                self.by_id[said.get("id", "")] = self.open
        elif tag in {"input", "textarea", "select"} and said.get("name"):
            kind = said.get("type", "text") if tag == "input" else tag
            if "form" in said:
                self.strays.append((said["form"], said["name"], kind))
            elif self.open:
                self.open.kinds[said["name"]] = kind

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


def forms_of(address: str, page) -> list[Form]:
    """Return the forms of an answer into which people type, each with what belongs to it."""
    if page.streaming or page.status_code != 200 or "html" not in page["Content-Type"]:
        if page.streaming:
            b"".join(page.streaming_content)
        return []
    parser = Forms(address)
    parser.feed(page.content.decode())
    for of, name, kind in parser.strays:
        if of in parser.by_id:
            parser.by_id[of].kinds[name] = kind
    unknown = {kind for one in parser.found for kind in one.kinds.values()} - KINDS - CHOSEN
    assert unknown == set(), f"static/js/unsent.js does not know such fields: {unknown}"
    return [one for one in parser.found if one.typed]


def text_forms(client, records):
    """Yield each text form of the product with the address and the note of its page."""
    elsewhere = opened(client, reverse("projects:project_list"))
    for name, address in addresses(records):
        if name in NOT_KEPT:
            continue
        for headers in ({}, {"HX-Request": "true"}):
            page = client.get(address, headers=headers)
            for form in forms_of(address, page):
                is_part = b"<html" not in page.content
                yield name, address, form, elsewhere if is_part else note_in(page)


def fault_of(client, user, address, form, note):
    """Type into a form, let the session end, send it, sign in again; return what is missing then."""
    kept = keep(client, note, form.sent_to, **form.typed)
    if kept.status_code != 200 or kept.json()["refused"]:
        return f"not kept while typing: {kept.content.decode()[:200]}"
    rows = UnsentWords.objects.filter(form=form.sent_to)
    if rows.get().typed != {name: [text] for name, text in form.typed.items()}:
        return f"kept while typing: {rows.get().typed}"
    rows.delete()
    Session.objects.all().delete()
    headers = {"HX-Request": "true"} if form.by_htmx else {}
    away = client.post(form.sent_to, sent(note, form.sent_to, **form.typed), headers=headers)
    if away.status_code != (401 if form.by_htmx else 302):
        return f"answered {away.status_code} without a session"
    client.force_login(user)
    asked = client.get(reverse("unsent"), headers={HEADER: note}).json()["forms"]
    offered = {one["form"]: one["typed"] for one in asked}.get(form.sent_to, {})
    UnsentWords.objects.all().delete()
    missing = {name for name, text in form.typed.items() if offered.get(name) != [text]}
    return f"not offered again: {missing}" if missing else ""


@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.ADMINISTRATOR])
def test_what_is_typed_into_any_form_is_offered_after_the_session_ended(client, role):
    records, user = scene(), person(role)
    client.force_login(user)
    found, wrong, seen = list(text_forms(client, records)), [], set()
    if role is Role.PMO_LEAD:  # forms that come into a row of a page are walked too
        assert {"projects:task_row", "projects:milestone_dates"} <= {name for name, *_ in found}

    for name, address, form, note in found:
        if (form.sent_to, *form.typed) in seen:
            continue
        seen.add((form.sent_to, *form.typed))
        if not note:
            wrong.append((name, form.sent_to, "a page without a note: extend base.html"))
        elif said := fault_of(client, user, address, form, note):
            wrong.append((name, form.sent_to, said))

    assert wrong == [], "\n".join(map(str, wrong))
    assert len(seen) > (30 if role is Role.PMO_LEAD else 5), seen


def test_a_form_on_a_page_without_a_note_would_be_found(client, lead):
    client.force_login(lead)
    page = client.get(reverse("login"))

    assert forms_of(reverse("login"), page) and note_in(page) == ""


def test_the_list_of_exceptions_names_what_has_such_forms(client):
    records, user = scene(), person(Role.ADMINISTRATOR)
    client.force_login(user)
    found = {name for name, address in addresses(records) if name in NOT_KEPT}

    assert found == set(NOT_KEPT)
