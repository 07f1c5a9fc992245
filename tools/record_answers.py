#!/usr/bin/env python3
"""
Record what the demo hospital answers: every page, export, document, mail and resource of the API.

Two recordings of two versions of the code, made as of the same moment, differ where the product says
something else: `tools/record_answers.py FOLDER` with each, then `diff -ru` of the two folders. Pages
are walked by their links, for each role; of every kind of address the first few are opened.
"""

import argparse
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
MOMENT = "2026-12-01T09:00:00+00:00"
OF_A_KIND = 3  # addresses of one name with the same parameters
ROLES = ("PMO lead", "Executive", "Project manager", "Administrator")
LEFT_OUT = {"logout", "health", "health_live", "health_ready"}
# what differs between two runs of the same code
NOISE = (
    (re.compile(r"csrfmiddlewaretoken\S*|[0-9a-f]{64}"), "<secret>"),
    (re.compile(r"(/static/[\w./-]+?)\.[0-9a-f]{12}(\.\w+)"), r"\1\2"),
)


class Text(HTMLParser):
    """The words, links, values and labels of a page, one a line."""

    KEPT = ("href", "value", "aria-label", "title", "alt", "hx-get", "action")

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("name") == "csrfmiddlewaretoken":
            return
        self.links += [known[name] or "" for name in ("href", "hx-get") if name in known]
        self.lines += [f"  {tag} {name}={known[name]}" for name in self.KEPT if known.get(name)]

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.lines.append(words)


def plain(text: str) -> str:
    """Take out what differs between two runs of the same code."""
    for pattern, said in NOISE:
        text = pattern.sub(said, text)
    return text


def workbook(content: bytes) -> str:
    from openpyxl import load_workbook  # noqa: PLC0415 - only where one is met

    book = load_workbook(io.BytesIO(content))
    rows = [
        f"{sheet.title}\t" + "\t".join("" if cell is None else str(cell) for cell in row)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]
    return "\n".join(rows)


def document(content: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return done.stdout.decode()


def words_of(response: Any) -> tuple[str, list[str]]:
    """Return an answer as text, and the addresses that it names."""
    content = b"".join(response) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "spreadsheetml" in kind:
        return workbook(content), []
    if "pdf" in kind:
        return document(content), []
    text = content.decode("utf-8", "replace")
    if "json" in kind:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False), []
    if "html" not in kind:
        return text, []
    page = Text()
    page.feed(text)
    return "\n".join(page.lines), page.links


def kind_of(url: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the name of an address and its parameters' names; None for what is not opened."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - after the settings

    parts = urlsplit(url)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    return None if name in LEFT_OUT else (name, tuple(sorted(dict(parse_qsl(parts.query)))))


def walk(client: Any, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each address with what it answers, nearest first."""
    seen: set[str] = set(starts)
    of_kind: Counter[Any] = Counter()
    waiting = deque(starts)
    while waiting:
        url = waiting.popleft()
        kind = kind_of(url)
        if kind is None or of_kind[kind] >= OF_A_KIND:
            continue
        of_kind[kind] += 1
        response = client.get(url)
        text, links = words_of(response)
        yield url, f"{response.status_code} {response.headers.get('Location', '')}\n{text}"
        for link in [*links, response.headers.get("Location", "")]:
            found = urlsplit(urljoin(url, link))
            after = f"{found.path}?{found.query}" if found.query else found.path
            if link and not found.netloc and after not in seen:
                seen.add(after)
                waiting.append(after)


def mails() -> Iterator[tuple[str, str]]:
    """Yield the newest mails."""
    from reports.mail import message_for  # noqa: PLC0415 - after the settings
    from reports.models import Delivery  # noqa: PLC0415 - the same
    from reports.selectors.mails import enclosed_in  # noqa: PLC0415 - the same

    for delivery in Delivery.objects.select_related("user").order_by("-pk")[:8]:
        mail = message_for(delivery, enclosed_in(delivery))
        page = Text()
        page.feed(str(mail.alternatives[0][0]))
        yield delivery.address, "\n".join([str(mail.subject), str(mail.body), *page.lines])


def record(folder: Path) -> int:
    """Load the demo, walk it as each role and write what it answers; return how many answers."""
    from django.core.management import call_command  # noqa: PLC0415 - after the settings
    from django.test import Client  # noqa: PLC0415 - the same

    from pmo.accounts.models import User  # noqa: PLC0415 - the same
    from pmo.api_urls import RESOURCES  # noqa: PLC0415 - the same
    from reports.demo.organization import accounts  # noqa: PLC0415 - the same

    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    count = 0

    def keep(part: str, name: str, text: str) -> None:
        nonlocal count
        count += 1
        target = folder / part / (re.sub(r"[^\w.=-]+", "_", name).strip("_")[:180] or "start")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(plain(text) + "\n", encoding="utf-8")

    emails = {account.role: account.email for account in accounts()}
    for role in ROLES:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(email=emails[role]))
        for url, text in walk(client, ["/", "/office/"]):
            keep(role, url, text)
        for resource in RESOURCES:
            for url, text in walk(client, [f"/api/v1/{resource}/?page_size=100"]):
                keep(f"{role} API", url, text)
    for address, text in mails():
        keep("mail", address, text)
    return count


def main() -> int:
    """Travel to the moment, then record into the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import time_machine  # noqa: PLC0415 - only to record

    with time_machine.travel(MOMENT, tick=False):
        import django  # noqa: PLC0415 - after the settings

        django.setup()
        print(f"{record(arguments.folder)} answers are in {arguments.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
