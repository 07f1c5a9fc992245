import os
import re
import socket
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from pmo.common.background import first_start, restarts, subcommands
from pmo.common.background.healthcheck import HOST, READY, ask, is_live
from pmo.common.background.standing import standing
from pmo.common.background.supervisor import Service, Supervisor
from pmo.common.background.watchdog import Signs, Watchdog
from starting.sentences import StartError

READY_SECONDS = 60.0
HIGHEST_PORT = 65535


def port_number(text: str) -> int:
    """Read a port; raises StartError for anything else."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= HIGHEST_PORT:
        raise StartError(
            f"{text!r} is not a port; give a whole number from 1 to {HIGHEST_PORT}:"
            " make run PORT=8001."
        )
    return int(text)


class Command(BaseCommand):
    help = "Run Rounds on this machine, and let the first people in."
    # The checks run once inside `migrate` and in the test suite; a start does not wait for them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="Prepare what is missing, start everything, stay.")
        run.add_argument("--port", default="8000")

        subcommands.add_to(actions)

    def handle(self, *_args: str, action: str, **options: Any) -> None:
        if action == "run":
            self.run_all(port_number(options["port"]))
        else:
            subcommands.run(action, self, **options)

    def run_all(self, number: int) -> None:
        os.umask(0o077)
        with first_start.only_one(number):
            require_free(number)
            self.prepare()
            self.serve(number)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def prepare(self) -> None:
        """Bring static files, tables and records into place, saying only what takes a while."""
        first_start.require_services()
        aside = first_start.put_half_aside()
        if aside:
            self.say(f"The loading of the example was cut off; its half is now in {aside}.")
        refusal = standing().refusal
        if refusal:
            raise StartError(refusal)
        if first_start.collect_static(self.say):
            self.say("Static files are collected.")
        if first_start.migrate(self.say):
            self.say("The database is up to date.")
        if first_start.is_empty() and not first_start.load_example(self.say):
            self.say("There is no example in this installation: Rounds starts empty.")
        connections.close_all()

    def serve(self, port: int) -> None:
        environment = dict(os.environ)
        environment.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
        environment.setdefault("BASE_URL", f"http://{HOST}:{port}")
        # A trial on a bare machine often runs as root; Celery would say so at every start.
        environment.setdefault("PYTHONWARNINGS", "ignore:You're running the worker")
        base_url = environment["BASE_URL"]
        supervisor = Supervisor(environment, self.say)
        supervisor.take_over_signals()
        try:
            supervisor.start([web_server(port)])
            ready = supervisor.wait_until(
                lambda: is_live(port, base_url=base_url), seconds=READY_SECONDS
            )
            if ready:
                # Later than the pages, so that they do not wait for it: a job is a row until then.
                supervisor.start(background_services())
                self.welcome(port, base_url)
                supervisor.run_until_stopped(self.watchdog(supervisor, port, base_url).look)
            if supervisor.stopping:
                self.say("Stopping …")
        finally:
            supervisor.stop()
        if not ready and not supervisor.stopping:
            raise StartError(
                f"Rounds did not answer within {READY_SECONDS:.0f} seconds. What its processes"
                " wrote is above; LOG_LEVEL=INFO shows more."
            )
        self.say("Rounds has stopped.")

    def watchdog(self, supervisor: Supervisor, port: int, base_url: str) -> Watchdog:
        def restart() -> None:
            restarts.note()
            supervisor.restart(background_services())

        return Watchdog(ask=lambda: signs_of_life(port, base_url), restart=restart, say=self.say)

    def welcome(self, port: int, base_url: str) -> None:
        lines = [f"Rounds is ready at http://{HOST}:{port}"]
        accounts = first_start.sign_ins()
        if accounts:
            role_width = max(len(account.role) for account in accounts)
            email_width = max(len(account.email) for account in accounts)
            lines += ["", "Sign in as"]
            lines += [
                f"  {account.role:<{role_width}}  {account.email:<{email_width}}  {account.password}"
                for account in accounts
            ]
        lines += subcommands.greetings(base_url)
        connections.close_all()
        self.say("\n".join([*lines, "", "Ctrl-C stops it."]))


def require_free(port: int) -> None:
    """Refuse with a sentence when Rounds cannot listen on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server does, so that a port left a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise StartError(
                f"Port {port} needs administrator rights. Choose one above 1023: make run PORT=8001"
            ) from None
        except OSError:
            raise StartError(
                f"Port {port} is in use by another program. Choose another one:"
                f" make run PORT={port + 1 if port < HIGHEST_PORT else port - 1}"
            ) from None


def program(name: str) -> str:
    """Return a program of the virtual environment that this one runs in."""
    return str(Path(sys.executable).parent / name)


def web_server(port: int) -> Service:
    """Return the program that serves the pages."""
    command = (
        *(program("gunicorn"), "pmo.wsgi", "--bind", f"{HOST}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
        *("--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"),
    )
    return Service(name="web", command=command)


def signs_of_life(port: int, base_url: str) -> Signs | None:
    """Return what the pages say of the background; None while they do not know."""
    answer = ask(port, READY, base_url=base_url)
    if answer is None or "is_working" not in answer.body:
        return None
    return Signs(answer.body["seconds_since_tick"], bool(answer.body["is_working"]))


def background_services() -> tuple[Service, ...]:
    """Return the programs that do the long work and say when some is due."""
    celery = (program("celery"), "--quiet", "--app", "pmo.background")
    # They have nothing to tell each other: the rows of the jobs say who does what.
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    # Without a pool the worker is its process: when it dies, it is seen to be dead.
    worker = (*celery, "worker", "--pool", "solo", *alone, "--loglevel", "warning")
    scheduler = (*celery, "beat", "--loglevel", "warning")
    return (
        *(
            Service(name=name, command=(*worker, "--hostname", f"{name}@rounds"))
            for name in ("worker-1", "worker-2")
        ),
        Service(name="scheduler", command=scheduler),
    )
