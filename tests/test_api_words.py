"""What the API says to what it cannot take: one sentence in one shape, whoever found the fault."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path

from tests.factories import person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
PROJECTS = f"{ROOT}projects/"
UPLOAD = f"{ROOT}plan-imports/upload/"
NOT_HERE = {"detail": "There is nothing at this address, or it is not open to you."}
ONE_TO_200 = {"page_size": ["Give a whole number from 1 to 200."]}
A_DAY = ["Give a day as year-month-day, for example 2026-11-15."]


@pytest.fixture
def client(lead):
    client = Client(raise_request_exception=False)
    client.force_login(lead)
    return client


def sent(client, body, kind="application/json"):
    answer = client.generic("POST", PROJECTS, body, content_type=kind)
    return answer.status_code, answer.json()


def detail(status, sentence):
    return status, {"detail": sentence}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (
            b"{",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_a_body_that_is_no_json_is_told_where(client, body, fault):
    sentence = f'The body is no JSON such as {{"name": "Atrium"}}: {fault}.'

    assert sent(client, body) == detail(400, sentence)


def test_a_body_that_is_no_object_is_told_so(client):
    assert sent(client, b"[1]") == (
        400,
        {"non_field_errors": ["Send one object with named fields, not a list."]},
    )


@pytest.mark.parametrize("signs_in_by", ["session", "token"])
def test_a_body_that_is_too_large_is_told_how_large_it_may_be(client, lead, signs_in_by):
    sender = client
    if signs_in_by == "token":
        secret = client.post("/people/tokens/", {"days": "30"}).context["secret"]
        sender = Client(headers={"authorization": f"Bearer {secret}"})

    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024):
        answer = sent(sender, b'{"code": "%s"}' % (b"x" * 1024 * 1024))

    assert answer == detail(413, "The body is larger than 1 MB. Send it in smaller parts.")


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=2, DATA_UPLOAD_MAX_NUMBER_FILES=2)
@pytest.mark.parametrize("value", ["1", SimpleUploadedFile("a", b"x")])
def test_too_many_fields_are_told(client, value):
    answer = client.post(UPLOAD, {f"f{number}": value for number in range(5)})

    sentence = "The body has too many fields. Send only those asked for."
    assert (answer.status_code, answer.json()) == detail(400, sentence)


def test_another_kind_of_body_is_told_which_is_read(client):
    sentence = "This address reads {}; say so in the header Content-Type."

    assert sent(client, b"x", "text/plain") == detail(415, sentence.format("application/json"))
    answer = client.generic("POST", UPLOAD, b"{}", content_type="application/json")
    assert answer.json() == {"detail": sentence.format("multipart/form-data")}


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        (
            "page=x",
            404,
            {
                "detail": "There is no page x in this list: "
                "pages count from 1, and `next` names the next."
            },
        ),
        ("page_size=x", 400, ONE_TO_200),
        ("page_size=-1", 400, ONE_TO_200),
        ("page_size=0", 400, ONE_TO_200),
        ("page_size=201", 400, ONE_TO_200),
        (
            "ordering=-colour",
            400,
            {
                "ordering": [
                    "This list is ordered by due_date, name. A minus in front turns it round."
                ]
            },
        ),
        ("is_done=maybe", 400, {"is_done": ["Say true or false."]}),
        ("due_until=soon", 400, {"due_until": A_DAY}),
        (
            "project=9999",
            400,
            {"project": ["There is no record with this id, or it is not open to you."]},
        ),
        ("kind=party", 400, {"kind": ["Choose one of gate, go_live, deliverable."]}),
    ],
)
def test_a_list_says_what_it_would_take(client, query, status, body):
    answer = client.get(f"{ROOT}milestones/?{query}")

    assert (answer.status_code, answer.json()) == (status, body)


def test_a_misspelled_filter_does_not_list_everything(client):
    answer = client.get(f"{ROOT}snapshots/?color=red")

    sentence = (
        "This list has no such filter. It knows as_of, category, code, is_disputed, manager,"
        " measured, ordering, overall, page, page_size, portfolio, program, project, scope, search, stage, unit."
    )
    assert (answer.status_code, answer.json()) == (400, {"color": [sentence]})


@pytest.mark.parametrize("query", ["page_size=200", "ordering=-due_date", "is_done=true", "page=1"])
def test_a_list_takes_what_it_says(client, query):
    assert client.get(f"{ROOT}milestones/?{query}").status_code == 200


@pytest.mark.parametrize(
    "address", ["projects/999999/", "projects/x/", "nothing/", "", "projects/1/x/"]
)
def test_what_is_not_there_is_told_in_one_sentence(client, address):
    answer = client.get(ROOT + address)

    assert (answer.status_code, answer.json()) == (404, NOT_HERE)


def test_a_forgotten_slash_leads_on_or_says_so(client):
    read = client.get(f"{ROOT}projects")
    written = client.post(f"{ROOT}projects", {}, content_type="application/json")

    assert (read.status_code, read["Location"]) == (301, PROJECTS)
    assert (written.status_code, written.json()) == detail(
        400, "Addresses of the API end with a slash."
    )


def test_an_unknown_page_is_still_a_page(client):
    answer = client.get("/nothing/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_wrong_method_is_told_the_right_ones(client):
    answer = client.put(f"{PROJECTS}1/", {}, content_type="application/json")

    assert (answer.status_code, answer.json()) == detail(
        405,
        "PUT is not possible at this address; it takes GET, HEAD, OPTIONS, PATCH.",
    )


def test_another_answer_than_json_is_not_promised(client):
    answer = client.get(PROJECTS, headers={"accept": "text/html"})

    assert (answer.status_code, answer.json()) == detail(
        406, "The API answers JSON; ask for it with Accept: application/json."
    )


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            "",
            (
                "Sign in: send a token in the header Authorization: Bearer …;"
                " pages make one under API tokens."
            ),
        ),
        (
            "Bearer wrong",
            "This token is wrong or has ended. Make another under your name, API tokens.",
        ),
    ],
)
def test_who_is_not_signed_in_is_told_how(header, sentence):
    answer = Client(headers={"authorization": header} if header else {}).get(PROJECTS)

    assert (answer.status_code, answer.json()) == detail(401, sentence)


def test_a_session_without_its_token_is_told_what_is_missing(lead):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)

    assert sent(client, b"{}") == detail(
        403,
        "A browser session needs its CSRF token to write: send what the cookie says as X-CSRFToken.",
    )


def test_who_holds_no_role_is_told_which_would_do():
    client = Client()
    client.force_login(person(None))

    answer = client.get(f"{ROOT}audit-events/")

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("This needs one of these roles: ")


def fails(_request):
    raise ValueError


urlpatterns = [path("api/fails/", fails), path("fails/", fails)]
handler400 = "pmo.common.page.errors.bad_request"
handler500 = "pmo.common.page.errors.broken"


@pytest.mark.urls("tests.test_api_words")
class TestAFaultOfOurs:
    @pytest.fixture
    def client(self):
        return Client(raise_request_exception=False)

    def test_is_told_in_the_same_shape(self, client):
        answer = client.get("/api/fails/")

        sentence = "Something broke on our side, and what was sent may not be saved. It is logged."
        assert (answer.status_code, answer.json()) == detail(500, sentence)
        assert client.get("/fails/")["Content-Type"] == "text/html; charset=utf-8"

    def test_so_is_a_request_that_makes_no_sense(self, client):
        answer = client.get("/api/fails/", headers={"host": "elsewhere.example"})

        assert (answer.status_code, answer.json()) == detail(
            400, "The server could not understand this request."
        )
