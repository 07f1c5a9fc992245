"""What Microsoft Project's schema says of the elements that are written: their order, their types."""

import re
from datetime import datetime
from xml.etree.ElementTree import Element

NAMESPACE = "{http://schemas.microsoft.com/project}"
# In the schema's order; "!" must be there, "*" may be there many times, a name in capitals is a group.
SHAPE = {
    "Project": (
        "SaveVersion:integer! Name:string Title:string CreationDate:dateTime ScheduleFromStart:boolean "
        "StartDate:dateTime FinishDate:dateTime CurrencyDigits:integer CurrencySymbol:string CurrencyCode:currency! "
        "CurrencySymbolPosition:integer CalendarUID:integer DefaultStartTime:time DefaultFinishTime:time MinutesPerDay:integer "
        "MinutesPerWeek:integer DaysPerMonth:integer DefaultTaskType:integer DurationFormat:integer "
        "HonorConstraints:boolean NewTasksEffortDriven:boolean NewTasksEstimated:boolean StatusDate:dateTime "
        "NewTasksAreManual:boolean ExtendedAttributes:group Calendars:group Tasks:group"
    ),
    "ExtendedAttributes": "ExtendedAttribute:group*",
    "ExtendedAttributes/ExtendedAttribute": "FieldID:string FieldName:string Alias:string",
    "Calendars": "Calendar:group!*",
    "Calendar": (
        "UID:integer! Name:string IsBaseCalendar:boolean BaseCalendarUID:integer WeekDays:group "
        "Exceptions:group"
    ),
    "WeekDays": "WeekDay:group*",
    "WeekDay": "DayType:integer! DayWorking:boolean WorkingTimes:group",
    "WorkingTimes": "WorkingTime:group*",
    "WorkingTime": "FromTime:time ToTime:time",
    "Exceptions": "Exception:group*",
    "Exception": (
        "EnteredByOccurrences:boolean TimePeriod:group Occurrences:integer Name:string Type:integer "
        "DayWorking:boolean WorkingTimes:group"
    ),
    "TimePeriod": "FromDate:dateTime ToDate:dateTime",
    "Tasks": "Task:group*",
    "Task": (
        "UID:integer! ID:integer Name:string Active:boolean Manual:boolean Type:integer IsNull:boolean "
        "OutlineNumber:string OutlineLevel:integer Start:dateTime Finish:dateTime Duration:duration "
        "DurationFormat:integer EffortDriven:boolean Estimated:boolean Milestone:boolean "
        "Summary:boolean FixedCost:decimal FixedCostAccrual:integer PercentComplete:integer "
        "Cost:decimal ActualStart:dateTime ActualFinish:dateTime ConstraintType:integer "
        "CalendarUID:integer ConstraintDate:dateTime Notes:string PredecessorLink:group* "
        "ExtendedAttribute:group* Baseline:group*"
    ),
    "PredecessorLink": (
        "PredecessorUID:integer Type:integer CrossProject:boolean LinkLag:integer LagFormat:integer"
    ),
    "Task/ExtendedAttribute": "FieldID:string Value:string",
    "Baseline": "Number:integer Interim:boolean Start:dateTime Finish:dateTime Cost:decimal",
}
TYPES = {
    "integer": r"-?\d+",
    "boolean": r"[01]",
    "decimal": r"-?\d+(\.\d+)?",
    "duration": r"PT\d+H\d+M\d+S",
    "time": r"\d\d:\d\d:\d\d",
    "currency": r"[A-Z]{3}",
    "string": r"(?s).{0,512}",
}


def faults(element: Element, path: str = "Project") -> list[str]:
    """Return where an export differs from the schema; empty when it is valid."""
    name = path.rpartition("/")[2]
    said = SHAPE.get(path) or SHAPE[name]
    known = [re.fullmatch(r"(\w+):(\w+)(!?)(\*?)", part).groups() for part in said.split()]
    found = []
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    order = [part[0] for part in known]
    if strange := set(names) - set(order):
        return [f"{path} holds {sorted(strange)}"]
    if names != sorted(names, key=order.index):
        found.append(f"{path} is out of order: {names}")
    for child_name, kind, needed, many in known:
        children = [child for child in element if child.tag == NAMESPACE + child_name]
        if needed and not children:
            found.append(f"{path} has no {child_name}")
        if not many and len(children) > 1:
            found.append(f"{path} has {child_name} twice")
        for child in children:
            if kind == "group":
                found += faults(child, f"{name}/{child_name}")
            elif not is_of(kind, child.text or "") or len(child):
                found.append(f"{path}/{child_name} is {child.text!r}")
    return found


def is_of(kind: str, text: str) -> bool:
    if kind != "dateTime":
        return re.fullmatch(TYPES[kind], text) is not None
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - the file knows no zones
    except ValueError:
        return False
    return True
