"""One setting: how its value is written in a cell, and read from one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from udfs import terms
from udfs.cleaning.amounts import parse_number
from udfs.cleaning.columns import display
from udfs.cleaning.dates import parse_date
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.regions import province_of
from udfs.cleaning.spelling import half_width
from udfs.currencies import currency_code
from udfs.options import GradingOptions, changed
from udfs.rfm import parse_cuts
from udfs.segments import SegmentRule, parse_rules
from udfs.texts import FenjiError, Lang, Text

YES = {"是": True, "yes": True, "y": True, "true": True, "1": True}
NO = {"否": False, "no": False, "n": False, "false": False, "0": False}
# Options that have no row of their own in the settings sheet.
WITHOUT_SETTING = {
    "where": Text(zh="筛选", en="Filter"),
    "names": Text(zh="自定名称", en="Own names"),
    "actions": Text(zh="自定建议动作", en="Own actions"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One entry of settings.toml.

    Attributes
    ----------
    key : name of the option.
    kind : how its value is written.
    name, meaning : for people.
    cleaning : belongs to CleaningOptions, not to GradingOptions.
    clear : an empty cell means that there is none.
    group : terms that name the codes of a choice or the parts of weights.
    choices : code -> name, for a choice without such terms.
    """

    key: str
    kind: str
    name: Text
    meaning: Text
    cleaning: bool
    clear: bool
    group: str | None
    choices: dict[str, Text]

    @property
    def default(self) -> Any:
        """The value without any settings."""
        return getattr(CleaningOptions() if self.cleaning else GradingOptions(), self.key)


@cache
def settings() -> dict[str, Setting]:
    """Every setting by key, in the order of the sheet."""
    raw = tomllib.loads(files("udfs").joinpath("settings.toml").read_text("utf-8"))
    return {
        key: Setting(
            key=key,
            kind=s["kind"],
            name=Text(zh=s["zh"], en=s["en"]),
            meaning=Text(zh=s["meaning_zh"], en=s["meaning_en"]),
            cleaning=s.get("cleaning", False),
            clear=s.get("clear", False),
            group=s.get("terms"),
            choices={code: Text(zh=zh, en=en) for code, (zh, en) in s.get("choices", {}).items()},
        )
        for key, s in raw.items()
    }


def written(setting: Setting, value: Any, lang: Lang) -> Any:
    """A value as it stands in a cell: a number, a date, or a text people can read and change.

    >>> written(settings()["vip_share"], 0.1, "zh"), written(settings()["grade_limits"], (40.0, 70.0), "zh")
    ('10%', '40、70')
    >>> written(settings()["frequency_basis"], "orders", "zh"), written(settings()["as_of"], None, "zh")
    ('订单数', None)
    """
    if value is None or (value == "" or value == () or value == {}):
        return None
    comma, semicolon = ("、", "；") if lang == "zh" else (", ", "; ")
    match setting.kind:
        case "choice":
            return _name_of(setting, value, lang)
        case "share":
            return _percent(value)
        case "bool":
            return Text(zh="是" if value else "否", en="yes" if value else "no")(lang)
        case "date":
            return value.isoformat()
        case "words":
            return comma.join(value)
        case "two" | "three":
            return comma.join(f"{x:.15g}" for x in value)
        case "two_shares":
            return comma.join(map(_percent, value))
        case "weights":
            return semicolon.join(
                f"{terms.term(setting.group or '', k, lang)}={w:.15g}" for k, w in value.items()
            )
        case "cuts":
            return " ".join(
                f"{k}:{','.join(f'{x:.15g}' for x in v)}" for k, v in zip("RFM", value, strict=True)
            )
        case "rules":
            return semicolon.join(map(_rule, value))
        case "pairs":
            percent = setting.key == "industry_growth"
            return semicolon.join(f"{k}={_percent(v) if percent else _plain(v)}" for k, v in value.items())
    return value


def in_words(options: GradingOptions, lang: Lang) -> list[tuple[str, str, str]]:
    """The options that differ from their defaults, for people: key, name, value; frozen cut points are left out.

    >>> in_words(GradingOptions(bins=4, vip_share=0.2), "zh")
    [('bins', '分数档数', '4'), ('vip_share', 'VIP 比例', '20%')]
    >>> in_words(GradingOptions(where=("region=East",)), "en")
    [('where', 'Filter', 'region=East')]
    """
    semicolon = "；" if lang == "zh" else "; "
    rows = []
    for key, value in changed(options).items():
        if setting := settings().get(key):
            rows.append((key, setting.name(lang), str(written(setting, value, lang))))
        elif name := WITHOUT_SETTING.get(key):
            parts = value.values() if isinstance(value, Mapping) else value
            rows.append((key, name(lang), semicolon.join(parts)))
    return rows


def _name_of(setting: Setting, code: str, lang: Lang) -> str:
    return terms.term(setting.group, code, lang) if setting.group else setting.choices[code](lang)


def _percent(share: float) -> str:
    return f"{round(share * 100, 10):.15g}%"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"


def _rule(rule: SegmentRule) -> str:
    whole = SegmentRule("")
    limits = [
        f"{f.name.upper()}{getattr(rule, f.name)[0]:.15g}-{getattr(rule, f.name)[1]:.15g}"
        for f in dataclasses.fields(rule)
        if f.name != "name" and getattr(rule, f.name) != getattr(whole, f.name)
    ]
    return f"{rule.name}: {' '.join(limits) or 'R1-5'}"


def parse(setting: Setting, cell: Any) -> Any:
    """The value a cell holds.

    Raises
    ------
    FenjiError
        The cell holds nothing that can be understood; the text says what may stand there.

    >>> parse(settings()["vip_share"], "5%"), parse(settings()["grade_limits"], "35、75")
    (0.05, (35.0, 75.0))
    >>> parse(settings()["method"], "分位数"), parse(settings()["loyalty_weights"], "购买时长=2")
    ('quantile', {'tenure': 2.0})
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return _nothing(setting)
    text = unicodedata.normalize("NFKC", display(cell)).strip()  # full-width signs as usual ones
    match setting.kind:
        case "choice":
            return _choice(setting, text)
        case "number":
            return _number(setting, text)
        case "integer":
            return _integer(setting, text)
        case "share":
            return _share(setting, text)
        case "bool":
            return _yes_or_no(setting, text)
        case "date":
            return _date(setting, text)
        case "words":
            return tuple(w.strip() for w in re.split(r"[;、,\n]+", text) if w.strip())
        case "two" | "three":
            return _numbers(setting, text, 2 if setting.kind == "two" else 3)
        case "two_shares":
            return tuple(_share(setting, part) for part in _parts(setting, text, 2))
        case "weights":
            return _weights(setting, text)
        case "cuts":
            return parse_cuts(text)
        case "rules":
            return parse_rules([line for line in re.split(r"[;\n]+", text) if line.strip()])
        case "pairs":
            return _pairs(setting, text)
    return text


def _nothing(setting: Setting) -> Any:
    if not setting.clear:
        return setting.default
    empty: dict[str, Any] = {"words": (), "rules": (), "pairs": {}, "text": setting.default}
    return empty.get(setting.kind)


def refused(setting: Setting, text: str, zh: str, en: str) -> FenjiError:
    """The error that names a setting, what stands there, and what may stand there."""
    return FenjiError(
        zh=f"设置“{setting.name.zh}”的值“{text}”不能用。{zh}",
        en=f"Setting '{setting.name.en}': '{text}' cannot be used. {en}",
    )


def _choice(setting: Setting, text: str) -> str:
    wanted = half_width(text).casefold()
    if setting.group:
        codes = terms.codes(setting.group)
        code = terms.code_of(setting.group, text)
    else:
        codes = list(setting.choices)
        code = next(
            (c for c, t in setting.choices.items() if wanted in (c, t.zh.casefold(), t.en.casefold())), None
        )
    if code is None:
        raise refused(
            setting,
            text,
            f"可选：{'、'.join(_name_of(setting, c, 'zh') for c in codes)}。",
            f"Choose one of: {', '.join(_name_of(setting, c, 'en') for c in codes)}.",
        )
    return code


def _number(setting: Setting, text: str) -> float:
    value = parse_number(text)
    if value is None:
        raise refused(setting, text, "请填一个数字。", "Write a number.")
    return value


def _integer(setting: Setting, text: str) -> int:
    value = parse_number(text)
    if value is None or value != int(value) or value < 0:
        raise refused(setting, text, "请填一个不小于 0 的整数。", "Write a whole number, not below 0.")
    return int(value)


def _share(setting: Setting, text: str) -> float:
    value = parse_number(text)
    if value is not None and "%" not in text and value > 1:
        value /= 100
    if value is None or not 0 <= value <= 1:
        raise refused(setting, text, "请填 0% 到 100% 之间的比例。", "Write a share from 0% to 100%.")
    return value


def _yes_or_no(setting: Setting, text: str) -> bool:
    value = (YES | NO).get(half_width(text).casefold())
    if value is None:
        raise refused(setting, text, "请填“是”或“否”。", "Write yes or no.")
    return value


def _date(setting: Setting, text: str) -> dt.date:
    day = parse_date(text)
    if day is None:
        raise refused(setting, text, "请写成 2024-12-31 的样子。", "Write it like 2024-12-31.")
    return day


def _parts(setting: Setting, text: str, count: int) -> list[str]:
    parts = [p for p in re.split(r"[;、,/\s]+", text) if p]
    if len(parts) != count:
        raise refused(
            setting, text, f"请填 {count} 个数，用顿号隔开。", f"Write {count} numbers, separated by commas."
        )
    return parts


def _numbers(setting: Setting, text: str, count: int) -> tuple[float, ...]:
    return tuple(_number(setting, part) for part in _parts(setting, text, count))


def _named(setting: Setting, text: str) -> list[tuple[str, str]]:
    """name=value pairs."""
    found = []
    for part in re.split(r"[;、\n]+|,\s*(?=[^\d=]+=)", text):
        name, sign, value = re.sub("[=:]", "=", part, count=1).partition("=")
        if not part.strip():
            continue
        if not sign or not name.strip() or not value.strip():
            raise refused(
                setting, text, "请写成 名称=数值，用分号隔开。", "Write name=value, separated by semicolons."
            )
        found.append((name.strip(), value.strip()))
    return found


def _weights(setting: Setting, text: str) -> dict[str, float]:
    result = {}
    for name, value in _named(setting, text):
        code = terms.code_of(setting.group or "", name)
        if code is None:
            known = terms.codes(setting.group or "")
            raise refused(
                setting,
                name,
                f"可用的部分：{'、'.join(terms.term(setting.group or '', c, 'zh') for c in known)}。",
                f"Known parts: {', '.join(terms.term(setting.group or '', c, 'en') for c in known)}.",
            )
        result[code] = _number(setting, value)
    return result


def _pairs(setting: Setting, text: str) -> Mapping[str, Any]:
    pairs = _named(setting, text)
    if setting.key == "rates":
        return {currency_code(name): _number(setting, value) for name, value in pairs}
    if setting.key == "regions":
        return {province_of(name) or name: value for name, value in pairs}
    return {name: _share(setting, value) for name, value in pairs}
