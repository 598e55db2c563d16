"""Names of our functions inside .xlsx files, between Excel and LibreOffice.

In a workbook LibreOffice knows an add-in's function under a long name of its own only (seen in 7.4): it
writes `ORG.FENJI.CALC.FUNCTIONS.RFMSCORE(` where Excel has `RFM_SCORE(`, and shows #NAME? for Excel's until the
formula is entered again. Here one is put for the other in the formulas of a file; nothing else changes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from addin.hosts.calc.build import SERVICE, uno_name
from addin.hosts.xlsx.package import Package
from udfs import registry

Program = Literal["excel", "libreoffice"]
FORMULA = re.compile(
    rb"(<(?:\w+:)?(?:f|formula|formula[12]|definedName|calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*)?>)([^<]+)(?=<)"
)
PARTS = re.compile(r"xl/(?:workbook\.xml|worksheets/[^/]+\.xml|tables/[^/]+\.xml)")


def translate(source: Path, target: Path, program: Program) -> int:
    """Writes the workbook with the names a program knows; how many calls were renamed.

    Parameters
    ----------
    source, target : .xlsx files, which may be the same.
    program : "excel" or "libreoffice".
    """
    package = Package.open(source)
    renamed = 0
    for part in package.names():
        if PARTS.fullmatch(part.lstrip("/")):
            content, count = renamed_formulas(package.read(part), program)
            if count:
                package.write(part, content)
                renamed += count
    package.save(target)
    return renamed


def renamed_formulas(content: bytes, program: Program) -> tuple[bytes, int]:
    """A part with the functions in its formulas renamed, texts inside formulas left alone; and how many.

    >>> renamed_formulas(b'<f>RFM_SEGMENT(A1)&amp;"RFM_SEGMENT("</f>', "libreoffice")
    (b'<f>ORG.FENJI.CALC.FUNCTIONS.RFMSEGMENT(A1)&amp;"RFM_SEGMENT("</f>', 1)
    """
    names = {f"{SERVICE}.{uno_name(name)}".upper(): name for name in registry.functions()}
    if program == "libreoffice":
        names = {short: long for long, short in names.items()}
    known = {old.encode(): new.encode() for old, new in names.items()}
    call = re.compile(
        rb'"[^"]*"|&quot;.*?&quot;|(?<![\w.!])(' + b"|".join(re.escape(n) for n in known) + rb")(?=\()",
        re.IGNORECASE,
    )
    count = 0
    pieces, at = [], 0
    for element in FORMULA.finditer(content):
        text, changed = _renamed(element[2], call, known)
        if changed:
            pieces += [content[at : element.start(2)], text]
            at = element.end(2)
            count += changed
    return b"".join([*pieces, content[at:]]), count


def _renamed(formula: bytes, call: re.Pattern[bytes], known: dict[bytes, bytes]) -> tuple[bytes, int]:
    changed = 0
    pieces, at = [], 0
    for match in call.finditer(formula):
        if match[1]:
            pieces += [formula[at : match.start()], known[match[1].upper()]]
            at = match.end()
            changed += 1
    return b"".join([*pieces, formula[at:]]), changed
