"""What the tests of lists share: a list as text, checked or written."""

from pmo.accounts import services
from pmo.accounts.lists import ListKind
from pmo.accounts.models import PeopleFile
from pmo.common.background import jobs


def staged(text, by, kind=ListKind.PEOPLE, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return services.stage_file(kind=kind, file_name=name, content=content, by=by)


def written(record, by):
    services.request_writing(record=record, by=by)
    record.refresh_from_db()
    jobs.run(record.job_id)
    record.refresh_from_db()
    return record


def effects(record):
    return {row["line"]: row["effect"] for row in PeopleFile.objects.get(pk=record.pk).report}


def row(record, line):
    return next(one for one in record.report if one["line"] == line)
