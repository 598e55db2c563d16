"""The start workbook (客户管理表): entry sheets with validation and explanations, and a few sample rows.

Built with XlsxWriter like the others, but it asks for no datasets: people fill it in. Its tables are named after
the roles, so that a grading finds them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from udfs import fields
from udfs.texts import Lang, Text
from workbook_templates import style
from workbook_templates.layout import BUILT, Drawer
from workbook_templates.spec import Template

TEMPLATE = Template(
    name="start",
    title=Text(zh="客户管理表", en="Customer workbook to start from"),
    description=Text(
        zh="空白的客户管理表：客户、订单、联系记录、客户反馈四张录入表，带下拉选项、校验和说明，示例行可删除。",
        en="A workbook to start from: entry sheets for customers, orders, contacts and feedback with lists, checks and explanations.",
    ),
)
ROWS = 2000  # rows the checks reach
FIRST = 3  # header row of the entry tables, 0-based

SHEETS: dict[str, tuple[Text, Text, list[str]]] = {
    "Customers": (
        Text(zh="客户", en="Customers"),
        Text(zh="一行一位客户。客户编号不能重复。", en="One row for each customer. A customer ID must not occur twice."),
        [
            "customer_id", "customer", "customer_type", "contact_person", "phone", "email", "address", "region",
            "province", "city", "industry", "nature", "revenue", "staff", "sex", "age", "source", "referrer", "owner",
            "first_contact", "do_not_contact", "preference", "credit_limit",
        ],
    ),
    "Orders": (
        Text(zh="订单", en="Orders"),
        Text(
            zh="一行一笔（或一个品种）。退货填负数量和负金额，或在订单状态中选“已退货”。",
            en="One row for each order or item. For a return use negative quantity and amount, or the status 'Returned'.",
        ),
        [
            "order_id", "order_date", "customer_id", "customer", "product", "category", "quantity", "price", "amount",
            "discount", "cost", "channel", "status", "due_date", "paid_date", "campaign", "remark",
        ],
    ),
    "Contacts": (
        Text(zh="联系记录", en="Contacts"),
        Text(zh="每次拜访、电话、微信记一行。", en="One row for each visit, call or message."),
        ["contact_date", "customer_id", "customer", "contact_kind", "content", "result", "owner"],
    ),
    "Feedback": (
        Text(zh="客户反馈", en="Feedback"),
        Text(zh="投诉、建议和满意度调查。", en="Complaints, suggestions and surveys."),
        [
            "feedback_date", "customer_id", "customer", "feedback_kind", "content", "satisfaction", "nps", "state",
            "reply_date",
        ],
    ),
}  # fmt: skip

LISTS: dict[str, tuple[list[str], list[str]]] = {
    "customer_type": (["企业", "个人"], ["Company", "Person"]),
    "region": (
        ["华东", "华北", "华中", "华南", "西南", "西北", "东北"],
        ["North", "South", "East", "West", "Midlands", "Scotland", "Abroad"],
    ),
    "industry": (
        ["制造业", "批发业", "零售业", "建筑业", "餐饮业", "教育", "卫生", "房地产业", "软件和信息技术服务业"],
        ["Manufacturing", "Wholesale", "Retail", "Construction", "Hospitality", "Education", "Health", "Real estate", "Software"],
    ),
    "nature": (
        ["民营企业", "国有企业", "外资企业", "个体工商户", "机关事业单位"],
        ["Private company", "Public company", "Foreign-owned", "Sole trader", "Public body"],
    ),
    "source": (
        ["转介绍", "线上推广", "展会", "电话销售", "自然到店"],
        ["Referral", "Online", "Trade fair", "Telephone", "Walk-in"],
    ),
    "sex": (["男", "女"], ["Male", "Female"]),
    "do_not_contact": (["否", "是"], ["No", "Yes"]),
    "preference": (
        ["价格优惠", "品质优先", "需要定制"], ["Low price", "High quality", "Made to order"]
    ),
    "owner": (["李敏", "王强"], ["Anna Clark", "Ben Young"]),
    "channel": (["线上商城", "门店", "经销商", "业务员"], ["Web shop", "Store", "Dealer", "Sales rep"]),
    "status": (["已完成", "未付款", "已取消", "已退货"], ["Completed", "Unpaid", "Cancelled", "Returned"]),
    "contact_kind": (["拜访", "电话", "微信", "邮件"], ["Visit", "Call", "Chat", "E-mail"]),
    "result": (["有意向", "已下单", "再联系", "无意向"], ["Interested", "Ordered", "Call again", "Not interested"]),
    "feedback_kind": (["投诉", "建议", "满意度调查"], ["Complaint", "Suggestion", "Survey"]),
    "satisfaction": (
        ["非常满意", "满意", "一般", "不满意", "非常不满意"],
        ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"],
    ),
    "state": (["已处理", "处理中", "未处理"], ["Done", "In progress", "Open"]),
}  # fmt: skip

SAMPLES: dict[Lang, dict[str, list[dict[str, Any]]]] = {
    "zh": {
        "Customers": [
            {"customer_id": "K001", "customer": "示例：杭州晨光贸易有限公司", "customer_type": "企业", "contact_person": "陈晨", "phone": "19900000001", "region": "华东", "province": "浙江", "city": "杭州", "industry": "批发业", "nature": "民营企业", "revenue": 36000000, "staff": 80, "source": "展会", "owner": "李敏", "first_contact": dt.date(2024, 1, 8), "do_not_contact": "否", "preference": "品质优先", "credit_limit": 50000},
            {"customer_id": "K002", "customer": "示例：广州南粤餐饮店", "customer_type": "企业", "contact_person": "梁静", "phone": "19900000002", "region": "华南", "province": "广东", "city": "广州", "industry": "餐饮业", "nature": "个体工商户", "revenue": 2400000, "staff": 12, "source": "转介绍", "referrer": "示例：杭州晨光贸易有限公司", "owner": "王强", "first_contact": dt.date(2024, 3, 2), "do_not_contact": "否", "preference": "价格优惠"},
        ],
        "Orders": [
            {"order_id": "D2024001", "order_date": dt.date(2024, 1, 20), "customer_id": "K001", "customer": "示例：杭州晨光贸易有限公司", "product": "礼盒装", "category": "茶叶", "quantity": 20, "price": 168, "amount": 3360, "cost": 2100, "channel": "业务员", "status": "已完成", "due_date": dt.date(2024, 2, 20), "paid_date": dt.date(2024, 2, 18)},
            {"order_id": "D2024002", "order_date": dt.date(2024, 3, 15), "customer_id": "K002", "customer": "示例：广州南粤餐饮店", "product": "散装 1kg", "category": "茶叶", "quantity": 5, "price": 98, "amount": 490, "cost": 330, "channel": "线上商城", "status": "已完成"},
            {"order_id": "D2024003", "order_date": dt.date(2024, 5, 6), "customer_id": "K001", "customer": "示例：杭州晨光贸易有限公司", "product": "散装 1kg", "category": "茶叶", "quantity": 30, "price": 92, "amount": 2760, "cost": 1980, "channel": "业务员", "status": "已完成"},
        ],
        "Contacts": [
            {"contact_date": dt.date(2024, 5, 20), "customer_id": "K001", "customer": "示例：杭州晨光贸易有限公司", "contact_kind": "电话", "content": "询问下半年计划", "result": "有意向", "owner": "李敏"}
        ],
        "Feedback": [
            {"feedback_date": dt.date(2024, 5, 25), "customer_id": "K002", "customer": "示例：广州南粤餐饮店", "feedback_kind": "满意度调查", "content": "送货及时", "satisfaction": "满意", "state": "已处理", "reply_date": dt.date(2024, 5, 26)}
        ],
    },
    "en": {
        "Customers": [
            {"customer_id": "K001", "customer": "Example: Harbour Trading Ltd", "customer_type": "Company", "contact_person": "Jane Moss", "phone": "01632 960001", "region": "South", "city": "Bristol", "industry": "Wholesale", "nature": "Private company", "revenue": 3600000, "staff": 80, "source": "Trade fair", "owner": "Anna Clark", "first_contact": dt.date(2024, 1, 8), "do_not_contact": "No", "preference": "High quality", "credit_limit": 5000},
            {"customer_id": "K002", "customer": "Example: Corner Cafe", "customer_type": "Company", "contact_person": "Tom Reed", "phone": "01632 960002", "region": "North", "city": "Leeds", "industry": "Hospitality", "nature": "Sole trader", "revenue": 240000, "staff": 12, "source": "Referral", "referrer": "Example: Harbour Trading Ltd", "owner": "Ben Young", "first_contact": dt.date(2024, 3, 2), "do_not_contact": "No", "preference": "Low price"},
        ],
        "Orders": [
            {"order_id": "D2024001", "order_date": dt.date(2024, 1, 20), "customer_id": "K001", "customer": "Example: Harbour Trading Ltd", "product": "Gift box", "category": "Tea", "quantity": 20, "price": 16.8, "amount": 336, "cost": 210, "channel": "Sales rep", "status": "Completed", "due_date": dt.date(2024, 2, 20), "paid_date": dt.date(2024, 2, 18)},
            {"order_id": "D2024002", "order_date": dt.date(2024, 3, 15), "customer_id": "K002", "customer": "Example: Corner Cafe", "product": "Loose tea 1 kg", "category": "Tea", "quantity": 5, "price": 9.8, "amount": 49, "cost": 33, "channel": "Web shop", "status": "Completed"},
            {"order_id": "D2024003", "order_date": dt.date(2024, 5, 6), "customer_id": "K001", "customer": "Example: Harbour Trading Ltd", "product": "Loose tea 1 kg", "category": "Tea", "quantity": 30, "price": 9.2, "amount": 276, "cost": 198, "channel": "Sales rep", "status": "Completed"},
        ],
        "Contacts": [
            {"contact_date": dt.date(2024, 5, 20), "customer_id": "K001", "customer": "Example: Harbour Trading Ltd", "contact_kind": "Call", "content": "Plans for the second half", "result": "Interested", "owner": "Anna Clark"}
        ],
        "Feedback": [
            {"feedback_date": dt.date(2024, 5, 25), "customer_id": "K002", "customer": "Example: Corner Cafe", "feedback_kind": "Survey", "content": "Delivered on time", "satisfaction": "Satisfied", "state": "Done", "reply_date": dt.date(2024, 5, 26)}
        ],
    },
}  # fmt: skip

GUIDE = [
    Text(zh="1. 先在“选项”表里改好下拉选项（地区、负责人、渠道等）。", en="1. Adapt the lists on the sheet 'Lists' first (regions, owners, channels ...)."),
    Text(zh="2. 在“客户”表登记客户；示例行（名称以“示例：”开头）可直接整行删除。", en="2. Enter customers on 'Customers'; the sample rows (names beginning with 'Example:') can be deleted."),
    Text(zh="3. 在“订单”表登记每笔销售；客户编号要与“客户”表一致。", en="3. Enter every sale on 'Orders'; the customer ID must be one of 'Customers'."),
    Text(zh="4. 拜访、电话记在“联系记录”；投诉、建议、满意度记在“客户反馈”。", en="4. Visits and calls go to 'Contacts'; complaints, suggestions and surveys to 'Feedback'."),
    Text(zh="5. 录入后运行“客户分级”，每位客户的得分、分类、分级和说明会写进本工作簿。", en="5. Then grade the customers: scores, classes, grades and the reason are written into this workbook."),
    Text(zh="不需要的列可以留空或删除；可以自己加列，分级时会保留。", en="Columns you do not need may stay empty or be deleted; your own columns are kept."),
    Text(zh="客户信息属于个人信息：只登记业务需要的内容，限制能打开本文件的人。", en="Customer data are personal data: enter only what you need and limit who can open this file."),
]  # fmt: skip


def build_entry(lang: Lang, path: Path) -> None:
    """Writes the start workbook."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": TEMPLATE.title(lang), "comments": TEMPLATE.description(lang), "created": BUILT}
    )
    book.formats[0].set_font_name(style.FONT[lang])
    book.formats[0].set_font_size(10)
    drawer = Drawer(book, lang)
    guide(drawer)
    places = {key: i for i, key in enumerate(LISTS)}
    lists_name = Text(zh="选项", en="Lists")(lang)
    for key, i in places.items():
        last = len(LISTS[key][0]) + 20
        book.define_name(f"list_{key}", f"='{lists_name}'!{cell(FIRST + 1, i)}:{cell(FIRST + last, i)}")
    for table, (name, note, keys) in SHEETS.items():
        entry_sheet(drawer, table, name, note, keys)
    lists_sheet(drawer, lists_name)
    book.close()


def cell(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, True, True))


def guide(drawer: Drawer) -> None:
    ws = drawer.book.add_worksheet(Text(zh="说明", en="Read me")(drawer.lang))
    ws.hide_gridlines(2)
    ws.set_tab_color(style.TAB_COLOURS["result"])
    ws.set_column(0, 0, 110, drawer.format())
    ws.set_row(0, 28)
    ws.write_string(0, 0, TEMPLATE.title(drawer.lang), drawer.format(font_size=16, bold=True))
    for i, line in enumerate(GUIDE):
        ws.set_row(2 + i, 22)
        ws.write_string(2 + i, 0, line(drawer.lang), drawer.format())
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)


def entry_sheet(drawer: Drawer, table: str, name: Text, note: Text, keys: list[str]) -> None:
    """One entry sheet: a table with headers, sample rows, checks and a hint for each column."""
    lang = drawer.lang
    ws = drawer.book.add_worksheet(name(lang))
    ws.hide_gridlines(2)
    ws.set_tab_color(style.TAB_COLOURS["input"])
    samples = SAMPLES[lang][table]
    columns = []
    for i, key in enumerate(keys):
        known = fields.field(key)
        title = known.header(lang)
        body = drawer.format(**column_look(known.type))
        shown = max([style.display_width(str(row.get(key, ""))) for row in samples] or [0])
        ws.set_column(i, i, min(max(style.display_width(title) + 5, shown + 2, 11), 34), body)
        columns.append({"header": title, "header_format": drawer.format(bold=True, bg_color=style.WASH)})
        ws.data_validation(
            FIRST + 1, i, FIRST + ROWS, i, check(key, known.type, i, known.meaning(lang), lang)
        )
    ws.set_row(0, 28)
    plain = {"align": "left", "num_format": "General"}
    ws.write_string(0, 0, name(lang), drawer.format(font_size=16, bold=True, **plain))
    ws.write_string(1, 0, note(lang), drawer.format(font_size=9, font_color=style.GREY, **plain))
    ws.add_table(
        FIRST,
        0,
        FIRST + max(len(samples), 1),
        len(keys) - 1,
        {"name": table, "columns": columns, "style": "Table Style Light 1", "banded_rows": False},
    )
    for r, row in enumerate(samples):
        for i, key in enumerate(keys):
            look = drawer.format(**column_look(fields.field(key).type))
            value = row.get(key)
            if value is None:
                ws.write_blank(FIRST + 1 + r, i, None, look)
            elif isinstance(value, dt.date):
                ws.write_datetime(FIRST + 1 + r, i, dt.datetime(value.year, value.month, value.day), look)
            elif isinstance(value, str):
                ws.write_string(FIRST + 1 + r, i, value, look)
            else:
                ws.write_number(FIRST + 1 + r, i, value, look)
    ws.freeze_panes(FIRST + 1, 2)
    ws.set_landscape()
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)
    ws.repeat_rows(FIRST)


def column_look(kind: str) -> dict[str, Any]:
    if kind == "date":
        return {"num_format": "yyyy-mm-dd", "align": "center"}
    if kind in ("amount", "count", "number"):
        return {"num_format": "#,##0.##" if kind == "amount" else "#,##0", "align": "right"}
    return {"align": "left", "num_format": "@" if kind == "phone" else "General"}


def check(key: str, kind: str, column: int, meaning: str, lang: Lang) -> dict[str, Any]:
    """The data validation of a column: lists, dates, ranges, no duplicates; the hint says what belongs here."""
    hint = {"input_title": fields.header(key, lang)[:32], "input_message": meaning[:255]}
    stop = Text(zh="请检查输入", en="Please check")(lang)
    first = xl_rowcol_to_cell(FIRST + 1, column)
    if key in LISTS:
        only = key not in ("owner", "region", "industry", "source", "nature", "preference", "satisfaction")
        return {
            "validate": "list",
            "source": f"=list_{key}",
            "error_type": "stop" if only else "warning",
            "error_title": stop,
            "error_message": Text(
                zh="请从下拉选项中选择；选项可在“选项”表里修改。",
                en="Choose from the list; the sheet 'Lists' can be changed.",
            )(lang),
            **hint,
        }
    if key == "customer_id" and column == 0:
        letters = first.rstrip("0123456789")
        return {
            "validate": "custom",
            "value": f"=COUNTIF(${letters}${FIRST + 2}:${letters}${FIRST + ROWS + 1},{first})=1",
            "error_title": stop,
            "error_message": Text(zh="这个客户编号已经有了。", en="This customer ID is already there.")(lang),
            **hint,
        }
    if kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(2000, 1, 1),
            "maximum": dt.date(2099, 12, 31),
            "error_title": stop,
            "error_message": Text(zh="请输入日期，例如 2024-05-01。", en="Enter a date, such as 2024-05-01.")(
                lang
            ),
            **hint,
        }
    if key == "age":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 120,
            "error_title": stop,
            "error_message": Text(zh="年龄请填 0 到 120 的整数。", en="Enter an age from 0 to 120.")(lang),
            **hint,
        }
    if key == "nps":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 10,
            "error_title": stop,
            "error_message": Text(zh="请填 0 到 10 的整数。", en="Enter a whole number from 0 to 10.")(lang),
            **hint,
        }
    if kind in ("amount", "number", "count"):
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            "error_title": stop,
            "error_message": Text(zh="请输入数字，不要带单位。", en="Enter a number without a unit.")(lang),
            **hint,
        }
    return {"validate": "any", **hint}


def lists_sheet(drawer: Drawer, name: str) -> None:
    """The lists behind the drop-downs, to be changed by the user."""
    lang = drawer.lang
    ws = drawer.book.add_worksheet(name)
    ws.hide_gridlines(2)
    ws.set_tab_color(style.TAB_COLOURS["settings"])
    ws.set_row(0, 28)
    ws.write_string(0, 0, name, drawer.format(font_size=16, bold=True))
    note = Text(
        zh="下拉选项：可以修改、增加，每列最多 20 行空位。", en="The lists: change them or add to them below."
    )
    ws.write_string(1, 0, note(lang), drawer.format(font_size=9, font_color=style.GREY))
    for i, (key, (zh, en)) in enumerate(LISTS.items()):
        title = fields.header(key, lang)
        items = zh if lang == "zh" else en
        width = max(style.display_width(t) for t in [title, *items]) + 3
        ws.set_column(i, i, width, drawer.format())
        ws.write_string(FIRST, i, title, drawer.format(bold=True, bg_color=style.WASH))
        for r, item in enumerate(items):
            ws.write_string(FIRST + 1 + r, i, item, drawer.format())
    ws.freeze_panes(FIRST + 1, 0)
    ws.set_landscape()
    ws.fit_to_pages(1, 0)
