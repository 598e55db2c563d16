"""`fenji regrade FILE`: the same command on a file, with backup, summary and exports."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import outputs, shell, sources, tables, undo
from addin.backups import backup, original
from addin.commands import regrade
from addin.commands.regrade import Regraded
from addin.grids import Grid, SheetGrid
from addin.hosts import xlsx
from addin.hosts.xlsx.saving import check_writable
from addin.tables import TableChoice
from udfs import terms, wording
from udfs.rfm import parse_cuts
from udfs.texts import FenjiError, Lang, Text

FONT = Text(zh="微软雅黑", en="Calibri")
BLANK = "Sheet1"  # the sheet of a new workbook, until ours are there


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
    backup: bool = True  # False for a file that was just made

    @property
    def choice(self) -> TableChoice:
        """The user's choice of tables."""
        return TableChoice(sheets=tuple(self.sheets), tables=tuple(self.tables), combine=self.together)

    @property
    def is_workbook(self) -> bool:
        """A single workbook is changed in place; anything else gives a new one."""
        return len(self.files) == 1 and sources.is_workbook(self.files[0])


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
            zh=f"日期“{text}”无法识别，请写成 2024-12-31 的样子。",
            en=f"'{text}' is not a date. Write it like 2024-12-31.",
        ) from None


def run(request: Request, spoken: Lang) -> Regraded:
    """Grades the file, writes what was asked for, and says what came out."""
    from addin.summary import show

    start = time.perf_counter()
    check_targets(request)
    with shell.progress(spoken) as say:
        result, target = grade_files(request, say)
    took = time.perf_counter() - start
    if request.grades_csv:
        outputs.write_grades_csv(request.grades_csv, result.grading)
    if request.json:
        outputs.write_json(request.json, regrade.summary(result, took))
    show(result)
    shell.say(changes(result, target) if request.dry_run else written(result, target), result.lang)
    return result


def written(result: Regraded, target: Path) -> Text:
    """Where the result is."""
    sheets = result.sheets
    return Text(
        zh=f"\n结果已写入 {target}，请先看工作表“{sheets[0]}”。",
        en=f"\nThe result is in {target}; start with the sheet '{sheets[0]}'.",
    )


def changes(result: Regraded, target: Path) -> Text:
    """What a run without --dry-run would change."""
    n = 0 if result.moved is None else len(result.moved)
    zh = [f"\n试运行：没有改动任何文件。正式运行会把结果写入 {target}"]
    en = [f"\nDry run: no file was changed. A real run would write the result to {target}"]
    if n:
        zh.append(f"{n:,} 位客户的分级与上次不同：{_moves(result, 'zh')}")
        en.append(f"{n:,} customers would change grade: {_moves(result, 'en')}")
    return Text(zh="；".join(zh) + "。", en="; ".join(en) + ".")


def _moves(result: Regraded, lang: Lang) -> str:
    assert result.moved is not None
    counts = result.moved.groupby(["old", "new"]).size().sort_values(ascending=False)
    names = terms.labels("grade", lang)
    said = [
        f"{names.get(old, old)} → {names.get(new, new)} {count:,}" for (old, new), count in counts.items()
    ]
    return wording.join(said, lang)


def check_targets(request: Request) -> None:
    """Every file that will be written can be: said before the work, not after it."""
    if not request.dry_run and request.is_workbook and request.out is None:
        check_writable(request.files[0])
    for path in (request.out, request.grades_csv, request.json):
        if path:
            check_writable(path)


def grade_files(request: Request, say: regrade.Step) -> tuple[Regraded, Path]:
    """Reads the files, grades, and saves the workbook; returns the result and where it is.

    A workbook is changed in place, after a backup. Other files give a new workbook beside the first one; when
    that is there already it is refreshed, after a backup, so that its settings and history stay.
    """
    if request.is_workbook:
        with opened(request.files[0]) as book:
            return _grade(request, book, None, request.out or request.files[0], say)
    with opened_grids(request.files, request.names) as grids:
        lang = request.lang or tables.find(grids, request.choice).lang
        target = request.out or beside(request.files[0], lang)
        check_writable(target)
        with opened(target) if target.exists() else made(lang) as book:
            return _grade(request, book, grids, target, say)


def _grade(
    request: Request, book: xw.Book, grids: list[Grid] | None, target: Path, say: regrade.Step
) -> tuple[Regraded, Path]:
    result = regrade.run(
        book,
        request.overrides,
        request.choice,
        request.lang,
        request.frozen,
        write=not request.dry_run,
        say=say,
        grids=grids,
    )
    if not request.dry_run:
        say(Text(zh="正在保存", en="Saving"))
        if grids is not None and BLANK in [sheet.name for sheet in book.sheets]:
            book.sheets[BLANK].delete()
        with undo.file_step(target.resolve(), "regrade"):
            if request.backup and target.exists():
                backup(target)
            book.save(target)
    return result, target


@contextmanager
def opened(path: Path) -> Iterator[xw.Book]:
    """A workbook open in the file engine, closed afterwards."""
    book = xlsx.open(path)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def made(lang: Lang) -> Iterator[xw.Book]:
    """A new workbook, whose blank sheet goes once ours are there; closed afterwards."""
    book = xlsx.new(FONT(lang), BLANK)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def opened_grids(files: Sequence[Path], names: list[str] | None = None) -> Iterator[list[Grid]]:
    """All sheets of all files, for `tables.find`; a sheet is called after its file when there are several."""
    for path in files:
        if original(path) in files:
            raise FenjiError(
                zh=f"“{path.name}”是另一个文件的备份，一起计算会重复。请去掉备份再运行。",
                en=f"'{path.name}' is a backup of another of the files; its orders would count twice. Leave it out.",
            )
    with ExitStack() as stack:
        grids: list[Grid] = []
        for path in files:
            if sources.is_workbook(path):
                sheets = stack.enter_context(opened(path)).sheets
                grids += [SheetGrid(s, None if len(files) == 1 else f"{path.stem} {s.name}") for s in sheets]
            else:
                grids += sources.read(path, names)
        yield grids


def beside(path: Path, lang: Lang) -> Path:
    """The new workbook beside a file that is none.

    >>> beside(Path("a/orders.csv"), "en").name, beside(Path("订单.csv"), "zh").name
    ('orders-graded.xlsx', '订单-分级.xlsx')
    """
    return path.with_name(path.stem + ("-分级.xlsx" if lang == "zh" else "-graded.xlsx"))
