"""Tables are found by their headers, wherever people put them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from addin import tables
from addin.grids import ColumnsGrid, GridTable
from addin.tables import TableChoice
from udfs.cleaning.columns import Column
from udfs.texts import FenjiError

ORDERS = ["订单编号", "客户名称", "下单日期", "金额(元)"]


def grid(name: str, rows: list[list[Any]], excel_tables: list[GridTable] | None = None) -> ColumnsGrid:
    """A sheet with these rows from A1 on."""
    width = max(len(r) for r in rows)
    cells = [Column.from_values([r[k] if k < len(r) else None for r in rows]) for k in range(width)]
    return ColumnsGrid(name, cells, excel_tables=excel_tables or [])


def order_rows(n: int = 3) -> list[list[Any]]:
    return [[f"A{i}", f"客户{i % 2}", dt.date(2024, 1, 1 + i), 10.0 + i] for i in range(n)]


def test_an_order_table_alone() -> None:
    found = tables.find([grid("Sheet1", [ORDERS, *order_rows()])])
    raw = found.read()
    assert list(raw) == ["orders"]
    table = raw["orders"][0]
    assert list(table.columns) == ["order_id", "customer", "order_date", "amount"]
    assert table.rows.tolist() == [2, 3, 4]
    assert table.letters == {"order_id": "A", "customer": "B", "order_date": "C", "amount": "D"}
    assert found.lang == "zh"


def test_titles_above_the_header_and_blank_columns() -> None:
    rows = [
        ["2024 年销售明细"],
        ["制表:李敏", None, None, "2024-06-30"],
        [],
        [None, *ORDERS[:2], None, *ORDERS[2:]],
    ]
    rows += [[None, r[0], r[1], None, r[2], r[3]] for r in order_rows()]
    table = tables.find([grid("明细", rows)]).read()["orders"][0]
    assert table.header_row == 4
    assert table.rows.tolist() == [5, 6, 7]
    assert table.letters["order_date"] == "E"


def test_totals_rows_and_footnotes_are_no_records() -> None:
    rows = [ORDERS, *order_rows(2), ["小计", None, None, 21], [], ["合  计", None, None, 21], ["注:含税"]]
    found = tables.find([grid("订单", rows)])
    assert found.read()["orders"][0].rows.tolist() == [2, 3]
    assert [n.en for n in found.notes] == ["'订单': 2 totals rows not taken as data."]


def test_a_customer_whose_name_sounds_like_a_total_stays() -> None:
    rows = [
        ORDERS,
        ["A1", "合计广告有限公司", dt.date(2024, 1, 1), 5],
        ["A2", "Total Energies", dt.date(2024, 1, 2), 5],
    ]
    assert len(tables.find([grid("订单", rows)]).read()["orders"][0]) == 2


def test_repeated_headers_of_printed_pages_are_left_out() -> None:
    rows = [ORDERS, *order_rows(2), ORDERS, *order_rows(2)]
    found = tables.find([grid("订单", rows)])
    assert found.read()["orders"][0].rows.tolist() == [2, 3, 5, 6]


def test_customers_and_orders_on_two_sheets() -> None:
    customers = grid("客户", [["客户编号", "客户名称", "电话", "备注二"], [1, "华泰", "13800138000", "x"]])
    orders = grid("销售", [["日期", "客户编号", "数量", "单价"], [dt.date(2024, 1, 1), 1, 2, 3.5]])
    raw = tables.find([customers, orders]).read()
    assert set(raw) == {"customers", "orders"}
    assert list(raw["customers"][0].own) == ["备注二"]


def test_contacts_and_feedback() -> None:
    orders = grid("订单", [ORDERS, *order_rows()])
    contacts = grid(
        "跟进", [["日期", "客户名称", "跟进方式", "内容"], [dt.date(2024, 1, 1), "客户0", "电话", "报价"]]
    )
    feedback = grid(
        "评价", [["日期", "客户名称", "满意度", "内容"], [dt.date(2024, 1, 1), "客户0", "满意", "好"]]
    )
    raw = tables.find([orders, contacts, feedback]).read()
    assert set(raw) == {"orders", "contacts", "feedback"}


def test_a_customer_table_with_totals() -> None:
    rows = [["客户名称", "最近消费日期", "消费次数", "消费金额"], ["华泰", dt.date(2024, 1, 1), 3, 100]]
    raw = tables.find([grid("会员", rows)]).read()
    assert list(raw["customers"][0].columns) == ["customer", "last_order_date", "order_count", "total_amount"]


def test_a_customer_table_with_revenue_and_creation_date_is_no_order_table() -> None:
    rows = [
        ["客户名称", "所属行业", "电话", "创建时间", "营收"],
        ["华泰", "制造业", "1", dt.date(2024, 1, 1), 5],
    ]
    orders = grid("订单", [ORDERS, *order_rows()])
    assert set(tables.find([grid("资料", rows), orders]).tables) == {"customers", "orders"}


def test_an_excel_table_wins_over_what_stands_around_it() -> None:
    rows = [["客户名称", "下单日期", "金额"], ["旧", dt.date(2020, 1, 1), 1], [], ORDERS, *order_rows()]
    table = GridTable("Sales", 4, dict(enumerate(ORDERS, 1)), 5, 7)
    raw = tables.find([grid("订单", rows, [table])]).read()
    assert (raw["orders"][0].name, raw["orders"][0].rows.tolist()) == ("Sales", [5, 6, 7])


@pytest.mark.parametrize("name", ["客户分级", "RFM", "Grades"])
def test_our_own_sheets_are_never_input(name: str) -> None:
    ours = grid(
        name, [["客户名称", "最近消费日期", "消费次数", "消费金额"], ["华泰", dt.date(2024, 1, 1), 3, 100]]
    )
    found = tables.find([grid("订单", [ORDERS, *order_rows()]), ours])
    assert list(found.tables) == ["orders"]


def test_sheets_with_a_table_of_ours_are_never_input() -> None:
    rows = [["客户名称", "最近消费日期", "消费金额"], ["华泰", dt.date(2024, 1, 1), 3]]
    ours = grid("报告", rows, [GridTable("tblGrades", 1, dict(enumerate(rows[0], 1)), 2, 2)])
    assert list(tables.find([grid("订单", [ORDERS, *order_rows()]), ours]).tables) == ["orders"]


def test_columns_we_added_are_not_read_again_but_the_users_own_are() -> None:
    rows = [["客户名称", "电话", "客户级别", "活跃度"], ["华泰", "1", "金牌", "活跃"]]
    customers = grid("客户", rows)
    customers.ours = frozenset([4])
    raw = tables.find([customers, grid("订单", [ORDERS, *order_rows()])]).read()
    assert list(raw["customers"][0].columns) == ["customer", "phone"]
    assert list(raw["customers"][0].own) == ["客户级别"]


def months() -> list[ColumnsGrid]:
    return [grid("1月", [ORDERS, *order_rows()]), grid("2月", [ORDERS, *order_rows(2)])]


def test_one_sheet_a_month_is_offered() -> None:
    with pytest.raises(FenjiError) as error:
        tables.find(months())
    assert "“1月”、“2月”" in error.value.text.zh
    assert "--together" in error.value.text.en


def test_one_sheet_a_month_is_taken_together_when_asked() -> None:
    raw = tables.find(months(), TableChoice(combine=True)).read()
    assert [len(t) for t in raw["orders"]] == [3, 2]


def test_a_chosen_sheet_is_used() -> None:
    raw = tables.find(months(), TableChoice(sheets=["2月"])).read()
    assert [t.sheet for t in raw["orders"]] == ["2月"]


def test_two_candidates_for_customers_are_an_error_that_names_both() -> None:
    header = ["客户编号", "客户名称", "电话", "行业"]
    two = [grid("客户A", [header, [1, "甲", "1", "x"]]), grid("客户B", [header, [1, "乙", "1", "x"]])]
    with pytest.raises(FenjiError) as error:
        tables.find([*two, grid("订单", [ORDERS, *order_rows()])])
    assert "“客户A”、“客户B”" in error.value.text.zh
    assert "'客户A', '客户B'" in error.value.text.en


def test_a_header_twice_is_an_error_that_names_both_columns() -> None:
    rows = [["客户名称", "下单日期", "金额", "金额"], ["华泰", dt.date(2024, 1, 1), 5, 6]]
    with pytest.raises(FenjiError) as error:
        tables.find([grid("订单", rows)])
    assert "“金额”出现了两次（C 列和 D 列）" in error.value.text.zh


def test_a_header_twice_that_nobody_needs_is_no_error() -> None:
    rows = [[*ORDERS, "附件", "附件"], *order_rows()]
    assert len(tables.find([grid("订单", rows)]).read()["orders"][0]) == 3


def test_two_columns_that_fit_one_field() -> None:
    rows = [["客户名称", "下单日期", "总金额", "实付金额"], ["华泰", dt.date(2024, 1, 1), 120, 100]]
    found = tables.find([grid("订单", rows)])
    assert found.read()["orders"][0].headers["amount"] == "实付金额"
    assert "总金额" in found.notes[0].zh


def test_the_users_own_mapping_wins() -> None:
    rows = [["客户名称", "下单日期", "总金额", "实付金额"], ["华泰", dt.date(2024, 1, 1), 120, 100]]
    choice = TableChoice(mapping={("订单", "总金额"): "amount", ("订单", "实付金额"): ""})
    assert tables.find([grid("订单", rows)], choice).read()["orders"][0].headers["amount"] == "总金额"


def test_nothing_to_find() -> None:
    with pytest.raises(FenjiError) as error:
        tables.find([grid("Sheet1", [["a", "b"], [1, 2]])])
    assert "“Sheet1”" in error.value.text.zh
    assert "No customer or order table" in error.value.text.en


def test_an_unknown_sheet_or_table_is_named() -> None:
    with pytest.raises(FenjiError, match="no sheet 'X'"):
        tables.find(months(), TableChoice(sheets=["X"]))
    with pytest.raises(FenjiError, match="no Excel table 'T'"):
        tables.find(months(), TableChoice(tables=["T"]))


def test_only_the_fields_asked_for_are_read() -> None:
    found = tables.find([grid("订单", [ORDERS, *order_rows()])])
    raw = found.read({"orders": {"customer", "order_date"}})
    assert list(raw["orders"][0].columns) == ["customer", "order_date"]


def test_english_headers() -> None:
    rows = [["Order ID", "Customer", "Order Date", "Total"], ["A1", "Acme", dt.date(2024, 1, 1), 5.0]]
    assert tables.find([grid("Orders", rows)]).lang == "en"


def test_rows_without_anything_known_are_no_records() -> None:
    rows = [[*ORDERS, "备注二"], *order_rows(2), [None, None, None, None, "打印于周一"]]
    table = tables.find([grid("订单", rows)]).read()["orders"][0]
    assert np.array_equal(table.rows, [2, 3])
