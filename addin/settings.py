"""The settings sheet: every choice of a grading, explained, and read back with its mistakes named.

The sheet (tblSettings) has one row per setting: name, value, default, meaning, key. After the options come the
names of classes and their recommended actions, then what each sheet and each column is taken for. A value that
differs from its default counts; everything else follows the defaults of this version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import xlwings as xw

from addin.grids import SheetGrid
from addin.recognition import candidates
from addin.tables import ROLE_NAMES, Found, FoundTable, TableChoice
from udfs import fields, terms
from udfs.cleaning.columns import display
from udfs.cleaning.duplicates import reason_text
from udfs.cleaning.options import CleaningOptions
from udfs.options import GradingOptions
from udfs.setting_values import Setting, parse, settings, written
from udfs.texts import FenjiError, Lang, Text
from workbook_templates import headers

TABLE = "tblSettings"
COLUMNS = ["setting", "setting_value", "default_value", "meaning", "key"]
NAMED_GROUPS = ("segment", "class8", "grade", "level", "activity", "value_tier", "churn_risk", "need_type")
ACTION_GROUPS = ("segment", "class8", "grade")
IGNORE = Text(zh="忽略", en="ignore")
AUTOMATIC = Text(zh="自动", en="automatic")
OWN = Text(zh="自有列", en="own column")


@dataclass(slots=True)
class Settings:
    """What the settings sheet says beyond the defaults.

    Attributes
    ----------
    grading : options by name, for `GradingOptions(**grading)`.
    cleaning : options by name, for `CleaningOptions(**cleaning)`.
    mapping : field key by (sheet, header); "" ignores the column.
    roles : role by sheet; "" ignores the sheet.
    """

    grading: dict[str, Any] = field(default_factory=dict)
    cleaning: dict[str, Any] = field(default_factory=dict)
    mapping: dict[tuple[str, str], str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    def choice(self, given: TableChoice | None = None) -> TableChoice:
        """The choice of tables: what was given, and the mapping and roles of the sheet where nothing was."""
        given = given or TableChoice()
        return replace(given, mapping={**self.mapping, **given.mapping}, roles={**self.roles, **given.roles})

    def grading_options(self, overrides: Mapping[str, Any] | None = None) -> GradingOptions:
        """Options for grading; `overrides` win."""
        return GradingOptions(**{**self.grading, **(overrides or {})})

    def cleaning_options(self, overrides: Mapping[str, Any] | None = None) -> CleaningOptions:
        """Options for cleaning; `overrides` win."""
        return CleaningOptions(**{**self.cleaning, **(overrides or {})})


def read(book: xw.Book) -> Settings:
    """What the settings sheet of a workbook says; nothing when it has none.

    Raises
    ------
    FenjiError
        A value cannot be understood or used; names its cell.
    """
    for sheet in book.sheets:
        grid = SheetGrid(sheet)
        for table in grid.tables():
            if table.name == TABLE:
                return _read_table(grid, table.headers, table.first_row, table.last_row)
    return Settings()


def _read_table(grid: SheetGrid, titles: dict[int, str], first: int, last: int) -> Settings:
    where = {headers.key_of(title, COLUMNS): column for column, title in titles.items()}
    if "key" not in where or "setting_value" not in where:
        raise FenjiError(
            zh=f"工作表“{grid.name}”的设置表缺少“取值”或“代码”列。请恢复这两列，或删除整张工作表后重新分级。",
            en=f"The settings in sheet '{grid.name}' lack the column Value or Key. Restore it, or delete the sheet and grade again.",
        )
    value_column = where["setting_value"]
    rows, cells = grid.columns(
        first, last, [where["key"], value_column, where.get("default_value", where["key"])]
    )
    keys, values, defaults = (list(c.values()) for c in cells)
    found = Settings()
    places: dict[str, str] = {}
    for row, key, value, default in zip(rows, keys, values, defaults, strict=True):
        if key is None:
            continue
        cell = f"{grid.name}!{_letter(value_column)}{row}"
        try:
            _take(found, display(key).strip(), value, default)
        except FenjiError as error:
            raise _at(error, cell) from None
        places[display(key).strip()] = cell
    _check(found, places)
    return found


def _letter(column: int) -> str:
    from addin.recognition import letter

    return letter(column)


def _at(error: FenjiError, cell: str) -> FenjiError:
    return FenjiError(zh=f"{cell}：{error.text.zh}", en=f"{cell}: {error.text.en}")


def _take(found: Settings, key: str, value: Any, default: Any) -> None:
    """Puts one row of the sheet where it belongs; rows whose value is the default say nothing."""
    kind, _, name = key.partition("|")
    if same(value, default):
        return
    if kind in settings():
        setting = settings()[kind]
        parsed = parse(setting, value)
        if parsed != setting.default:
            (found.cleaning if setting.cleaning else found.grading)[kind] = parsed
    elif kind in ("name", "action") and value is not None:
        option = found.grading.setdefault(kind + "s", {})
        option[name] = display(value).strip()
    elif kind == "sheet":
        found.roles[name] = _role(display(value or AUTOMATIC.zh).strip())
        if found.roles[name] == "auto":
            del found.roles[name]
    elif kind == "merge":
        one, _, other = name.partition("|")
        if parse(settings()["drop_duplicates"], value):  # any setting of kind bool reads yes and no
            found.cleaning["merges"] = (*found.cleaning.get("merges", ()), (one, other))
    elif kind == "column":
        sheet, _, header = name.partition("|")
        found.mapping[sheet, header] = _field(display(value or IGNORE.zh).strip())


def same(value: Any, default: Any) -> bool:
    """Whether a cell still holds its default."""
    if value is None or default is None:
        return value is None and default is None
    return value == default or display(value).strip() == display(default).strip()


def _role(text: str) -> str:
    wanted = text.casefold()
    if wanted in (AUTOMATIC.zh, AUTOMATIC.en):
        return "auto"
    if wanted in (IGNORE.zh, IGNORE.en):
        return ""
    for role, name in ROLE_NAMES.items():
        if wanted in (role, name.zh, name.en):
            return role
    raise FenjiError(
        zh=f"“{text}”不是表的用途。可选：{'、'.join(n.zh for n in ROLE_NAMES.values())}、{IGNORE.zh}、{AUTOMATIC.zh}。",
        en=f"'{text}' is not a kind of table. Choose {', '.join(n.en for n in ROLE_NAMES.values())}, {IGNORE.en} or {AUTOMATIC.en}.",
    )


def _field(text: str) -> str:
    """The field key a cell of the column mapping names; "" to ignore the column."""
    if text.casefold() in (IGNORE.zh, IGNORE.en, OWN.zh, OWN.en):
        return ""
    if text in fields.all_fields():
        return text
    for role in fields.INPUT_ROLES:
        if key := fields.key_of(text, role):
            return key
    raise FenjiError(
        zh=f"没有名为“{text}”的字段。可填字段的名称（如 {fields.header('customer', 'zh')}、{fields.header('amount', 'zh')}）或“{IGNORE.zh}”。",
        en=f"There is no field '{text}'. Write a field's name (such as {fields.header('customer', 'en')} or {fields.header('amount', 'en')}) or '{IGNORE.en}'.",
    )


def _check(found: Settings, places: dict[str, str]) -> None:
    """The options together must make sense; an error names the cell of the option it is about."""
    for options, model in ((found.grading, GradingOptions), (found.cleaning, CleaningOptions)):
        try:
            model(**options)
        except FenjiError as error:
            about = next((k for k in options if k in error.text.en), next(iter(options), ""))
            raise _at(error, places.get(about, TABLE)) from None


def frame(
    grading: GradingOptions,
    cleaning: CleaningOptions,
    found: Found | None,
    choice: TableChoice | None,
    lang: Lang,
    likely: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The settings sheet's rows: columns setting, setting_value, default_value, meaning, key.

    Parameters
    ----------
    grading, cleaning : the options the workbook is to keep (not those of one run, such as a filter).
    found : the recognised tables; their columns are listed so that people can change what they are taken for.
    choice : the choice they were found with, for the mapping people made.
    lang : language of the sheet.
    likely : customers who are probably the same (`Cleaned.duplicates`), each offered for merging.
    """
    rows = [_option_row(s, cleaning if s.cleaning else grading, lang) for s in settings().values()]
    rows += _merge_rows(cleaning, likely, lang)
    rows += _name_rows(grading, lang)
    if found is not None:
        for tables in found.tables.values():
            for table in tables:
                rows += _table_rows(table, choice or TableChoice(), lang)
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _option_row(setting: Setting, options: Any, lang: Lang) -> list[Any]:
    value = written(setting, getattr(options, setting.key), lang)
    return [
        setting.name(lang),
        value,
        written(setting, setting.default, lang),
        setting.meaning(lang),
        setting.key,
    ]


def _merge_rows(cleaning: CleaningOptions, likely: pd.DataFrame | None, lang: Lang) -> list[list[Any]]:
    """Customers to merge: those that were confirmed, then those that are proposed."""
    confirmed = {pair: Text(zh="已确认", en="confirmed") for pair in cleaning.merges}
    proposed = {}
    if likely is not None:
        for pair in likely.itertuples():
            why = reason_text(pair.reasons)
            names = f"{pair.name_a} / {pair.name_b}"
            proposed[pair.a, pair.b] = Text(zh=f"{names}：{why.zh}", en=f"{names}: {why.en}")
    no, yes = (Text(zh="否", en="no")(lang), Text(zh="是", en="yes")(lang))
    rows = []
    for (one, other), why in {**proposed, **confirmed}.items():
        said = Text(
            zh=f"{why.zh}；填“是”就把两者当作一个客户，填“否”撤销",
            en=f"{why.en}; write yes to take both as one customer, no to undo it",
        )
        called = Text(zh=f"合并客户：{one} 与 {other}", en=f"Merge customers: {one} and {other}")
        value = yes if (one, other) in confirmed else no
        rows.append([called(lang), value, no, said(lang), f"merge|{one}|{other}"])
    return rows


def _name_rows(grading: GradingOptions, lang: Lang) -> list[list[Any]]:
    """Names of classes and their recommended actions."""
    called = Text(zh="名称", en="Name")(lang)
    to_do = Text(zh="建议动作", en="Action")(lang)
    why = Text(zh="结果里显示的名称", en="The name shown in results")(lang)
    what = Text(zh="客群汇总里的建议动作", en="The recommended action in the summary")(lang)
    rows = []
    for group in NAMED_GROUPS:
        column = fields.header(group, lang)
        for code in terms.codes(group):
            usual = terms.term(group, code, lang, name_set=grading.class8_names)
            name = grading.names.get(f"{group}.{code}", usual)
            rows.append([f"{called}:{column}:{usual}", name, usual, why, f"name|{group}.{code}"])
    for group in ACTION_GROUPS:
        for code in terms.codes(group):
            usual = terms.action(group, code, lang)
            if usual:
                name = terms.term(group, code, lang, name_set=grading.class8_names)
                own = grading.actions.get(f"{group}.{code}", usual)
                rows.append([f"{to_do}:{name}", own, usual, what, f"action|{group}.{code}"])
    return rows


def _table_rows(table: FoundTable, choice: TableChoice, lang: Lang) -> list[list[Any]]:
    """What a sheet is used as, and what each of its columns is taken for."""
    sheet = table.sheet
    kinds = "、".join(n.zh for n in ROLE_NAMES.values()), ", ".join(n.en for n in ROLE_NAMES.values())
    role = choice.roles.get(sheet)
    shown = ROLE_NAMES[role](lang) if role else AUTOMATIC(lang)
    rows: list[list[Any]] = [
        [
            Text(zh=f"工作表：{sheet}", en=f"Sheet: {sheet}")(lang),
            shown,
            AUTOMATIC(lang),
            Text(
                zh=f"现在当作{ROLE_NAMES[table.role].zh}；可填 {kinds[0]}、{IGNORE.zh}、{AUTOMATIC.zh}",
                en=f"Now used as the {ROLE_NAMES[table.role].en}; {kinds[1]}, {IGNORE.en} or {AUTOMATIC.en}",
            )(lang),
            f"sheet|{sheet}",
        ]
    ]
    usual = _without_mapping(table)
    key_of = {column: key for key, column in table.candidate.columns.items()}
    for column, header in table.candidate.headers.items():
        header = header.strip()
        if column in table.ours:
            continue
        mapped = choice.mapping.get((sheet, header))
        key = key_of.get(column)
        value = IGNORE(lang) if mapped == "" else fields.header(key, lang) if key else OWN(lang)
        default = fields.header(usual[column], lang) if column in usual else OWN(lang)
        rows.append(
            [
                Text(zh=f"列：{sheet}.{header}", en=f"Column: {sheet}.{header}")(lang),
                value,
                default,
                Text(
                    zh=f"这一列是什么：填字段名，或“{IGNORE.zh}”",
                    en=f"What the column is: a field's name, or '{IGNORE.en}'",
                )(lang),
                f"column|{sheet}|{header}",
            ]
        )
    return rows


def _without_mapping(table: FoundTable) -> dict[int, str]:
    """What each column would be taken for without the user's mapping: key by column number."""
    texts = {c: h for c, h in table.candidate.headers.items() if c not in table.ours}
    fitting: Sequence[Any] = candidates(texts, table.candidate.header_row, table.shown, {})
    same_role = next((c for c in fitting if c.role == table.role), None)
    return {column: key for key, column in same_role.columns.items()} if same_role else {}
