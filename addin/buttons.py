"""The buttons of the tab, read from ribbon.toml: the one list that ribbon, macros, documents and texts use."""

from __future__ import annotations

import importlib.util
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from udfs.texts import Text

NO_WORKBOOK = Text(
    zh="没有打开的工作簿。请先打开或新建一个工作簿，再点这个按钮。",
    en="No workbook is open. Open or create one first, then press the button again.",
)
# Templates that are no reports: the sheets a grading makes, and the workbook to start from.
NO_REPORTS = ("grading", "start")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu; `value` is given to the command. Entries of one family stand together under its name."""

    value: str
    label: Text
    tip: Text
    family: Text | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One button, or a menu when it has choices."""

    command: str
    label: Text
    tip: Text
    icon: str
    large: bool
    keytip: str
    needs_book: bool
    question: Text | None
    choices: tuple[Choice, ...] = ()

    @property
    def id(self) -> str:
        return f"fenji_{self.command}"


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons side by side under one name."""

    id: str
    label: Text
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """The whole tab."""

    label: Text
    keytip: str
    groups: tuple[Group, ...]

    @property
    def buttons(self) -> list[Button]:
        return [button for group in self.groups for button in group.buttons]


@cache
def definition() -> dict[str, Any]:
    """ribbon.toml as it stands."""
    return tomllib.loads(resources.files("addin").joinpath("ribbon.toml").read_text("utf-8"))


def load() -> Tab:
    """The tab with every button whose command exists; a group without buttons is left out."""
    groups = []
    for group in definition()["group"]:
        shown = tuple(_button(entry) for entry in group["button"] if exists(entry["command"]))
        if shown:
            groups.append(Group(f"fenji_{group['id']}", Text(group["zh"], group["en"]), shown))
    tab = definition()["tab"]
    return Tab(Text(tab["zh"], tab["en"]), tab["keytip"], tuple(groups))


def exists(command: str) -> bool:
    """Whether there is a module for this command."""
    return importlib.util.find_spec(f"addin.commands.{command}") is not None


def changes(command: str) -> bool:
    """Whether the command changes the workbook, so that it becomes a step that can be undone.

    >>> changes("regrade"), changes("backup")
    (True, False)
    """
    return any(e["command"] == command and e.get("changes", False) for e in _entries())


def needs_book(command: str) -> bool:
    """Whether the command works on an open workbook.

    >>> needs_book("regrade"), needs_book("about")
    (True, False)
    """
    return all(e.get("book", True) for e in _entries() if e["command"] == command)


def label(command: str) -> Text:
    """The button's label, or the command's own name where it has no button.

    >>> label("regrade")("en")
    'Regrade'
    """
    for entry in _entries():
        if entry["command"] == command:
            return Text(entry["zh"], entry["en"])
    return Text(command, command)


def _entries() -> list[dict[str, Any]]:
    return [entry for group in definition()["group"] for entry in group["button"]]


def _button(entry: dict[str, Any]) -> Button:
    return Button(
        command=entry["command"],
        label=Text(entry["zh"], entry["en"]),
        tip=Text(entry["tip_zh"], entry["tip_en"]),
        icon=entry["icon"],
        large=entry["size"] == "large",
        keytip=entry["keytip"],
        needs_book=entry.get("book", True),
        question=Text(entry["ask_zh"], entry["ask_en"]) if "ask_zh" in entry else None,
        choices=_choices(entry.get("menu")),
    )


def _choices(menu: str | None) -> tuple[Choice, ...]:
    if menu is None:
        return ()
    if menu == "templates":
        return _templates()
    if menu == "analyses":
        return _analyses()
    raise ValueError(f"ribbon.toml names an unknown menu: {menu}")


def _templates() -> tuple[Choice, ...]:
    from workbook_templates import designs

    return tuple(Choice(t.name, t.title, t.description) for t in designs.ALL if t.name not in NO_REPORTS)


def _analyses() -> tuple[Choice, ...]:
    from addin.analyses import ANALYSES

    return tuple(
        Choice(name, ANALYSES[name].title, ANALYSES[name].question, Text(family["zh"], family["en"]))
        for family in definition()["family"]
        for name in family["analyses"]
    )
