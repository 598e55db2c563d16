"""Texts for people: every message, label and sentence exists in Chinese and in English.

A text is written once, where it is used, in both languages::

    raise FenjiError(
        zh=f"工作表“{sheet}”第 {row} 行没有日期。请补上日期后再试。",
        en=f"Sheet '{sheet}', row {row} has no date. Fill it in and try again.",
    )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; call it with a language to read it.

    >>> Text(zh="客户", en="Customer")("en")
    'Customer'
    """

    zh: str
    en: str

    def __call__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class FenjiError(Exception):
    """Something the user can understand and mend: what happened, where, and what to do.

    Shown without a traceback. Subclasses only where a caller must tell cases apart.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)
