"""`fenji regrade FILE`: the same command on a file, with backup, summary and exports."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from addin import outputs, shell
from addin.backups import backup
from addin.commands import regrade
from addin.commands.regrade import Regraded
from addin.hosts import xlsx
from addin.hosts.xlsx.saving import check_writable
from addin.tables import TableChoice
from udfs.rfm import parse_cuts
from udfs.texts import FenjiError, Lang, Text

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(slots=True)
class Request:
    """What the shell asks for; see `fenji regrade --help`."""

    files: Sequence[Path]
    out: Path | None = None
    lang: Lang | None = None
    names: list[str] | None = None
    sheets: Sequence[str] = ()
    tables: Sequence[str] = ()
    together: bool = False
    overrides: dict[str, Any] = field(default_factory=dict)
    frozen: bool = False
    grades_csv: Path | None = None
    json: Path | None = None
    dry_run: bool = False

    @property
    def choice(self) -> TableChoice:
        """The user's choice of tables."""
        return TableChoice(sheets=tuple(self.sheets), tables=tuple(self.tables), combine=self.together)

    @property
    def is_workbook(self) -> bool:
        """A single workbook is changed in place; anything else gives a new one."""
        return len(self.files) == 1 and self.files[0].suffix.lower() in WORKBOOKS


def overrides(
    *,
    as_of: str | None = None,
    scheme: str | None = None,
    method: str | None = None,
    bins: int | None = None,
    cuts: str | None = None,
    where: list[str] | None = None,
    period: str | None = None,
) -> dict[str, Any]:
    """Options as typed in the shell, as values of `GradingOptions`; only those that were given.

    >>> overrides(as_of="2024-12-31", bins=4)
    {'bins': 4, 'as_of': datetime.date(2024, 12, 31)}
    """
    given: dict[str, Any] = {"scheme": scheme, "method": method, "bins": bins, "period": period}
    if as_of is not None:
        given["as_of"] = parse_date(as_of)
    if cuts is not None:
        given["cuts"] = parse_cuts(cuts)
        given["method"] = method or "cuts"
    if where:
        given["where"] = tuple(where)
    return {name: value for name, value in given.items() if value is not None}


def parse_date(text: str) -> dt.date:
    """A date as typed in the shell.

    >>> parse_date("2024-12-31")
    datetime.date(2024, 12, 31)
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise FenjiError(
            zh=f"日期“{text}”无法识别,请写成 2024-12-31 的样子。",
            en=f"'{text}' is not a date. Write it like 2024-12-31.",
        ) from None


def run(request: Request, spoken: Lang) -> Regraded:
    """Grades the file, writes what was asked for, and says what came out."""
    from addin.summary import show

    start = time.perf_counter()
    check_targets(request)
    with shell.progress(spoken) as say:
        result = grade_workbook(request, say)
    took = time.perf_counter() - start
    if request.grades_csv:
        outputs.write_grades_csv(request.grades_csv, result.grading)
    if request.json:
        outputs.write_json(request.json, regrade.summary(result, took))
    show(result)
    return result


def check_targets(request: Request) -> None:
    """Every file that will be written can be: said before the work, not after it."""
    if not request.dry_run:
        check_writable(request.out or request.files[0])
    for path in (request.grades_csv, request.json):
        if path:
            check_writable(path)


def grade_workbook(request: Request, say: regrade.Step) -> Regraded:
    """The result in the workbook itself after a backup, or in another file."""
    path = request.files[0]
    book = xlsx.open(path)
    target = request.out or path
    result = regrade.run(
        book,
        request.overrides,
        request.choice,
        request.lang,
        request.frozen,
        write=not request.dry_run,
        say=say,
    )
    if not request.dry_run:
        say(Text(zh="正在保存", en="Saving"))
        if target.exists():
            backup(target)
        book.save(target)
    return result
