"""Data validation of a range: lists, and rules for numbers, dates, times, lengths and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.formula_spelling import as_in_file, as_shown
from addin.hosts.xlsx.operators import OPERATORS, operator_name
from addin.hosts.xlsx.rule_areas import areas_of_rule, covers, cut_out
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range

_TYPES = {
    "whole": "whole_number",
    "decimal": "decimal",
    "list": "list",
    "date": "date",
    "time": "time",
    "textLength": "text_length",
    "custom": "custom",
}
_XML_TYPES = {name: xml for xml, name in _TYPES.items()}
_COMPARING = {"whole_number", "decimal", "date", "time", "text_length"}
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255


@complete
class DataValidation(base_classes.DataValidation):
    """The rule of a range; where its cells have several or none, most answers are None."""

    def __init__(self, range_: Range) -> None:
        self._range = range_
        self._root = range_.sheet.cells_store.root

    @property
    def api(self) -> etree._Element | None:
        return self._rule()

    def _rules(self) -> list[etree._Element]:
        here = self._range.where
        return [
            rule
            for rule in ooxml.walk(self._root, "dataValidation")
            if any(area.intersects(here) for area in areas_of_rule(rule))
        ]

    def _rule(self) -> etree._Element | None:
        """The one rule that covers the whole range, or None."""
        rules = self._rules()
        return rules[0] if len(rules) == 1 and covers(rules[0], self._range.where) else None

    @property
    def type(self) -> str:
        rules = self._rules()
        if not rules:
            return "none"
        if self._rule() is None:
            return "inconsistent" if len(rules) > 1 else "mixed_criteria"
        return _TYPES.get(rules[0].get("type", ""), "unknown")

    @property
    def operator(self) -> str | None:
        rule = self._rule()
        if rule is None or self.type not in _COMPARING:
            return None
        return operator_name(rule.get("operator", "between"))

    @property
    def formula1(self) -> str | None:
        return self._formula("formula1") if self.type in _COMPARING else None

    @property
    def formula2(self) -> str | None:
        return self._formula("formula2") if self.operator in ("between", "not_between") else None

    @property
    def formula(self) -> str | None:
        return self._formula("formula1") if self.type == "custom" else None

    @property
    def source(self) -> str | None:
        text = self._formula("formula1") if self.type == "list" else None
        return text[2:-1].replace('""', '"') if text and text.startswith('="') else text

    @property
    def in_cell_dropdown(self) -> bool | None:
        # The file says the opposite of the attribute's name: showDropDown="1" hides the arrow.
        return None if self.type != "list" else not self._flag("showDropDown")

    @property
    def ignore_blank(self) -> bool | None:
        return self._flag("allowBlank")

    @property
    def input_title(self) -> str | None:
        return self._text("promptTitle")

    @property
    def input_message(self) -> str | None:
        return self._text("prompt")

    @property
    def show_input(self) -> bool | None:
        return self._flag("showInputMessage")

    @property
    def error_title(self) -> str | None:
        return self._text("errorTitle")

    @property
    def error_message(self) -> str | None:
        return self._text("error")

    @property
    def show_error(self) -> bool | None:
        return self._flag("showErrorMessage")

    @property
    def alert_style(self) -> str | None:
        rule = self._rule()
        return None if rule is None else rule.get("errorStyle", "stop")

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:
        formula: str
        if isinstance(source, base_classes.Range):
            place: Any = source
            formula = place.get_address(True, True, False)
            if place.sheet.name != self._range.sheet.name:
                formula = f"{place.sheet.formula_name()}!{formula}"
        elif isinstance(source, base_classes.Name):
            formula = source.name
        else:
            formula = '"' + ",".join(source).replace('"', '""') + '"'
        rule = self._replace("list")
        if not in_cell_dropdown:
            rule.set("showDropDown", "1")
        ooxml.add(rule, "formula1").text = formula

    def set_rule(self, rule_type: str, operator: str | None, formula1: str, formula2: str | None) -> None:
        rule = self._replace(_XML_TYPES[rule_type])
        if operator is not None:
            rule.set("operator", OPERATORS[operator])
        ooxml.add(rule, "formula1").text = as_in_file(formula1.removeprefix("="))
        if formula2 is not None:
            ooxml.add(rule, "formula2").text = as_in_file(formula2.removeprefix("="))

    def set_messages(
        self,
        input_title: str = "",
        input_message: str = "",
        error_title: str = "",
        error_message: str = "",
        alert_style: str = "stop",
    ) -> None:
        """What Excel shows when the cell is selected, and when the entry is refused.

        Parameters
        ----------
        input_title, error_title : at most 32 characters; longer ones are cut, as Excel would refuse the file.
        input_message, error_message : at most 255 characters.
        alert_style : "stop", "warning" or "information".
        """
        for rule in self._rules():
            for attribute, text, limit in (
                ("promptTitle", input_title, _TITLE_LIMIT),
                ("prompt", input_message, _MESSAGE_LIMIT),
                ("errorTitle", error_title, _TITLE_LIMIT),
                ("error", error_message, _MESSAGE_LIMIT),
            ):
                ooxml.unset(rule, attribute)
                if text:
                    rule.set(attribute, text[:limit])
            rule.set("errorStyle", alert_style)

    def delete(self) -> None:
        for rule in cut_out(self._rules(), self._range.where):
            ooxml.drop(rule)
        self._count()

    def _replace(self, kind: str) -> etree._Element:
        self.delete()
        rules = ooxml.section(self._root, "dataValidations", ooxml.WORKSHEET_ORDER)
        rule = ooxml.add(
            rules, "dataValidation", type=kind, allowBlank=1, showInputMessage=1, showErrorMessage=1
        )
        rule.set("sqref", self._range.where.ref)
        self._count()
        return rule

    def _count(self) -> None:
        for rules in list(ooxml.walk(self._root, "dataValidations")):
            number = len(ooxml.children(rules, "dataValidation"))
            if number:
                rules.set("count", str(number))
            else:
                ooxml.drop_with_empty_parents(rules)

    def _formula(self, name: str) -> str | None:
        rule = self._rule()
        element = ooxml.child(rule, name)
        if element is None:
            return None
        return "=" + as_shown("".join(str(text) for text in element.itertext()).strip())

    def _text(self, attribute: str) -> str | None:
        rule = self._rule()
        return None if rule is None else rule.get(attribute, "")

    def _flag(self, attribute: str) -> bool | None:
        rule = self._rule()
        return None if rule is None else rule.get(attribute) in ("1", "true")
