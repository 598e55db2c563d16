"""What a command says when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from udfs.texts import Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a command, for every host.

    Attributes
    ----------
    message : what was done, and what to do next.
    show : name of the sheet to bring to the front, or None to leave the view as it was.
    """

    message: Text
    show: str | None = None
