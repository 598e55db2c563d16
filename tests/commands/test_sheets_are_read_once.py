"""A regrade inflates a long order sheet without formulas once, and saving copies its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from addin.commands import regrade
from addin.hosts import xlsx
from addin.hosts.xlsx import references
from addin.hosts.xlsx.zip_container import PartStream

ROWS = 3000
ORDERS = "xl/worksheets/sheet1.xml"


def workbook(path: Path) -> Path:
    """Orders with a filtered row, and their customers; the texts of the second sheet come late."""
    book = xlsxwriter.Workbook(path)
    orders = book.add_worksheet("订单")
    orders.write_row(0, 0, ["订单号", "客户编号", "下单日期", "金额"])
    for i in range(1, ROWS):
        orders.write_row(
            i, 0, [f"SO{i:06d}", f"C{i % 40:03d}", f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}", i % 900 + 0.5]
        )
    orders.set_row(7, None, None, {"hidden": True})
    customers = book.add_worksheet("客户")
    data = [[f"C{i:03d}", f"客户{i}"] for i in range(40)]
    customers.add_table(
        0, 0, 40, 1, {"data": data, "columns": [{"header": "客户编号"}, {"header": "客户名称"}]}
    )
    book.close()
    return path


def test_orders_are_inflated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "orders.xlsx")
    read_to_the_end: set[PartStream] = set()
    readinto = PartStream.readinto

    def counted(stream: PartStream, buffer: memoryview) -> int:
        count = readinto(stream, buffer)
        if not count:
            read_to_the_end.add(stream)
        return count

    monkeypatch.setattr(PartStream, "readinto", counted)
    monkeypatch.setattr(references, "_SEARCHED_SHEET", 0)  # shorter sheets are loaded, to look for references
    book = xlsx.open(path)
    result = regrade.run(book)
    book.save(tmp_path / "out.xlsx")
    assert any("1 " in note.zh and "隐藏" in note.zh for note in result.notes)
    assert [(s._file, s._entry.name) for s in read_to_the_end].count(("orders.xlsx", ORDERS)) == 1
