"""What has to be there before the forms of summaries' texts write, for the test that sends each twice."""

from reports.audiences.models import TextAudience
from reports.audiences.services import draft_text
from reports.domain.scope import HOSPITAL
from reports.services.summaries import compile_summary, issue_summary, review_summary
from tests.factories.reports import freeze
from tests.reports.documents import SUNDAY, row


def summary_of(records):
    row(records["projects"], SUNDAY)
    freeze(SUNDAY)
    return compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)


def issued(records, by):
    read = review_summary(summary=summary_of(records), version=1, by=by, comments={})
    return issue_summary(summary=read, version=None, by=by, is_mailed=False)


def to_tell(records, by):
    issued(records, by)
    return [], {"audience": TextAudience.PATIENTS.value}


def told(records, by):
    text = draft_text(summary=issued(records, by), audience=TextAudience.PATIENTS, by=by)
    return [text.pk], {"version": text.version, "title": "What changes", "body": "We call you."}


THERE = {"audiences:text_edit": told, "audiences:text_new": to_tell}
