"""What the task pane shows: the buttons of the tab and its own texts, in both languages."""

from __future__ import annotations

import json
from typing import Any

from addin import buttons
from udfs.texts import Text

# Commands to which the browser sends no workbook: they need none, or the browser does them itself.
WITHOUT_FILE = ("undo", "backup")
TEXTS = {
    "title": Text(zh="客户分级", en="Customer Grading"),
    "running": Text(
        zh="“{command}”正在运行，请稍候，不要关闭工作簿。",
        en="{command} is running. Please wait, and leave the workbook open.",
    ),
    "broken": Text(
        zh="没有完成：{reason}\n工作簿没有改动。请检查网络和令牌后再试；还不行，请告诉管理员，服务器的日志里有详情。",
        en="Not done: {reason}\nThe workbook was not changed. Check the network and the token and try again; if that "
        "does not help, tell your administrator: details are in the server's log.",
    ),
    "refused": Text(
        zh="Excel 没有接受全部改动（{reason}），已恢复原样。工作表受保护或正被别人编辑时会这样，请稍后再试。",
        en="Excel did not take all changes ({reason}), so they were taken back. This happens when a sheet is protected "
        "or somebody else is editing it; try again later.",
    ),
    "halfway": Text(
        zh="Excel 没有接受全部改动（{reason}），也没能全部撤回。请用 Excel 的“版本历史记录”恢复到操作之前。",
        en="Excel did not take all changes ({reason}), and they could not all be taken back. Use Excel's version history "
        "to return to the state before.",
    ),
    "nothing_to_undo": Text(
        zh="没有可以撤销的操作。打开工作簿以后由客户分级做的最近一步可以撤销。",
        en="There is nothing to undo. The last step of Customer Grading since this workbook was opened can be taken back.",
    ),
    "changed_since": Text(
        zh="上一步写入的单元格后来又被改动过，撤销会丢掉这些改动，所以没有执行。需要的话，可以用 Excel 的“版本历史记录”。",
        en="The cells of the last step were changed since. Undoing would lose those changes, so nothing was done. Excel's "
        "version history can bring back an earlier state.",
    ),
    "undone": Text(
        zh="已撤销“{command}”（{time}），工作簿恢复到操作之前。再按一次即重做。",
        en="Undone: {command} ({time}). The workbook is as it was before. Once more redoes it.",
    ),
    "redone": Text(
        zh="已重做“{command}”（{time}）。再按一次即撤销。",
        en="Redone: {command} ({time}). Once more takes it back.",
    ),
    "token_first": Text(
        zh="请先填写管理员给您的令牌。",
        en="First enter the token your administrator gave you.",
    ),
    "token_saved": Text(
        zh="令牌已保存在这台电脑上。单元格里的函数请按 Ctrl+Alt+F9 重新计算。",
        en="The token is kept on this computer. Press Ctrl+Alt+F9 to recalculate the functions in cells.",
    ),
    "access": Text(zh="令牌", en="Token"),
    "token": Text(zh="管理员给您的令牌", en="The token your administrator gave you"),
    "save": Text(zh="保存", en="Save"),
    "go_on": Text(zh="确定", en="OK"),
    "cancel": Text(zh="取消", en="Cancel"),
}


def content() -> dict[str, Any]:
    """The buttons by group, and the texts by key."""
    groups = [
        {"label": both(group.label), "buttons": [_button(button) for button in group.buttons]}
        for group in buttons.load().groups
    ]
    return {"texts": {key: both(text) for key, text in TEXTS.items()}, "groups": groups}


def as_json() -> str:
    """The same, for a page: no text of it can end the element it stands in."""
    return json.dumps(content(), ensure_ascii=False).replace("<", "\\u003c")


def both(text: Text) -> dict[str, str]:
    """A text in both languages.

    >>> both(Text(zh="保存", en="Save"))
    {'zh': '保存', 'en': 'Save'}
    """
    return {"zh": text.zh, "en": text.en}


def _button(button: buttons.Button) -> dict[str, Any]:
    return {
        "id": button.id,
        "command": button.command,
        "label": both(button.label),
        "tip": both(button.tip),
        "question": both(button.question) if button.question else None,
        "choices": [{"value": choice.value, "label": both(choice.label)} for choice in button.choices],
        "sends": button.needs_book and button.command not in WITHOUT_FILE,
    }
