"""How the API reads the id of a record."""

from typing import Any

from rest_framework.relations import PrimaryKeyRelatedField


class RecordField(PrimaryKeyRelatedField[Any]):
    """An id of a record: a whole number, and no number of any size is more than an unknown one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, float):  # its whole part is another record's
            self.fail("incorrect_type", data_type=type(data).__name__)
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("does_not_exist", pk_value=data)
