"""The guide and the team's procedure, in the browser."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import xlwings as xw
from markdown_it import MarkdownIt

from addin import places
from addin.outcome import Outcome
from udfs.texts import Lang, Text

STYLE = (
    "body{font:16px/1.6 'Microsoft YaHei','Segoe UI',sans-serif;color:#1F2A37;max-width:46rem;margin:2rem auto;"
    "padding:0 1rem}h1,h2,h3{line-height:1.3}table{border-collapse:collapse}td,th{border:1px solid #D1D5DB;"
    "padding:.3rem .6rem;text-align:left}code{background:#F3F6FA;padding:0 .2rem}"
)


def source(lang: Lang) -> str:
    """The guide as Markdown: from the installed package, or from docs/ in a checkout."""
    packaged = resources.files("addin").joinpath("guide", f"{lang}.md")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[2] / "docs" / "guide" / f"{lang}.md").read_text("utf-8")


def html(lang: Lang) -> str:
    """The guide as a page of its own, with nothing to load from elsewhere."""
    body = MarkdownIt("commonmark").enable("table").render(source(lang))
    name = "zh-CN" if lang == "zh" else "en"
    return f'<!doctype html><html lang="{name}"><meta charset="utf-8"><title>fenji</title><style>{STYLE}</style>{body}</html>'


def write(lang: Lang) -> Path:
    """Writes the page into fenji's own folder; returns its path."""
    path = places.make_private(places.home()) / f"guide.{lang}.html"
    path.write_text(html(lang), "utf-8")
    return path


def from_ribbon(
    book: xw.Book | None, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Opens the guide in the browser."""
    path = write(lang)
    if webbrowser.open(path.as_uri()):
        return Outcome(Text(zh="使用说明已在浏览器里打开。", en="The guide is open in your browser."))
    return Outcome(Text(zh=f"使用说明在 {path}", en=f"The guide is in {path}"))
