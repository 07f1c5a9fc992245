"""
Note what each page asks of the database, and sign the readers in.

Runs in a process of its own for each database and prints JSON. The bare pages replay the statements.
"""

import json
import re
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import BenchError
from bench.forms import fields_of, in_own_words
from bench.pages import PAGES, MeasuredPage
from bench.values import judge_for_today

SIGN_IN = ("django_session", "accounts_user")
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
CURSOR = re.compile(r"^DECLARE .*? FOR (?=SELECT)", re.S)  # how a streamed answer is asked for


def note(page: MeasuredPage, ids: dict[str, int]) -> dict[str, Any]:
    """Return the page's statements without those of the sign-in, which the bare page sends too."""
    client, path = _client(page.reader), page.path.format(**ids)
    _read(client, path)
    with CaptureQueriesContext(connection) as captured:
        content = _read(client, path)
    statements = [CURSOR.sub("", query["sql"]) for query in captured.captured_queries]
    return {
        "path": path,
        "queries": len(statements),
        "bytes": len(content),
        "statements": [text for text in statements if _is_own(text)],
    }


def _read(client: Client, path: str) -> bytes:
    response = client.get(path)
    # read to the end, or a file stays open
    content = b"".join(response) if response.streaming else response.content
    if response.status_code != 200:  # noqa: PLR2004 - HTTP
        raise BenchError(f"{path} answered {response.status_code}.")
    return content


def _is_own(statement: str) -> bool:
    reads = statement.startswith(("SELECT", "WITH"))
    return reads and not any(f'FROM "{table}"' in statement for table in SIGN_IN)


def note_publishing(project: int) -> dict[str, Any]:
    """Publish an update through the form and count its statements."""
    client, path = _client("lead"), f"/projects/{project}/status/"
    fields = fields_of(client.get(path).content.decode())
    with CaptureQueriesContext(connection) as captured:
        response = client.post(path, in_own_words(fields, "Noted while counting."))
    if response.status_code != 302:  # noqa: PLR2004 - HTTP
        raise BenchError(f"Publishing answered {response.status_code}.")
    sent = [query["sql"] for query in captured.captured_queries]
    counted = [text for text in sent if not text.startswith(CONTROL)]
    return {"path": path, "queries": len(counted), "bytes": 0, "statements": []}


def _client(name: str) -> Client:
    from pmo.accounts.models import User  # noqa: PLC0415 - needs a configured Django

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=f"{name}@bench.example"))
    return client


def found() -> tuple[dict[str, int], list[int]]:
    """Return the ids that stand in the addresses of pages, and the projects that updates are published of."""
    from portfolio.governance.models import Committee, ProjectGate  # noqa: PLC0415 - needs a configured Django
    from portfolio.intake.models import ProjectRequest  # noqa: PLC0415 - the same
    from projects.models import Project  # noqa: PLC0415 - the same
    from reports.models import Summary, VarianceReport  # noqa: PLC0415 - the same

    projects = list(
        Project.objects.filter(stage="delivery", is_confidential=False)
        .order_by("pk")
        .values_list("pk", flat=True)[:400]
    )
    gate = ProjectGate.objects.order_by("pk").first()
    assert gate  # noqa: S101 - written by the filling
    ids = {
        "gated": gate.project_id,
        "gate": gate.pk,
        "committee": Committee.objects.earliest("pk").pk,
        "request": ProjectRequest.objects.earliest("pk").pk,
        "project": projects[0],
        "summary": Summary.objects.latest("date").pk,
        "report": VarianceReport.objects.latest("date").pk,
    }
    return ids, projects


def main() -> None:
    django.setup()
    judge_for_today()
    ids, projects = found()
    noted: dict[str, Any] = {page.name: note(page, ids) for page in PAGES}
    noted["publish"] = note_publishing(projects[1])
    Path(settings.DATA_DIR, "noted.json").write_text(json.dumps(noted))
    sessions = {
        name: _client(name).cookies["sessionid"].value for name in ("executive", "lead", "manager")
    }
    print(json.dumps({"noted": noted, "sessions": sessions, "projects": projects}))


if __name__ == "__main__":
    main()
