"""Writes docs/host-calls.md: which calls of xlwings' object model the commands make, and which hosts have them.

The commands run on a small sample in the stand-in for desktop Excel of the tests, which notes every call; what
a host offers is read from the source of the installed xlwings. Run it after changing a command:
`python docs/list_host_calls.py`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from addin.commands import check, explain, freeze_formulas, regrade, report, set_grade, settings, what_if  # noqa: E402
from addin.commands.set_grade import Manual  # noqa: E402
from addin.hosts import xlsx  # noqa: E402
from tests.hosts.excel.desktop import calls_of, desktop  # noqa: E402
from workbook_templates.sample_workbook import write_sample_workbook  # noqa: E402

PAGE = HERE / "host-calls.md"
HOSTS = {"Windows": "_xlwindows", "macOS": "_xlmac", "Office.js": "pro/_xlremote"}
CUSTOMERS = 30
HEAD = """# Calls the commands make, by host

Made by `docs/list_host_calls.py`: every command of the ribbon runs on sample data in a stand-in for desktop Excel,
and each call of xlwings' object model is noted. "yes" means that xlwings offers the call on that host; a name that ends in = is set, another is read or called. A command
with a call that Office.js lacks does not run there yet, nor does one that opens a template (Books.open there takes
no file). On desktop Excel every call is available, and a test fails when one is not.

命令在各种宿主里用到的调用，由 `docs/list_host_calls.py` 生成；以 = 结尾的是写入；“no” 表示该宿主的 xlwings 没有这个调用。要打开模板文件的命令（Books.open）在 Office.js 里也不能用。

"""


def calls_by_command() -> dict[str, set[str]]:
    """The calls each command makes, as "Range.formula"."""
    commands = {
        "check": check.run,
        "explain": lambda book: explain.run(book, ["C1001"], "zh"),
        "freeze_formulas": freeze_formulas.run,
        "regrade": regrade.run,
        "report": lambda book: report.run(book, "rfm"),
        "set_grade": lambda book: set_grade.run(book, [3], Manual("high")),
        "settings": lambda book: settings.run(book, "zh"),
        "what_if": lambda book: what_if.run(book, lang="zh"),
    }
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.xlsx"
        write_sample_workbook(path, "zh", CUSTOMERS)
        for name, run in commands.items():
            book, state = desktop(xlsx.open(path))
            run(book)
            found[name] = {call for call in state.calls if not call.endswith(".options=")}
    return found


def page() -> str:
    """The whole page."""
    by_command = calls_by_command()
    lines = [HEAD + "| Call | " + " | ".join(HOSTS) + " | Commands |", "|---|" + "---|" * (len(HOSTS) + 1)]
    for call in sorted(set().union(*by_command.values())):
        kind, _, name = call.partition(".")
        there = ["yes" if name in calls_of(module).get(kind, set()) else "no" for module in HOSTS.values()]
        users = [command for command, calls in by_command.items() if call in calls]
        lines.append(f"| {call} | {' | '.join(there)} | {', '.join(users)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
