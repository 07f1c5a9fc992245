"""The one family of refusals that reading a file can end in; each message is a sentence for the reader."""


class TableError(Exception):
    """The file cannot be read as a table."""


class FileTooLargeError(TableError):
    """The file, what it unpacks to, or the table in it is above a limit."""


class UnknownFileError(TableError):
    """The bytes are no table that we read (a PDF, a picture, an old .xls)."""


class DamagedFileError(TableError):
    """The file says it is a table but breaks off or contradicts itself."""


class EmptyTableError(TableError):
    """The file holds no header or no row below it."""
