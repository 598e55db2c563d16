"""Reads damaged workbooks under a memory limit; prints as JSON how it went.

Run by test_fuzzing.py as a process of its own, so that a crash or a hang is seen and not suffered:

    python -m tests.hosts.xlsx.package_fuzzer SEED COUNT WORKBOOK...
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import random
import resource
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.reading import read_columns
from addin.hosts.xlsx.sheet_head import read_header_rows
from addin.hosts.xlsx.sheet_survey import survey_sheet
from udfs.texts import FenjiError

MEMORY = 3 << 30  # of address space; numpy and Arrow map one already
XML_PIECES = [
    b"<", b">", b"</row>", b"</sheetData>", b"<row>", b'<c r="XFD1048576"><v>1</v></c>', b"&#x0;", b"&amp;", b"&x;",
    b"<!--", b"]]>", b"<![CDATA[", b"<v>", b"<f/>", b't="s"', b't="d"', b"\0", b"\xff", b"-1", b"99999999999",
    b"1e999", b'r="0"', b'r="A0"', b'r="1048577"', b"<x:c", b"<si/>", b"<?xml version='1.1'?>", b'xmlns=""',
]  # fmt: skip


def flip_bytes(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def cut(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice([1, 10, 1000, len(data)])]


def double(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice([1, 46, 1000])]


def extreme_numbers(data: bytearray, chance: random.Random) -> None:
    """In the zip directory: sizes, offsets, flags and methods that lie."""
    places = [i for i in range(len(data) - 4) if data[i : i + 4] in (b"PK\1\2", b"PK\3\4", b"PK\5\6")]
    start = chance.choice(places) + chance.randrange(4, 46)
    value = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0", b"\0\0\1\0"])
    data[start : start + 4] = value


def broken_xml(data: bytearray, chance: random.Random) -> None:
    """In one part, which is packed again properly."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes(data))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = [n for n in old.namelist() if not n.endswith("/")]
        chosen = chance.choice([n for n in names if n.endswith((".xml", ".rels"))])
        for name in names:
            content = bytearray(old.read(name))
            if name == chosen and content:
                for _ in range(chance.randint(1, 4)):
                    start = chance.randrange(len(content))
                    end = start + chance.choice([0, 1, 20])
                    content[start:end] = chance.choice([*XML_PIECES, bytes(content[:200])])
            new.writestr(name, bytes(content))
    data[:] = out.getvalue()


MUTATIONS: list[Callable[[bytearray, random.Random], None]] = [
    flip_bytes, cut, double, extreme_numbers, extreme_numbers, broken_xml, broken_xml, broken_xml,
]  # fmt: skip


def use(data: bytes) -> None:
    """Everything that reads a workbook."""
    package = Package.from_bytes(data)
    for sheet in package.rels(package.workbook_part).by_type("worksheet")[:3]:
        for read in (read_header_rows, survey_sheet):
            attempt(lambda read=read, sheet=sheet: read(package, sheet.target))
        attempt(lambda sheet=sheet: read_columns(package, sheet.target, 1, None, [1, 2, 3, 16384]))
    for name in package.names():
        attempt(
            lambda name=name: package.edit(name) if name.endswith((".xml", ".rels")) else package.read(name)
        )
    attempt(lambda: package.to_bytes())
    attempt(lambda: package.remove_tree(package.workbook_part))


def attempt(work: Callable[[], object]) -> None:
    with contextlib.suppress(FenjiError):
        work()


def own_peak_mb() -> int:
    """The most memory this process has held; `ru_maxrss` would count the one that started it."""
    line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # noqa: SIM115
    return int(line.split()[1]) // 1024


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    originals = [Path(name).read_bytes() for name in sys.argv[3:]]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = {"count": 0, "refused": 0, "read": 0, "slowest": 0.0}
    for number in range(seed, seed + count):
        chance = random.Random(number)
        data = bytearray(chance.choice(originals))
        start = time.perf_counter()
        faulthandler.dump_traceback_later(20, exit=True)  # a hang ends here, and says where
        try:
            chance.choice(MUTATIONS)(data, chance)
            use(bytes(data))
            found["read"] += 1
        except FenjiError:
            found["refused"] += 1
        except BaseException:
            print("mutation", number, file=sys.stderr)
            traceback.print_exc()
            sys.exit(1)
        finally:
            faulthandler.cancel_dump_traceback_later()
        found["count"] += 1
        found["slowest"] = max(found["slowest"], time.perf_counter() - start)
    found["peak_mb"] = own_peak_mb()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
