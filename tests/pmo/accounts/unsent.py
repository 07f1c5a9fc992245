"""A page as a person has it open: the note it carries, its forms, and what is kept of them."""

from django.contrib.sessions.models import Session
from django.urls import reverse

from pmo.accounts.models import UnsentWords
from pmo.accounts.page_notes import FIELD, FORM_FIELD, HEADER

PASSWORD = "as-long-as-needed"


def note_in(page):
    """Return the note of a whole page; "" where it has none."""
    text = page.content.decode()
    _, found, rest = text.partition('name="unsent-note" content="')
    return rest.partition('"')[0] if found else ""


def opened(client, address):
    return note_in(client.get(address))


def sent(note, form="", /, **values):
    """Return what the script lets a form send: what is typed, and whose page on which it stood."""
    return {FIELD: note, FORM_FIELD: form, **values}


def keep(client, note, form, /, **values):
    return client.post(f"{reverse('unsent')}?form={form}", {FIELD: note, **values})


def offered(client, address):
    """Return what the page that is opened now is offered, by form."""
    answer = client.get(reverse("unsent"), headers={HEADER: opened(client, address)})
    return {one["form"]: one["typed"] for one in answer.json()["forms"]}


def end_sessions():
    Session.objects.all().delete()


def kept_of(person):
    return {row.form: row.typed for row in UnsentWords.objects.filter(person=person)}


def valid(form, without=""):
    """Return something that may stand in each field that must be filled."""
    values = {}
    for name, field in form.fields.items():
        if not field.required or name == without:
            continue
        first = form[name].value()
        choices = [key for key, _ in getattr(field, "choices", ()) if key not in ("", None)]
        values[name] = first if first not in (None, "") else choices[0] if choices else "Text"
    return values
