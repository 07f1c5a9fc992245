"""
What each row of a list of people would do.

A row is about the person with its address; without one, about the person without an address who has
its name and unit. Anything else of the same name is asked about: nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pmo.accounts.lists.cells import ListLine, same
from pmo.accounts.lists.places import Places
from pmo.accounts.lists.results import ListRowRefusedError, Result, RowEffect
from pmo.accounts.models import Membership, User
from pmo.accounts.roles import ORGANIZATION_ROLES, Role

LABELS = {"name": "Name", "email": "Email", "title": "Position", "unit": "Unit"}
SOMEBODY_NEW = "new"
NAME, ADDRESS = 120, 254  # letters
ROLES = {same(word): role for role in ORGANIZATION_ROLES for word in (role.value, role.label)}
Held = tuple[str, int | None]


@dataclass(slots=True)
class KnownPerson:
    """A person as kept here."""

    pk: int
    name: str
    email: str
    title: str
    unit: int | None
    is_active: bool

    @property
    def label(self) -> str:
        return ", ".join(filter(None, (self.name, self.title, self.email or "no address")))


class People:
    """Everybody, with the roles they hold, read once."""

    def __init__(self) -> None:
        self.by_email: dict[str, KnownPerson] = {}
        self.by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        self.by_pk: dict[int, KnownPerson] = {}
        self.held: dict[int, set[Held]] = defaultdict(set)
        rows = User.objects.order_by("pk")
        for pk, name, email, *rest in rows.values_list(
            *("pk", "name", "email", "title", "unit_id", "is_active")
        ):
            one = KnownPerson(pk, name, email or "", *rest)
            self.by_pk[pk] = one
            self.by_name[same(name)].append(one)
            if one.email:
                self.by_email[one.email.casefold()] = one
        for user, role, unit in Membership.objects.values_list("user_id", "role", "unit_id"):
            self.held[user].add((role, unit))


@dataclass(slots=True)
class Wanted:
    """A row as understood: "" and None for what it leaves as it is."""

    name: str
    email: str
    title: str
    unit: int | None
    roles: list[Held]


def compare_people(lines: list[ListLine], answers: Mapping[str, str]) -> list[Result]:
    """Return a result for each line, in their order."""
    comparer = PersonComparer(answers)
    return [comparer.result_of(line) for line in lines]


class PersonComparer:
    """Compares rows one after the other, and remembers whom the file has named already."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.places, self.people = Places(), People()
        self.seen: dict[object, int] = {}

    def result_of(self, line: ListLine) -> Result:
        name = line.get("name")
        try:
            wanted = self._wanted(line)
            self._once(("key", wanted.email or (same(wanted.name), wanted.unit)), line)
            found, candidates = self._found(line, wanted)
            if candidates:
                return Result(
                    line=line.number,
                    name=name,
                    effect=RowEffect.ASKED,
                    candidates=[[str(one.pk), one.label] for one in candidates],
                    reason="A person of this name is here already. Say who is meant.",
                )
            if found:
                self._once(("person", found.pk), line)
                return self._changed(line, wanted, found)
            return self._new(line, wanted)
        except ListRowRefusedError as refusal:
            return Result(
                line=line.number, name=name, effect=RowEffect.REFUSED, reason=str(refusal)
            )

    def _once(self, key: object, line: ListLine) -> None:
        if key in self.seen:
            raise ListRowRefusedError(
                f"Line {self.seen[key]} is about the same person. Put everything into one row, or"
                " tell the two apart by their addresses."
            )
        self.seen[key] = line.number

    def _wanted(self, line: ListLine) -> Wanted:
        if line.refused:
            raise ListRowRefusedError(line.refused)
        name, title = line.get("name"), line.get("title")
        if not name:
            raise ListRowRefusedError("There is no name.")
        for text, label in ((name, "name"), (title, "position")):
            if len(text) > NAME:
                raise ListRowRefusedError(f"The {label} is longer than {NAME} characters.")
        unit = self.places.find(line.get("unit")) if line.get("unit") else None
        roles = self._roles(line, unit)
        return Wanted(name, _address(line.get("email")), title, unit, roles)

    def _roles(self, line: ListLine, own: int | None) -> list[Held]:
        said = [word.strip() for word in line.get("role").split(";") if word.strip()]
        where = [word.strip() for word in line.get("role_unit").split(";")]
        if not said:
            if any(where):
                raise ListRowRefusedError("There is a role unit and no role.")
            return []
        if len(where) == 1:
            where *= len(said)
        if len(where) != len(said):
            raise ListRowRefusedError(
                "There are not as many role units as roles. Name one for all, or one for each."
            )
        return [self._role(word, place, own) for word, place in zip(said, where, strict=True)]

    def _role(self, word: str, place: str, own: int | None) -> Held:
        role = ROLES.get(same(word))
        if role is None:
            offered = ", ".join(one.label for one in ORGANIZATION_ROLES)
            raise ListRowRefusedError(f"There is no role {word}. Roles are: {offered}.")
        unit = self.places.find(place) if place else None
        if role is Role.UNIT_HEAD and unit is None:
            unit = own
            if unit is None:
                raise ListRowRefusedError("Say of which unit this person is the head.")
        return role.value, unit

    def _found(
        self, line: ListLine, wanted: Wanted
    ) -> tuple[KnownPerson | None, list[KnownPerson]]:
        """Return the person the row is about, or those it may be about."""
        if wanted.email and wanted.email in self.people.by_email:
            return self.people.by_email[wanted.email], []
        namesakes = self.people.by_name.get(same(wanted.name), [])
        without = [one for one in namesakes if not one.email]
        asked = without if wanted.email else namesakes
        answer = self.answers.get(str(line.number), "")
        if answer == SOMEBODY_NEW:
            return None, []
        chosen = [one for one in asked if str(one.pk) == answer]
        if chosen:
            return chosen[0], []
        exact = [one for one in without if one.unit == wanted.unit]
        if not wanted.email and len(exact) == 1:
            return exact[0], []
        return None, asked

    def _new(self, line: ListLine, wanted: Wanted) -> Result:
        values = {"name": wanted.name, "email": wanted.email or None, "title": wanted.title}
        roles = list(dict.fromkeys([(Role.STAFF.value, None), *wanted.roles]))
        namesakes = self.people.by_name.get(same(wanted.name), [])
        changes = [
            [LABELS[name], "", shown]
            for name, shown in self._shown(wanted).items()
            if shown and name != "name"
        ]
        return Result(
            line=line.number,
            name=wanted.name,
            effect=RowEffect.NEW,
            changes=changes + self._role_changes(roles[1:]),
            note=_note(wanted, namesakes),
            values={**values, "unit_id": wanted.unit},
            roles=roles,
        )

    def _changed(self, line: ListLine, wanted: Wanted, found: KnownPerson) -> Result:
        if not found.is_active:
            raise ListRowRefusedError("This person is deactivated. Activate the person first.")
        old = {"name": found.name, "email": found.email, "title": found.title}
        new = {"name": wanted.name, "email": wanted.email, "title": wanted.title}
        differs = [name for name, value in new.items() if value and value != old[name]]
        values: dict[str, object] = {name: new[name] for name in differs}
        changes = [[LABELS[name], old[name], new[name]] for name in differs]
        if wanted.unit and wanted.unit != found.unit:
            values["unit_id"] = wanted.unit
            label = self.places.label
            changes.append([LABELS["unit"], label(found.unit), label(wanted.unit)])
        held = self.people.held[found.pk]
        roles = [one for one in dict.fromkeys(wanted.roles) if one not in held]
        changes += self._role_changes(roles)
        return Result(
            line=line.number,
            name=wanted.name,
            effect=RowEffect.CHANGED if changes else RowEffect.UNCHANGED,
            changes=changes,
            target=found.pk,
            values=values,
            roles=roles,
        )

    def _shown(self, wanted: Wanted) -> dict[str, str]:
        return {
            "name": wanted.name,
            "email": wanted.email,
            "title": wanted.title,
            "unit": self.places.label(wanted.unit),
        }

    def _role_changes(self, roles: list[Held]) -> list[list[str]]:
        return [
            [
                "Role",
                "",
                f"{Role(role).label} in {self.places.label(unit) or 'the whole organization'}",
            ]
            for role, unit in roles
        ]


def _address(text: str) -> str:
    if not text:
        return ""
    address = text.casefold()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ListRowRefusedError(f"{text[:80]} is no email address.") from error
    if len(address) > ADDRESS:
        raise ListRowRefusedError(f"The email address is longer than {ADDRESS} characters.")
    return address


def _note(wanted: Wanted, namesakes: list[KnownPerson]) -> str:
    if namesakes:
        return f"Another person has this name: {namesakes[0].label}."
    return "" if wanted.email else "Cannot sign in yet: no address."
