"""Types of parameters: each refuses what a database could not hold or a person did not mean."""

import datetime as dt
import re
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

MAX_ID: Final = 2**63 - 1
PLAIN: Final = r"^[^\x00]*$"
"""No NUL: PostgreSQL holds none in a text."""

_DIGITS: Final = re.compile(r"[0-9]{1,19}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _whole(value: object) -> object:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("whole_number", "a whole number is expected")


def _day(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("calendar_day", "no such day") from error
    raise PydanticCustomError("calendar_day", "a day is expected")


def _yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("yes_or_no", "true or false is expected")


Id: TypeAlias = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_whole)]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=200), BeforeValidator(_whole)]
Day: TypeAlias = Annotated[dt.date, BeforeValidator(_day)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(_yes_or_no)]
Search: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
Finess: TypeAlias = Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{7}$")]
Cursor: TypeAlias = Annotated[str, Field(max_length=1000, pattern=r"^[A-Za-z0-9_:.-]+$")]
