"""Conditional formats of a range: cell value, formula, colour scale, data bar, icon set."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.formula_spelling import as_in_file, as_shown
from addin.hosts.xlsx.operators import OPERATORS, operator_name
from addin.hosts.xlsx.rule_areas import areas_of_rule, cut_out
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range

_TYPES = {
    "cellIs": "cell_value",
    "expression": "custom",
    "colorScale": "color_scale",
    "dataBar": "data_bar",
    "iconSet": "icon_set",
}
_THRESHOLDS = {
    "lowest_value": "min",
    "highest_value": "max",
    "number": "num",
    "percent": "percent",
    "percentile": "percentile",
    "formula": "formula",
    "automatic": "autoMin",
}
_THRESHOLD_NAMES = {xml: name for name, xml in _THRESHOLDS.items()} | {"autoMax": "automatic"}
_NEW_ICON_SETS = ("3_stars", "3_triangles", "5_boxes")
_RULE_EXTENSION = "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}"
_SHEET_EXTENSION = "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"


@complete
class ConditionalFormats(base_classes.ConditionalFormats):
    """The rules that apply to a cell of a range, the first to be tried first."""

    def __init__(self, range_: Range) -> None:
        self._range = range_
        self._cells = range_.sheet.cells_store

    def _rules(self) -> list[ConditionalFormat]:
        here = self._range.where
        found = []
        for block, rule in _rules(self._cells.root):
            if any(area.intersects(here) for area in areas_of_rule(block)):
                found.append(ConditionalFormat(self._cells, block, rule))
        return sorted(found, key=lambda rule: rule.priority)

    def __len__(self) -> int:
        return len(self._rules())

    def __iter__(self) -> Iterator[ConditionalFormat]:
        return iter(self._rules())

    def __call__(self, key: int) -> ConditionalFormat:
        return self._rules()[key - 1]

    def add_cell_value(self, spec: dict[str, Any]) -> ConditionalFormat:
        rule = self._add("cellIs", operator=OPERATORS[spec["operator"]])
        for name in ("formula1", "formula2"):
            if spec[name] is not None:
                ooxml.add(rule.element, "formula").text = _operand(spec[name])
        return rule.styled(spec)

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        rule = self._add("expression")
        ooxml.add(rule.element, "formula").text = as_in_file(spec["formula"].removeprefix("="))
        return rule.styled(spec)

    def add_color_scale(self, spec: dict[str, Any]) -> ConditionalFormat:
        rule = self._add("colorScale")
        scale = ooxml.add(rule.element, "colorScale")
        _add_thresholds(scale, spec)
        for color in spec["colors"]:
            ooxml.add(scale, "color", rgb=_argb(color))
        return rule

    def add_data_bar(self, spec: dict[str, Any]) -> ConditionalFormat:
        rule = self._add("dataBar")
        bar = ooxml.add(rule.element, "dataBar")
        if not spec["show_value"]:
            bar.set("showValue", "0")
        for kind, value, automatic in zip(
            spec["threshold_types"], spec["thresholds"], ("min", "max"), strict=True
        ):
            _add_threshold(bar, automatic if kind == "automatic" else _THRESHOLDS[kind], value)
        ooxml.add(bar, "color", rgb=_argb(spec["bar_color"]))
        self._extend_data_bar(rule.element, spec)
        return rule

    def add_icon_set(self, spec: dict[str, Any]) -> ConditionalFormat:
        name = _icon_set_xml(spec["icon_set"])
        types, values = ("percent", *spec["threshold_types"]), (0, *spec["thresholds"])
        thresholds = {"threshold_types": types, "thresholds": values}
        if spec["icon_set"] in _NEW_ICON_SETS:
            _make_room(self._cells.root)
            block, element = self._add_extension("iconSet", _new_id(self._cells.root), priority="1")
            rule = ConditionalFormat(self._cells, block, element)
            icons = _x14(rule.element, "iconSet", iconSet=name)
            for kind, value in zip(types, values, strict=True):
                _x14_threshold(icons, _THRESHOLDS[kind], value)
        else:
            rule = self._add("iconSet")
            icons = ooxml.add(rule.element, "iconSet", iconSet=name)
            _add_thresholds(icons, thresholds)
        if not spec["show_value"]:
            icons.set("showValue", "0")
        if spec["reverse_order"]:
            icons.set("reverse", "1")
        return rule

    def clear(self) -> None:
        """Takes the rules off the cells of this range; cells beside it keep them."""
        for block in cut_out(list({rule.block: None for rule in self._rules()}), self._range.where):
            for rule in [rule for owner, rule in _rules(self._cells.root) if owner is block]:
                ConditionalFormat(self._cells, block, rule).delete()

    def _add(self, kind: str, **attributes: str) -> ConditionalFormat:
        root = self._cells.root
        _make_room(root)
        block = etree.Element(f"{{{ooxml.namespace(root)}}}conditionalFormatting")
        block.set("sqref", self._range.where.ref)
        ooxml.insert_in_order(root, block, ooxml.WORKSHEET_ORDER)
        element = ooxml.add(block, "cfRule", type=kind, priority=1, **attributes)
        return ConditionalFormat(self._cells, block, element)

    def _extend_data_bar(self, element: etree._Element, spec: dict[str, Any]) -> None:
        """Solid bars and automatic ends exist since Excel 2010, in an extension that names the same rule."""
        identity = _new_id(self._cells.root)
        extension = ooxml.add(ooxml.add(element, "extLst"), "ext", uri=_RULE_EXTENSION)
        _x14(extension, "id").text = identity
        _, rule = self._add_extension("dataBar", identity)
        bar = _x14(rule, "dataBar", minLength="0", maxLength="100")
        if not spec["gradient"]:
            bar.set("gradient", "0")
        ends = zip(spec["threshold_types"], spec["thresholds"], ("autoMin", "autoMax"), strict=True)
        for kind, value, automatic in ends:
            _x14_threshold(bar, automatic if kind == "automatic" else _THRESHOLDS[kind], value)
        _x14(bar, "negativeFillColor", rgb="FFB91C1C")
        _x14(bar, "axisColor", rgb="FF6B7280")

    def _add_extension(
        self, kind: str, identity: str, **attributes: str
    ) -> tuple[etree._Element, etree._Element]:
        root = self._cells.root
        extensions = ooxml.section(root, "extLst", ooxml.WORKSHEET_ORDER)
        extension = next(
            (e for e in ooxml.children(extensions, "ext") if e.get("uri") == _SHEET_EXTENSION), None
        )
        if extension is None:
            extension = ooxml.add(extensions, "ext", uri=_SHEET_EXTENSION)
            extensions.insert(0, extension)
        formats = ooxml.child(extension, "conditionalFormattings")
        if formats is None:
            formats = _x14(extension, "conditionalFormattings")
        block = etree.SubElement(formats, f"{{{ooxml.X14}}}conditionalFormatting", nsmap={"xm": ooxml.XM})
        rule = _x14(block, "cfRule", type=kind, **attributes, id=identity)
        etree.SubElement(block, f"{{{ooxml.XM}}}sqref").text = self._range.where.ref
        return block, rule


@complete
class ConditionalFormat(base_classes.ConditionalFormat):
    """One rule: the element `cfRule` in its block of ranges."""

    def __init__(self, cells: Any, block: etree._Element, element: etree._Element) -> None:
        self._cells = cells
        self.block, self.element = block, element

    @property
    def api(self) -> etree._Element:
        return self.element

    @property
    def priority(self) -> int:
        return int(self.element.get("priority", "0"))

    @property
    def type(self) -> str:
        return _TYPES.get(self.element.get("type", ""), "unknown")

    @property
    def stop_if_true(self) -> bool | None:
        return self.element.get("stopIfTrue") in ("1", "true") if self._is_formula_rule() else None

    @property
    def operator(self) -> str | None:
        return operator_name(self.element.get("operator", ""))

    @property
    def formula1(self) -> str | None:
        return self._formula(0) if self.type == "cell_value" else None

    @property
    def formula2(self) -> str | None:
        return self._formula(1) if self.type == "cell_value" else None

    @property
    def formula(self) -> str | None:
        return self._formula(0) if self.type == "custom" else None

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        pattern = ooxml.child(ooxml.child(self._dxf(), "fill"), "patternFill")
        return _rgb(ooxml.child(pattern, "bgColor"))

    @property
    def font_color(self) -> tuple[int, int, int] | None:
        return _rgb(ooxml.child(ooxml.child(self._dxf(), "font"), "color"))

    @property
    def font_bold(self) -> bool | None:
        return self._font_flag("b")

    @property
    def font_italic(self) -> bool | None:
        return self._font_flag("i")

    @property
    def colors(self) -> tuple[tuple[int, int, int] | None, ...] | None:
        scale = ooxml.child(self.element, "colorScale")
        return None if scale is None else tuple(_rgb(color) for color in ooxml.children(scale, "color"))

    @property
    def bar_color(self) -> tuple[int, int, int] | None:
        return _rgb(ooxml.child(ooxml.child(self.element, "dataBar"), "color"))

    @property
    def gradient(self) -> bool | None:
        if self.type != "data_bar":
            return None
        twin = self._twin()
        bar = ooxml.child(twin, "dataBar")
        return bar is None or bar.get("gradient") not in ("0", "false")

    @property
    def show_value(self) -> bool | None:
        visual = self._visual()
        return None if visual is None else visual.get("showValue") not in ("0", "false")

    @property
    def icon_set(self) -> str | None:
        icons = ooxml.child(self.element, "iconSet")
        if icons is None:
            return None
        wanted = icons.get("iconSet", "3TrafficLights1")
        return next(
            (name for name in base_classes.CONDITIONAL_FORMAT_ICON_SETS if _icon_set_xml(name) == wanted),
            None,
        )

    @property
    def reverse_order(self) -> bool | None:
        icons = ooxml.child(self.element, "iconSet")
        return None if icons is None else icons.get("reverse") in ("1", "true")

    @property
    def threshold_types(self) -> tuple[str, ...] | None:
        found = self._thresholds()
        return None if found is None else tuple(kind for kind, _ in found)

    @property
    def thresholds(self) -> tuple[Any, ...] | None:
        found = self._thresholds()
        return None if found is None else tuple(value for _, value in found)

    def set(self, changes: dict[str, Any]) -> None:
        if "operator" in changes:
            self.element.set("operator", OPERATORS[changes["operator"]])
        if self.type == "cell_value" and {"formula1", "formula2"} & changes.keys():
            texts = [changes.get("formula1", self.formula1), changes.get("formula2", self.formula2)]
            self._set_formulas([_operand(text) for text in texts if text is not None])
        if "formula" in changes:
            self._set_formulas([as_in_file(changes["formula"].removeprefix("="))])
        self.styled(changes)

    def delete(self) -> None:
        twin = self._twin()
        for element in (self.element, twin):
            block = element.getparent() if element is not None else None
            if element is None or block is None:
                continue
            block.remove(element)
            if not ooxml.children(block, "cfRule"):
                ooxml.drop_with_empty_parents(block)

    def styled(self, spec: dict[str, Any]) -> ConditionalFormat:
        """Gives the rule the format and the stop mark of a specification."""
        if "stop_if_true" in spec:
            ooxml.unset(self.element, "stopIfTrue")
            if spec["stop_if_true"]:
                self.element.set("stopIfTrue", "1")
        wanted: dict[str, Any] = {
            key: spec[key] for key in ("fill_color", "font_color", "font_bold", "font_italic") if key in spec
        }
        if wanted:
            namespace = ooxml.namespace(self._cells.styles.root)
            old = self._dxf()
            dxf = copy.deepcopy(old) if old is not None else etree.Element(f"{{{namespace}}}dxf")
            _change_dxf(dxf, wanted)
            self.element.set("dxfId", str(self._cells.styles.add_dxf(dxf)))
        return self

    def _is_formula_rule(self) -> bool:
        return self.type in ("cell_value", "custom", "unknown")

    def _formula(self, index: int) -> str | None:
        found = ooxml.children(self.element, "formula")
        return "=" + as_shown(found[index].text or "") if index < len(found) else None

    def _set_formulas(self, texts: list[str]) -> None:
        for formula in ooxml.children(self.element, "formula"):
            self.element.remove(formula)
        for index, text in enumerate(texts):
            formula = ooxml.add(self.element, "formula")
            formula.text = text
            self.element.insert(index, formula)

    def _dxf(self) -> etree._Element | None:
        number = self.element.get("dxfId")
        formats = ooxml.children(ooxml.child(self._cells.styles.root, "dxfs"), "dxf")
        return formats[int(number)] if number is not None and int(number) < len(formats) else None

    def _font_flag(self, name: str) -> bool | None:
        if not self._is_formula_rule():
            return None
        flag = ooxml.child(ooxml.child(self._dxf(), "font"), name)
        return None if flag is None else flag.get("val") not in ("0", "false")

    def _visual(self) -> etree._Element | None:
        return next((e for e in self.element if ooxml.local(e) in ("dataBar", "iconSet", "colorScale")), None)

    def _thresholds(self) -> list[tuple[str, Any]] | None:
        twin = self._twin()
        for rule in (twin, self.element):
            for visual in rule if rule is not None else ():
                if ooxml.local(visual) in ("dataBar", "iconSet", "colorScale"):
                    found = [_threshold(cfvo) for cfvo in ooxml.children(visual, "cfvo")]
                    return found[1:] if ooxml.local(visual) == "iconSet" else found
        return None

    def _twin(self) -> etree._Element | None:
        """The part of a data bar's rule that is written as an extension."""
        identity = next(ooxml.walk(self.element, "id"), None)
        if identity is None:
            return None
        for _, rule in _rules(self._cells.root, extensions_only=True):
            if rule.get("id") == identity.text:
                return rule
        return None


def _rules(
    root: etree._Element, extensions_only: bool = False
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Every rule with its block; rules that only extend another one are left out."""
    for block in ooxml.walk(root, "conditionalFormatting"):
        is_extension = ooxml.namespace(block) == ooxml.X14
        for rule in ooxml.children(block, "cfRule"):
            extends = is_extension and rule.get("priority") is None
            if extends == extensions_only:
                yield block, rule


def _make_room(root: etree._Element) -> None:
    """A new rule comes first, as in Excel: the others move down."""
    for _, rule in _rules(root):
        rule.set("priority", str(int(rule.get("priority", "0")) + 1))


def _operand(text: str) -> str:
    """What a rule compares with: a formula, a number, or a text."""
    if text.startswith("="):
        return as_in_file(text[1:])
    if text.startswith('"') or re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return text
    return '"' + text.replace('"', '""') + '"'


def _add_thresholds(parent: etree._Element, spec: dict[str, Any]) -> None:
    for kind, value in zip(spec["threshold_types"], spec["thresholds"], strict=True):
        _add_threshold(parent, _THRESHOLDS[kind], value)


def _add_threshold(parent: etree._Element, kind: str, value: Any) -> None:
    element = ooxml.add(parent, "cfvo", type=kind)
    if value is not None:
        element.set("val", str(value))


def _x14_threshold(parent: etree._Element, kind: str, value: Any) -> None:
    element = _x14(parent, "cfvo", type=kind)
    if value is not None:
        etree.SubElement(element, f"{{{ooxml.XM}}}f", nsmap={"xm": ooxml.XM}).text = str(value)


def _threshold(cfvo: etree._Element) -> tuple[str, Any]:
    kind = _THRESHOLD_NAMES.get(cfvo.get("type", ""), "unknown")
    inner = ooxml.child(cfvo, "f")
    text = cfvo.get("val") if inner is None else inner.text
    if text is None or kind in ("automatic", "lowest_value", "highest_value"):
        return kind, None
    try:
        number = float(text)
    except ValueError:
        return kind, text
    return kind, int(number) if number.is_integer() else number


def _x14(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{ooxml.X14}}}{name}", attributes, nsmap={"x14": ooxml.X14})


def _new_id(root: etree._Element) -> str:
    """An identity no other rule of the sheet has; the same for the same sheet, so that files compare equal."""
    used = {rule.get("id") for rule in ooxml.walk(root, "cfRule")}
    number = len(used)
    while (identity := f"{{F3A9F000-0000-4000-8000-{number:012X}}}") in used:
        number += 1
    return identity


def _icon_set_xml(name: str) -> str:
    """`3_traffic_lights_1` -> `3TrafficLights1`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _argb(color: tuple[int, int, int]) -> str:
    return "FF{:02X}{:02X}{:02X}".format(*color)


def _rgb(color: etree._Element | None) -> tuple[int, int, int] | None:
    text = color.get("rgb") if color is not None else None
    return (int(text[-6:-4], 16), int(text[-4:-2], 16), int(text[-2:], 16)) if text else None


def _change_dxf(dxf: etree._Element, changes: dict[str, Any]) -> None:
    order = ["font", "numFmt", "fill", "alignment", "border", "protection", "extLst"]
    flags = {"font_bold": "b", "font_italic": "i"}
    for key, value in changes.items():
        if key == "fill_color":
            fill = ooxml.section(dxf, "fill", order)
            fill[:] = []
            ooxml.add(ooxml.add(fill, "patternFill"), "bgColor", rgb=_argb(value))
            continue
        font = ooxml.section(dxf, "font", order)
        name = flags.get(key, "color")
        element = ooxml.section(font, name, ["b", "i", "strike", "color", "sz", "u", "name", "family"])
        element.attrib.clear()
        if name == "color":
            element.set("rgb", _argb(value))
        elif not value:
            element.set("val", "0")
