"""Writes docs/host-calls.md: what differs by host, and which calls of xlwings' object model the commands make.

The commands run on a small sample in the stand-in for desktop Excel of the tests, which notes every call and
fails where a host's xlwings has none; what comes out is compared with the file engine, family by family. Run it
after changing a command: `python docs/list_host_calls.py`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import xlwings as xw  # noqa: E402

from addin.commands import explain  # noqa: E402
from addin.hosts import xlsx  # noqa: E402
from tests.hosts.excel.desktop import calls_of, desktop  # noqa: E402
from tests.hosts.excel.looks import FAMILIES, looks  # noqa: E402
from tests.hosts.excel.workbook_commands import COMMANDS  # noqa: E402
from workbook_templates.sample_workbook import write_sample_workbook  # noqa: E402

PAGE = HERE / "host-calls.md"
HOSTS = {"Windows": "_xlwindows", "macOS": "_xlmac"}
CUSTOMERS = (30, 300)
SHOWN = ("explain", "check", "regrade", "set_grade", "settings", "what_if", "freeze_formulas", "report rfm", "report pivots",
         "analyse churn")  # fmt: skip
ALL: dict[str, Callable[[xw.Book], Any]] = {
    "explain": lambda book: explain.run(book, ["C1001"], "zh"),
    **COMMANDS,
}
HEAD = """# What differs by host, and the calls the commands make

Made by `docs/list_host_calls.py`. Every command that changes a workbook runs on sample data in the file engine, and
again in a stand-in for desktop Excel, once with the calls xlwings has on Windows and once with those on a Mac; any
other call fails. The saved workbooks are then compared family by family (`tests/hosts/excel/test_parity.py` keeps it so).

由 `docs/list_host_calls.py` 生成：每个命令分别在文件引擎和桌面版 Excel 的替身（只有 xlwings 在 Windows 或 macOS 上提供的调用）里运行，
再逐类比较存盘后的工作簿。

## The look, by host / 外观，按宿主

"same" is the same as on a file; the commands are those whose result has something of the family beyond the sample's
own. What the stand-in cannot show (Excel's own drawing, calculation and printing) is in the
[checklist](excel-checklist.md).

"""
KNOWN = """
Known differences / 已知差异:

- macOS: Excel makes one pivot table on a sheet; a template of one's own that asks for two gets a note in the place of the second. 在 Mac 上，每张工作表只能建一个数据透视表。
- Desktop Excel: how many rows are hidden or filtered away is not said; they are counted all the same. 桌面版 Excel 不提示有多少行被隐藏，但同样参与计算。
- Excel for the web and Mac through `fenji serve`: commands run on the workbook's file and the changes are put into the open workbook; in headless Chromium, with xlwings' own JavaScript and a model of Excel, cells, formulas, tables, names and every family above are the same (`tests/hosts/server/test_pane.py`). On the web charts differ: Excel takes no inserted sheet with charts, so they are drawn anew, with the same data, kind, title, colours, axes and labels. 通过 `fenji serve` 的网页版和 Mac 版 Excel：命令在工作簿的文件上运行，改动再写回打开的工作簿，上面每一类都相同；只有网页版的图表是重新画的，数据、类型、标题、颜色、坐标轴和标签相同。
"""
CALLS = """
## How many calls a command makes / 每个命令的调用次数

A call of xlwings' object model is up to three calls of COM, of 0.3 to 1 ms each; some are none. The number depends on sheets, tables and columns,
not on rows: 30 and 300 customers need the same. The last column has the record for undo with it.

| Command | 30 customers | 300 customers | 300, with undo |
|---|---|---|---|
"""
OFFERED = """
## The calls / 调用

"yes" means that xlwings offers the call on that host; a name that ends in = is set, another is read or called. In
Excel for the web no command makes these calls in Excel: it makes them on the file. “no” 表示该宿主的 xlwings 没有这个调用；以 = 结尾的是写入。网页版 Excel 里，命令只在文件上做这些调用。

"""


def run_in_excel(path: Path, name: str, engines: tuple[str, ...], watched: bool = False) -> list[str]:
    """Runs a command in the stand-in and saves; returns the calls it made."""
    from addin import recording

    file = xlsx.open(path)
    book, state = desktop(file, engines)
    notes = recording.Notes(book) if watched else None
    ALL[name](recording.watched(book, notes) if notes else book)
    if notes:
        notes.finish()
    file.save()
    file.close()
    return [call for call in state.calls if not call.endswith(".options=")]


def look_table(folder: Path, sample: Path) -> str:
    """Family by family: who brings it, and whether each desktop host brings the same."""
    own = looks(sample)
    brings: dict[str, list[str]] = {family: [] for family in FAMILIES}
    differs: dict[tuple[str, str], list[str]] = {(family, host): [] for family in FAMILIES for host in HOSTS}
    for name, run in COMMANDS.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(sample.read_bytes())
        book = xlsx.open(path)
        run(book)
        book.save()
        book.close()
        on_file = looks(path)
        for host in HOSTS:
            other = folder / f"{name}-{host}.xlsx"
            other.write_bytes(sample.read_bytes())
            run_in_excel(other, name, (HOSTS[host],))
            in_excel = looks(other)
            for family in FAMILIES:
                if in_excel[family] != on_file[family]:
                    differs[family, host].append(name)
        for family in FAMILIES:
            if has_more(on_file[family], own[family]):
                brings[family].append(name)
    lines = ["| Family | " + " | ".join(HOSTS) + " | Commands |", "|---|---|---|---|"]
    for family in FAMILIES:
        if brings[family]:
            cells = [", ".join(differs[family, host]) or "same" for host in HOSTS]
            lines.append(f"| {family} | {' | '.join(cells)} | {', '.join(brings[family])} |")
    return "\n".join(lines) + "\n"


def has_more(found: Any, before: Any) -> bool:
    """Whether a family holds something it did not hold before; an empty sheet has nothing of it."""
    if isinstance(found, dict):
        return any(value and value != before.get(sheet) for sheet, value in found.items())
    return found != before


def count_table(folder: Path, samples: list[Path]) -> str:
    """How many calls the commands make, by the number of customers."""
    rows = []
    for name in SHOWN:
        runs = ((samples[0], False), (samples[1], False), (samples[1], True))
        counts = [len(calls_of_command(folder, name, sample, watched)) for sample, watched in runs]
        rows.append(f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |")
    return "\n".join(rows) + "\n"


def calls_of_command(folder: Path, name: str, sample: Path, watched: bool = False) -> list[str]:
    """The calls a command makes on a copy of the sample."""
    path = folder / "run.xlsx"
    path.write_bytes(sample.read_bytes())
    return run_in_excel(path, name, ("_xlwindows", "_xlmac"), watched)


def call_table() -> str:
    """Every call, the hosts that have it, and the commands that make it."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.xlsx"
        write_sample_workbook(sample, "zh", CUSTOMERS[0])
        made = {name: set(calls_of_command(Path(folder), name, sample)) for name in SHOWN}
    lines = ["| Call | " + " | ".join(HOSTS) + " | Commands |", "|---|" + "---|" * (len(HOSTS) + 1)]
    for call in sorted(set().union(*made.values())):
        kind, _, method = call.partition(".")
        there = ["yes" if method in calls_of(module).get(kind, set()) else "no" for module in HOSTS.values()]
        users = [name for name, calls in made.items() if call in calls]
        lines.append(f"| {call} | {' | '.join(there)} | {', '.join(users)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        samples = [folder / f"sample-{count}.xlsx" for count in CUSTOMERS]
        for sample, count in zip(samples, CUSTOMERS, strict=True):
            write_sample_workbook(sample, "zh", count)
        look = look_table(folder, samples[0])
        counts = count_table(folder, samples)
    return HEAD + look + KNOWN + CALLS + counts + OFFERED + call_table()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
