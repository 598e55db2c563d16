"""Builds fenji.oxt, the extension that brings the worksheet functions to LibreOffice Calc.

Everything in it is generated from the registry: the type library, the function and argument names and help
in both languages, and the compatibility names under which Excel files keep the formulas.
"""

from __future__ import annotations

import json
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from addin.hosts.calc.typelib import ANY, MATRIX, Method, type_library
from udfs import registry
from udfs.texts import Lang, Text

SERVICE = "org.fenji.calc.Functions"
INTERFACE = "org.fenji.calc.XFunctions"
MOMENT = (1980, 1, 1, 0, 0, 0)
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
 <manifest:file-entry manifest:full-path="fenji.rdb" manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
 <manifest:file-entry manifest:full-path="fenji_calc.py" manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
 <manifest:file-entry manifest:full-path="CalcAddIns.xcu" manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""
DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
 <identifier value="org.fenji.calc"/>
 <version value="{version}"/>
 <display-name><name lang="en">fenji: customer grading functions</name><name lang="zh">fenji 分级：客户分级函数</name></display-name>
 <dependencies><l:LibreOffice-minimal-version xmlns:l="http://libreoffice.org/extensions/description/2011" value="6.4" l:name="LibreOffice 6.4"/></dependencies>
</description>
"""


def build(target: Path, python: str | None = None, version: str = "0.1.0", lang: Lang | None = None) -> Path:
    """Writes the extension; the same input gives the same bytes.

    Parameters
    ----------
    target : the .oxt file to write.
    python : the interpreter in which fenji is installed; default the running one.
    lang : language of results where a formula does not say; default as `udfs.registry.result_language`.
    """
    parts = {
        "META-INF/manifest.xml": MANIFEST.encode(),
        "description.xml": DESCRIPTION.format(version=version).encode(),
        "CalcAddIns.xcu": configuration().encode(),
        "fenji.rdb": type_library(INTERFACE, methods()),
        "fenji_calc.py": files("addin.hosts.calc").joinpath("component.py").read_bytes(),
        "functions.json": settings(python or sys.executable, lang).encode(),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, MOMENT)
            part.external_attr = 0o644 << 16
            package.writestr(part, content, zipfile.ZIP_DEFLATED)
    return target


def uno_name(name: str) -> str:
    """A function's or argument's name in UNO, where no underscores are allowed.

    >>> uno_name("RFM_SCORE"), uno_name("as_of")
    ('rfmScore', 'asOf')
    """
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def methods() -> list[Method]:
    """Every function as a UNO method.

    Texts inside a matrix from an add-in equal no other text in Calc (7.4: they are not in its pool of texts, so
    that = and COUNTIF do not find them). So functions that name one record give one value, not a matrix.
    """
    return [
        Method(uno_name(f.name), tuple(uno_name(a.name) for a in f.arguments), ANY if f.names_one else MATRIX)
        for f in registry.functions().values()
    ]


def settings(python: str, lang: Lang | None) -> str:
    """functions.json: names and help for the function wizard, and the interpreter to ask."""
    functions = {
        uno_name(f.name): {
            "name": f.name,
            "one": f.names_one,
            "help": _texts(f.help),
            "arguments": [{"name": _shown(a), "help": _texts(a.help)} for a in f.arguments],
        }
        for f in registry.functions().values()
    }
    folders = [str(Path(__file__).resolve().parents[3])]
    content = {"python": python, "folders": folders, "lang": lang, "functions": functions}
    return json.dumps(content, ensure_ascii=False, indent=1)


def configuration() -> str:
    """CalcAddIns.xcu: what Calc shows of each function before the component is loaded."""
    nodes = "\n".join(_function_node(f) for f in registry.functions().values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name={quoteattr(SERVICE)} oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{nodes}\n</node></node></node>\n</oor:component-data>\n'
    )


def _function_node(f: registry.Function) -> str:
    arguments = "\n".join(
        _node(
            uno_name(a.name),
            _property("DisplayName", Text(_shown(a), _shown(a))) + _property("Description", a.help),
        )
        for a in f.arguments
    )
    name = Text(f.name, f.name)
    return _node(
        uno_name(f.name),
        _property("DisplayName", name)
        + _property("Description", f.help)
        + '<prop oor:name="Category"><value>Add-In</value></prop>'
        + f'<prop oor:name="CompatibilityName"><value xml:lang="en-US">{f.name}</value></prop>'
        + f'<node oor:name="Parameters">\n{arguments}\n</node>',
    )


def _node(name: str, content: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">{content}</node>'


def _property(name: str, text: Text) -> str:
    return (
        f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(text.en)}</value>'
        f'<value xml:lang="zh-CN">{escape(text.zh)}</value></prop>'
    )


def _shown(argument: registry.Argument) -> str:
    return f"[{argument.name}]" if argument.optional else argument.name


def _texts(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
