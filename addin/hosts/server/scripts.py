"""What a server project re-exports beside the functions: the one script behind every button."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import xlwings as xw
from xlwings_server.models import CurrentUser

from addin.hosts.server.auth import SHARED_USER
from addin.hosts.server.click import Answer, Click, answer, workbook_bytes
from udfs.texts import FenjiError, Lang

__all__ = ["fenji"]

# The file engine holds its open books in one place, so clicks are answered one after the other.
_ONE_AT_A_TIME = asyncio.Lock()
# Sheet names hold no slash: with this, xlwings' JavaScript sends no cells. They come with the file.
NO_SHEET = "/"


@xw.script(include=NO_SHEET)  # type: ignore[untyped-decorator]
async def fenji(book: xw.Book, user: CurrentUser, request: dict[str, Any]) -> None:
    """Runs the command of a button on the workbook's file and tells the task pane what to change.

    Parameters
    ----------
    book : the workbook as xlwings' JavaScript describes it: name, sheets, selection.
    user : who clicked; with the shared token nobody in particular.
    request : command, lang, argument, workbook (base64), keep_charts.
    """
    async with _ONE_AT_A_TIME:
        result = await asyncio.to_thread(_answer, book, request, "" if user.id == SHARED_USER else user.name)
    book.app.macro("fenjiAnswer")(asdict(result))


def _answer(book: xw.Book, request: dict[str, Any], user: str) -> Answer:
    lang: Lang = "zh" if request.get("lang") == "zh" else "en"
    try:
        workbook = workbook_bytes(str(request.get("workbook", "")))
    except FenjiError as error:
        return Answer("failed", error.text(lang))
    selection = book.api["book"]["selection"]
    return answer(
        Click(
            command=str(request.get("command", "")),
            lang=lang,
            argument=str(request.get("argument", "")),
            workbook=workbook,
            name=book.name,
            sheet=book.sheets.active.name,
            selection=str(selection) if selection else None,
            keep_charts=bool(request.get("keep_charts", False)),
            user=user,
        )
    )
