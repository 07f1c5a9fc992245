"""`manage.py rounds setup-link` and `manage.py rounds create-admin`."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from pmo.accounts.services import create_administrator, link_lasts, password_link
from pmo.common.background.subcommands import subcommand
from pmo.common.records.writing import RefusalError
from pmo.organization.first_run import link
from pmo.organization.first_run.printing import lines_of, link_to_print

NO_TABLES = "The database cannot be read, or its tables are not there yet. Run: manage.py migrate"


def setup_link_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--if-needed", action="store_true", help="Say nothing where somebody administers already."
    )
    parser.add_argument(
        "--new", action="store_true", help="End the link that was printed before, and make another."
    )
    parser.add_argument(
        "--port",
        type=int,
        help="The port of this machine that Rounds answers on, without BASE_URL.",
    )


@subcommand(
    "setup-link",
    help_text="Print the link that makes the first administrator.",
    arguments=setup_link_arguments,
)
def setup_link(
    command: BaseCommand, *, if_needed: bool, new: bool, port: int | None, **_options: Any
) -> None:
    base_url = f"http://127.0.0.1:{port}" if port else settings.BASE_URL
    try:
        if link.is_needed():
            command.stdout.write("\n".join(lines_of(link_to_print(base_url, anew=new))))
            return
    except DatabaseError as error:
        raise CommandError(NO_TABLES) from error
    link.forget_file()
    if not if_needed:
        raise CommandError(
            "Rounds has an administrator already, so there is nothing to set up. Whoever forgot a"
            " password: manage.py changepassword EMAIL"
        )


def create_admin_arguments(parser: CommandParser) -> None:
    parser.add_argument("--email", required=True, help="The address to sign in with.")
    parser.add_argument("--name", required=True, help="The person's name, as pages show it.")
    parser.add_argument(
        "--lead", action="store_true", help="The person leads the project office too."
    )
    parser.add_argument(
        "--link",
        action="store_true",
        dest="by_link",
        help="Ask for no password: print a link with which the person chooses one.",
    )


@subcommand(
    "create-admin",
    help_text="Add an administrator; ROUNDS_ADMIN_PASSWORD_FILE, or a question, gives the password.",
    arguments=create_admin_arguments,
)
def create_admin(
    command: BaseCommand, *, email: str, name: str, lead: bool, by_link: bool, **_options: Any
) -> None:
    password = None if by_link else settings.ROUNDS_ADMIN_PASSWORD or asked()
    try:
        user = create_administrator(
            by=None, email=email, name=name, password=password, leads_office=lead
        )
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    except RefusalError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(NO_TABLES) from error
    roles = "administers Rounds and leads the project office" if lead else "administers Rounds"
    command.stdout.write(f"{user.name} {roles}, and signs in as {user.email}.")
    if password is None:
        lasts, url = link_lasts(), password_link(user)
        command.stdout.write(f"Choose a password here; the link works once, for {lasts}:\n  {url}")


def asked() -> str | None:
    """Ask for a password twice; None where nobody is there to answer, or nothing was typed."""
    if not sys.stdin.isatty():
        return None
    typed = getpass.getpass("Password (empty: print a link to choose one): ")
    if typed and getpass.getpass("The same password again: ") != typed:
        raise CommandError("The two passwords differ. Nobody was added; try again.")
    return typed or None
