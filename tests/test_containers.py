"""The image and the compose file keep the properties that operations relies on."""

import json
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from dockerfile import Instruction, read  # noqa: E402 - the tools are scripts, not a package
from dockerfile_steps import ignored  # noqa: E402 - the same
from make_secrets import make_all, make_key  # noqa: E402 - the same

pytestmark = pytest.mark.slow

INSTRUCTIONS = read(ROOT / "Dockerfile")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}


def only(keyword: str) -> Instruction:
    found = [instruction for instruction in INSTRUCTIONS if instruction.keyword == keyword]
    assert len(found) == 1
    return found[0]


def test_image_starts_from_a_pinned_slim_python():
    assert re.fullmatch(r"python:3\.11-slim-[a-z]+", only("FROM").rest)


def test_image_runs_as_a_user_without_rights():
    keywords = [instruction.keyword for instruction in INSTRUCTIONS]

    assert only("USER").rest == "10001:10001"
    assert "RUN" not in keywords[keywords.index("USER") :]


def test_image_installs_only_what_the_lock_file_hashes():
    installs = [i.rest for i in INSTRUCTIONS if i.keyword == "RUN" and "pip install" in i.rest]

    assert len(installs) == 1
    assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= set(installs[0].split())
    assert installs[0].endswith("-r requirements/base.txt")


def test_image_collects_static_files_before_it_gives_up_its_rights():
    steps = [f"{i.keyword} {i.rest}" for i in INSTRUCTIONS]
    collects = [n for n, step in enumerate(steps) if "collectstatic" in step]

    assert len(collects) == 1
    assert collects[0] < steps.index("USER 10001:10001")


def test_image_holds_no_secret():
    for instruction in INSTRUCTIONS:
        if instruction.keyword in {"ENV", "ARG", "LABEL"}:
            assert not re.search(r"KEY|SECRET|PASSWORD|TOKEN|_URL", instruction.rest)


@pytest.mark.parametrize("name", [".env", "secrets", "var", ".git", "tests"])
def test_build_context_leaves_out(name):
    rules = (ROOT / ".dockerignore").read_text().split("\n")

    assert ignored(Path(name), [rule for rule in rules if rule and not rule.startswith("#")])


def test_image_checks_its_health_with_a_script_it_holds():
    words = only("HEALTHCHECK").words()

    assert words[:2] == ["python", "-I"]
    assert (ROOT / words[2]).is_file()


def test_web_server_opens_no_control_socket():
    command = json.loads(only("CMD").rest)

    assert command[:2] == ["gunicorn", "pmo.wsgi"]
    assert "--no-control-socket" in command


def test_compose_has_every_part():
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_is_hardened(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert any(entry.startswith("/tmp") for entry in service["tmpfs"])  # noqa: S108 - in the container


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_runs_without_root(name):
    service = SERVICES[name]

    assert "build" in service or service["user"] == "999:999"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate", "web"}))
def test_service_says_whether_it_is_healthy(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", sorted({"web", "worker", "beat"}))
def test_nothing_starts_before_what_it_needs(name):
    assert {need: how["condition"] for need, how in SERVICES[name]["depends_on"].items()} == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_tables_come_first_then_the_link_that_sets_rounds_up():
    assert SERVICES["migrate"]["command"][-1] == (
        "python manage.py migrate --no-input && python manage.py rounds setup-link --if-needed"
    )


def test_redis_forgets_nothing_and_asks_for_a_password():
    script = SERVICES["redis"]["command"][-1]

    assert "--appendonly yes" in script
    assert "--maxmemory-policy noeviction" in script
    assert "requirepass" in script
    assert "/run/secrets/redis_password" in script


def test_databases_keep_their_data_in_volumes():
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql/data"]
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


def test_only_the_web_server_is_published_and_only_on_this_host():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_databases_reach_nobody_outside():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["inside"]
    assert SERVICES["redis"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_come_from_files(name):
    service = SERVICES[name]
    variables = service.get("environment", {})
    secret = {key for key in variables if re.search(r"KEY|PASSWORD|DATABASE|REDIS|EMAIL_URL", key)}

    assert {key for key in secret if not key.endswith("_FILE")} == set()
    assert {Path(variables[key]).name for key in secret} <= set(service["secrets"])
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])


def test_every_secret_is_a_file_that_the_tool_makes(tmp_path):
    make_all(tmp_path / "secrets")

    wanted = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    made = {path.name: path for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == wanted
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    password = made["postgres_password"].read_text().strip()
    assert made["database_url"].read_text().strip() == (
        f"postgres://rounds:{password}@postgres:5432/rounds"
    )
    assert len(made["secret_key"].read_text().strip()) == 64


def test_secrets_that_exist_are_kept(tmp_path):
    make_all(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}

    make_all(tmp_path)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_key_of_a_bare_machine_is_made_once_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "var" / "demo" / "secret-key.txt"

    make_key(path)
    made = path.read_text()
    make_key(path)

    assert path.read_text() == made
    assert len(made.strip()) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret-key.txt"]


def test_no_key_is_made_where_the_environment_brings_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FILE", "somewhere")

    make_key(tmp_path / "secret-key.txt")

    assert list(tmp_path.iterdir()) == []
