"""The sentences of the pages of people."""

ADD_PERSON_TITLE = "Add a person to the project"
ADD_PERSON = "Add person"
PERSON_ADDED = "Person added to the project."
REMOVE_PERSON = "Remove person"
ADD_STAKEHOLDER = "Add stakeholder"
STAKEHOLDER_ADDED = "Stakeholder added."
EDIT_STAKEHOLDER = "Edit stakeholder"
SAVE_STAKEHOLDER = "Save stakeholder"
STAKEHOLDER_SAVED = "Stakeholder saved."


def remove_person_asked(user: object) -> str:
    return f"Remove {user} from this project?"


def remove_person_note(user: object, role: object) -> str:
    return f"{user} will no longer be {role} on this project and may lose access to it."


def person_removed(user: object, role: object) -> str:
    return f"{user} is no longer {role} on this project."
