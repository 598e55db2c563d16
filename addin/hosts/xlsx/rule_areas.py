"""The cells a rule applies to: conditional formats and validations list ranges in the same ways."""

from __future__ import annotations

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area


def areas_of_rule(rule: etree._Element) -> list[Area]:
    """The areas of a rule: its attribute sqref, or the element of that name in extensions."""
    inner = ooxml.child(rule, "sqref")
    text = rule.get("sqref", "") if inner is None else inner.text or ""
    return [parse_area(reference) for reference in text.split()]


def set_areas_of_rule(rule: etree._Element, areas: list[Area]) -> None:
    """Writes the areas where the rule has them."""
    text = " ".join(area.ref for area in areas)
    inner = ooxml.child(rule, "sqref")
    if inner is None:
        rule.set("sqref", text)
    else:
        inner.text = text


def covers(rule: etree._Element, area: Area) -> bool:
    """Whether a rule applies to every cell of an area."""
    left = [area]
    for ruled in areas_of_rule(rule):
        left = [piece for rest in left for piece in without(rest, ruled)]
    return not left


def cut_out(rules: list[etree._Element], hole: Area) -> list[etree._Element]:
    """Takes the cells of `hole` off rules; gives the rules that have no cells left, for the caller to remove."""
    empty = []
    for rule in rules:
        before = areas_of_rule(rule)
        left = [piece for area in before for piece in without(area, hole)]
        if not left:
            empty.append(rule)
        elif left != before:
            set_areas_of_rule(rule, left)
    return empty


def without(area: Area, hole: Area) -> list[Area]:
    """What is left of an area when another is cut out of it.

    >>> [piece.ref for piece in without(parse_area("A1:C9"), parse_area("B3:Z4"))]
    ['A1:C2', 'A5:C9', 'A3:A4']
    """
    if not area.intersects(hole):
        return [area]
    top, bottom = max(area.row1, hole.row1), min(area.row2, hole.row2)
    left = []
    if area.row1 < top:
        left.append(Area(area.row1, area.column1, top - 1, area.column2))
    if bottom < area.row2:
        left.append(Area(bottom + 1, area.column1, area.row2, area.column2))
    if area.column1 < hole.column1:
        left.append(Area(top, area.column1, bottom, hole.column1 - 1))
    if hole.column2 < area.column2:
        left.append(Area(top, hole.column2 + 1, bottom, area.column2))
    return left
