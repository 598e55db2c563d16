"""Cleaning and privacy in cells: dates, amounts, names, regions, industries, outliers and masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from udfs import privacy
from udfs.cells import ExcelError, not_available, value_error
from udfs.cleaning.columns import Column as CellColumn
from udfs.cleaning.columns import to_serial
from udfs.worksheet.calling import worksheet_function

Column = np.ndarray

NO_DATE = value_error("无法识别这个日期。", "This date cannot be read.")
NO_AMOUNT = value_error("无法识别这个金额。", "This amount cannot be read.")
NO_REGION = not_available("找不到对应的大区。", "No region is known for this place.")
NO_INDUSTRY = not_available("找不到对应的行业。", "No industry is known by this name.")
NOT_SIMILAR = not_available("没有足够相似的名称。", "No name is similar enough.")


@worksheet_function
def CLEAN_DATE(date_text: Column, date_order: str | None) -> list[Any]:
    from udfs.cleaning.dates import parse_dates

    order: Any = date_order
    days = parse_dates(CellColumn.from_values(date_text.tolist()), order).days
    return [NO_DATE if np.isnat(day) else to_serial(day) for day in days]


@worksheet_function
def CLEAN_AMOUNT(amount_text: Column) -> list[Any]:
    from udfs.cleaning.amounts import parse_number

    return [_amount(cell, parse_number) for cell in amount_text]


def _amount(cell: Any, parse: Callable[[str], float | None]) -> float | ExcelError:
    if isinstance(cell, str):
        number = parse(cell)
        return NO_AMOUNT if number is None else number
    return float(cell) if isinstance(cell, (int, float)) and abs(cell) < 1e300 else NO_AMOUNT


@worksheet_function
def COMPANY_KEY(company: Column) -> list[str]:
    from udfs.cleaning.names import company_key

    return [company_key(name) for name in company]


@worksheet_function
def SIMILAR_NAME(name: Column, names: list[str], likeness: float) -> list[Any]:
    from udfs.cleaning.similar import most_similar

    return [NOT_SIMILAR if i < 0 else names[i] for i in most_similar(name.tolist(), names, likeness)]


@worksheet_function
def INDUSTRY_CODE(industry: Column) -> list[Any]:
    from udfs.cleaning.industries import industry_of

    found = (industry_of(text) for text in industry)
    return [NO_INDUSTRY if sector is None else "".join(sector) for sector in found]


@worksheet_function
def REGION_OF(place: Column, lang: str) -> list[Any]:
    from udfs.cleaning.regions import region_of, regions

    found = (region_of(text) for text in place)
    return [NO_REGION if r is None else regions()[r] if lang == "en" else r for r in found]


@worksheet_function
def AMOUNT_OUTLIER(amount: Column, multiple: float) -> Column:
    return amount > multiple * amount.mean()


@worksheet_function
def MASK_NAME(person: Column) -> list[str]:
    return [privacy.mask_name(text) for text in person]


@worksheet_function
def MASK_PHONE(phone: Column) -> list[str]:
    return [privacy.mask_phone(text) for text in phone]


@worksheet_function
def MASK_EMAIL(email: Column) -> list[str]:
    return [privacy.mask_email(text) for text in email]
