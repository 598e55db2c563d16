"""The add-in's documents: pictures are those of the real ribbon, pages come in both languages."""

import re
import runpy

import pytest

from addin import buttons
from addin.commands import guide
from tests.programs import ROOT

DOCS = ROOT / "docs"


def test_pictures_show_the_ribbon_as_it_is() -> None:
    drawn = runpy.run_path(str(DOCS / "draw_ribbon.py"))["pictures"]()
    for path, content in drawn.items():
        assert path.read_text("utf-8") == content, "run: python docs/draw_ribbon.py"


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("install.zh.md", "install.md"),
        ("excel-checklist.zh.md", "excel-checklist.md"),
        ("wps-checklist.zh.md", "wps-checklist.md"),
        ("guide/zh.md", "guide/en.md"),
    ],
)
def test_both_languages_have_the_same_sections_and_tables(zh: str, en: str) -> None:
    shapes = []
    for name in (zh, en):
        text = (DOCS / name).read_text("utf-8")
        shapes.append(
            [
                line.count("|") if line.startswith("|") else line.split(" ")[0]
                for line in text.splitlines()
                if re.match(r"#|\|", line)
            ]
        )
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("name", ["install.zh.md", "install.md", "excel-checklist.md", "wps-checklist.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (DOCS / name).read_text("utf-8")):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_calls_buttons_by_their_names(lang: str) -> None:
    labels = {button.label(lang) for button in buttons.load().buttons}  # type: ignore[arg-type]
    text = guide.source(lang)  # type: ignore[arg-type]
    named = set(re.findall(r"点“([^”]+)”" if lang == "zh" else r'[Pp]ress "([^"]+)"', text))
    assert named
    assert named <= labels


def test_the_page_stands_alone() -> None:
    page = guide.html("zh")
    assert "<h1>客户分级" in page
    assert "<table>" in page
    assert "http" not in page


def test_the_calls_a_host_lacks_are_those_listed() -> None:
    made = runpy.run_path(str(DOCS / "list_host_calls.py"))["call_table"]()
    written = (DOCS / "host-calls.md").read_text("utf-8")
    lacking = [[line for line in page.splitlines() if "| no |" in line] for page in (made, written)]
    assert lacking[0] == lacking[1], "run: python docs/list_host_calls.py"
