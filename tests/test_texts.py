"""What every text for people keeps to."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXCELS_OWN_WORDS = ("pivot_model.py",)  # 求和项:金额 and (全部), as Chinese Excel writes them
SOURCES = [
    path
    for room in ("udfs", "addin", "workbook_templates")
    for path in sorted((ROOT / room).rglob("*.py"))
    if path.name not in EXCELS_OWN_WORDS
]
TOML = [*sorted((ROOT / "udfs").glob("*.toml")), *sorted((ROOT / "addin").glob("*.toml"))]
PAGES = [ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.zh.md")), ROOT / "docs" / "guide" / "zh.md"]

# A half-width sign beside a Chinese one, or beside a value put in (\ufffc); brackets around Chinese.
CHINESE = r"[\u4e00-\u9fff、。“”（），：；\ufffc]"
HALF_WIDTH = re.compile(
    rf"{CHINESE} ?[,:;!?](?!//)|[,:;!?] ?{CHINESE}|\([^()A-Za-z]*[\u4e00-\u9fff][^()A-Za-z]*\)"
)
CODE = re.compile(
    r"`[^`]*`|\w+![$A-Z]|\w+ in \S+|[A-Z]{2,}[A-Z0-9_.]*\([^)]*\)|\([^()]* [-+] [^()]*\)|://\S*"
)


def zh_literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal given as `zh`, or first to a Text, with values put in as one sign each."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "zh"]
        if isinstance(node.func, ast.Name) and node.func.id in ("Text", "_help"):
            given += node.args[:1]
        for value in given:
            for part in ast.walk(value):
                if isinstance(part, ast.JoinedStr):
                    pieces = (p.value if isinstance(p, ast.Constant) else "\ufffc" for p in part.values)
                    yield part.lineno, "".join(map(str, pieces))
                elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.lineno, part.value


def zh_values(table: dict) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from zh_values(value)
        elif isinstance(value, list):
            yield from (text for item in value if isinstance(item, dict) for text in zh_values(item))
        elif isinstance(value, str) and (key == "zh" or key.endswith("_zh")):
            yield value


def half_width(text: str) -> list[str]:
    return HALF_WIDTH.findall(CODE.sub("x", text)) if re.search("[\u4e00-\u9fff\ufffc]", text) else []


@pytest.mark.parametrize("text", ["客户,订单", "共 3 位(不含潜在客户)", "结果:{}", "谁升了?"])
def test_half_width_signs_are_found(text: str) -> None:
    assert half_width(text.replace("{}", "\ufffc"))


@pytest.mark.parametrize(
    "text", ["共 1,234 位", "如 =RFM_SEGMENT(555)", "客户，订单（两张）", "地区 in 华东,华南"]
)
def test_numbers_and_code_keep_half_width_signs(text: str) -> None:
    assert not half_width(text)


def test_chinese_texts_in_the_sources_have_full_width_signs() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in SOURCES
        for line, text in zh_literals(path)
        if half_width(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", TOML, ids=lambda path: path.name)
def test_chinese_texts_in_tables_have_full_width_signs(path: Path) -> None:
    assert [text for text in zh_values(tomllib.loads(path.read_text("utf-8"))) if half_width(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_chinese_pages_have_full_width_signs(path: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```$|\]\([^)]*\)", "", path.read_text("utf-8"))
    assert [line for line in text.splitlines() if half_width(line)] == []
