"""The tab of addin/ribbon.toml as customUI XML, VBA macros and texts.

Labels come from callbacks, so one file serves Excel in Chinese and in English.
"""

from __future__ import annotations

from lxml import etree

from addin.buttons import Button, Tab
from udfs.texts import Text

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
MAX_GROUPS = 6
MAX_COMMANDS = 7


def custom_ui(shown: Tab) -> bytes:
    """The part customUI/customUI14.xml."""
    root = etree.Element(_tag("customUI"), nsmap={None: NAMESPACE}, onLoad="FenjiRibbonLoad")
    tabs = etree.SubElement(etree.SubElement(root, _tag("ribbon")), _tag("tabs"))
    tab = etree.SubElement(tabs, _tag("tab"), id="fenji_tab", getLabel="FenjiLabel", keytip=shown.keytip)
    for group in shown.groups:
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
        if (heading := _heading(button, number)) is not None:
            etree.SubElement(menu, _tag("menuSeparator"), id=heading, getTitle="FenjiLabel")
        etree.SubElement(
            menu,
            _tag("button"),
            id=f"{button.id}.{number}",
            tag=choice.value,
            getLabel="FenjiLabel",
            getDescription="FenjiTip",
            onAction=macro(button),
        )


def _heading(button: Button, number: int) -> str | None:
    """Id of the heading above a menu's entry, counted from 1; None where the family goes on, or there is none."""
    family = button.choices[number - 1].family
    before = button.choices[number - 2].family if number > 1 else None
    return None if family is None or family == before else f"{button.id}.{number}.family"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def macro(button: Button) -> str:
    """Name of the VBA macro behind a button.

    It can also be put on a key or a shape: regrade -> FenjiDoRegrade.
    """
    return "FenjiDo" + "".join(part.capitalize() for part in button.command.split("_"))


def macros(shown: Tab) -> str:
    """Source of the VBA module with one macro a button."""
    lines = ["Option Explicit", "", "' One macro for each button, made from ribbon.toml."]
    for button in shown.buttons:
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


def texts(shown: Tab) -> dict[str, Text]:
    """Every text of the tab by key: `id` for labels, `id.tip` for screen tips, `id.ask` for questions."""
    out = {"fenji_tab": shown.label}
    for group in shown.groups:
        out[group.id] = group.label
        for button in group.buttons:
            out[button.id] = button.label
            out[f"{button.id}.tip"] = button.tip
            if button.question:
                out[f"{button.id}.ask"] = button.question
            for number, choice in enumerate(button.choices, 1):
                if (heading := _heading(button, number)) is not None and choice.family is not None:
                    out[heading] = choice.family
                out[f"{button.id}.{number}"] = choice.label
                out[f"{button.id}.{number}.tip"] = choice.tip
    return out
