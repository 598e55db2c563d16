"""The tab in Excel: read from addin/ribbon.toml, written as customUI XML, VBA macros and texts.

Labels come from callbacks, so one file serves Excel in Chinese and in English.
"""

from __future__ import annotations

import importlib.util
import tomllib
from dataclasses import dataclass
from importlib import resources

from lxml import etree

from udfs.texts import Text

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
MAX_GROUPS = 6
MAX_COMMANDS = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu; `value` is given to the command."""

    value: str
    label: Text
    tip: Text


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
class Ribbon:
    """The whole tab."""

    label: Text
    keytip: str
    groups: tuple[Group, ...]

    @property
    def buttons(self) -> list[Button]:
        return [button for group in self.groups for button in group.buttons]


def load() -> Ribbon:
    """The tab with every button whose command exists; a group without buttons is left out."""
    definition = tomllib.loads(resources.files("addin").joinpath("ribbon.toml").read_text("utf-8"))
    groups = []
    for group in definition["group"]:
        buttons = tuple(_button(entry) for entry in group["button"] if exists(entry["command"]))
        if buttons:
            groups.append(Group(f"fenji_{group['id']}", Text(group["zh"], group["en"]), buttons))
    tab = definition["tab"]
    return Ribbon(Text(tab["zh"], tab["en"]), tab["keytip"], tuple(groups))


def exists(command: str) -> bool:
    """Whether there is a module for this command."""
    return importlib.util.find_spec(f"addin.commands.{command}") is not None


def _button(entry: dict[str, str]) -> Button:
    return Button(
        command=entry["command"],
        label=Text(entry["zh"], entry["en"]),
        tip=Text(entry["tip_zh"], entry["tip_en"]),
        icon=entry["icon"],
        large=entry["size"] == "large",
        keytip=entry["keytip"],
        needs_book=bool(entry.get("book", True)),
        question=Text(entry["ask_zh"], entry["ask_en"]) if "ask_zh" in entry else None,
        choices=_choices(entry.get("menu")),
    )


def _choices(menu: str | None) -> tuple[Choice, ...]:
    if menu is None:
        return ()
    raise ValueError(f"ribbon.toml names an unknown menu: {menu}")


def custom_ui(ribbon: Ribbon) -> bytes:
    """The part customUI/customUI14.xml."""
    root = etree.Element(_tag("customUI"), nsmap={None: NAMESPACE}, onLoad="FenjiRibbonLoad")
    tabs = etree.SubElement(etree.SubElement(root, _tag("ribbon")), _tag("tabs"))
    tab = etree.SubElement(tabs, _tag("tab"), id="fenji_tab", getLabel="FenjiLabel", keytip=ribbon.keytip)
    for group in ribbon.groups:
        holder = etree.SubElement(tab, _tag("group"), id=group.id, getLabel="FenjiLabel")
        for button in group.buttons:
            _add_button(holder, button)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _add_button(holder: etree._Element, button: Button) -> None:
    attributes = {
        "id": button.id,
        "imageMso": button.icon,
        "size": "large" if button.large else "normal",
        "keytip": button.keytip,
        "getLabel": "FenjiLabel",
        "getScreentip": "FenjiLabel",
        "getSupertip": "FenjiTip",
    }
    if not button.choices:
        etree.SubElement(holder, _tag("button"), attributes, onAction=macro(button))
        return
    menu = etree.SubElement(holder, _tag("menu"), attributes, itemSize="large")
    for number, choice in enumerate(button.choices, 1):
        etree.SubElement(
            menu,
            _tag("button"),
            id=f"{button.id}.{number}",
            tag=choice.value,
            getLabel="FenjiLabel",
            getDescription="FenjiTip",
            onAction=macro(button),
        )


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def macro(button: Button) -> str:
    """Name of the VBA macro behind a button.

    It can also be put on a key or a shape: regrade -> FenjiDoRegrade.
    """
    return "FenjiDo" + "".join(part.capitalize() for part in button.command.split("_"))


def macros(ribbon: Ribbon) -> str:
    """Source of the VBA module with one macro a button."""
    lines = ["Option Explicit", "", "' One macro for each button, made from ribbon.toml."]
    for button in ribbon.buttons:
        book = "True" if button.needs_book else "False"
        lines += ["", f"Public Sub {macro(button)}(Optional control As IRibbonControl)"]
        if button.choices:
            lines.append(
                f'    If Not control Is Nothing Then FenjiRun "{button.command}", {book}, control.Tag'
            )
        elif button.question:
            lines.append(f'    FenjiAsk "{button.command}", {book}, "{button.id}.ask"')
        else:
            lines.append(f'    FenjiRun "{button.command}", {book}')
        lines.append("End Sub")
    return "\n".join(lines) + "\n"


def texts(ribbon: Ribbon) -> dict[str, Text]:
    """Every text of the tab by key: `id` for labels, `id.tip` for screen tips, `id.ask` for questions."""
    out = {"fenji_tab": ribbon.label}
    for group in ribbon.groups:
        out[group.id] = group.label
        for button in group.buttons:
            out[button.id] = button.label
            out[f"{button.id}.tip"] = button.tip
            if button.question:
                out[f"{button.id}.ask"] = button.question
            for number, choice in enumerate(button.choices, 1):
                out[f"{button.id}.{number}"] = choice.label
                out[f"{button.id}.{number}.tip"] = choice.tip
    return out
