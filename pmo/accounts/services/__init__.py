"""Write people, units, roles and invitations."""

from pmo.accounts.services.at_once import Outcome, change_roles, invite_all
from pmo.accounts.services.files import (
    add_rows,
    answer_questions,
    discard_file,
    forget_files,
    read_list,
    request_writing,
    stage_file,
)
from pmo.accounts.services.invitations import (
    INVITE,
    accept_invitation,
    hand_over_link,
    invite,
    mail_goes_out,
    run_invitation,
)
from pmo.accounts.services.passwords import (
    RESET,
    ask_for_password,
    link_lasts,
    password_link,
    run_password_mail,
)
from pmo.accounts.services.records import (
    change_unit,
    change_user,
    create_administrator,
    create_token,
    create_unit,
    create_user,
    grant_role,
    revoke_role,
    revoke_token,
    set_active,
)
from pmo.accounts.services.unsent import NOT_TYPED, KeptWords, end_words, forget_words, keep_words
from pmo.accounts.services.writing import WRITE, run_writing

__all__ = [
    "INVITE",
    "NOT_TYPED",
    "RESET",
    "WRITE",
    "KeptWords",
    "Outcome",
    "accept_invitation",
    "add_rows",
    "answer_questions",
    "ask_for_password",
    "change_roles",
    "change_unit",
    "change_user",
    "create_administrator",
    "create_token",
    "create_unit",
    "create_user",
    "discard_file",
    "end_words",
    "forget_files",
    "forget_words",
    "grant_role",
    "hand_over_link",
    "invite",
    "invite_all",
    "keep_words",
    "link_lasts",
    "mail_goes_out",
    "password_link",
    "read_list",
    "request_writing",
    "revoke_role",
    "revoke_token",
    "run_invitation",
    "run_password_mail",
    "run_writing",
    "set_active",
    "stage_file",
]
