"""fenji.xlam as Excel will read it: package, ribbon, macros, texts."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from oletools.olevba import VBA_Parser

from addin import buttons
from addin.analyses import ANALYSES
from addin.hosts.excel import ribbon, xlam
from tests import programs
from udfs import registry

UI = "{" + ribbon.NAMESPACE + "}"


@pytest.fixture(scope="module")
def addin_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlam.build(tmp_path_factory.mktemp("addin") / "fenji.xlam")


@pytest.fixture(scope="module")
def modules(addin_file: Path) -> dict[str, str]:
    parser = VBA_Parser(str(addin_file))
    return {name.partition(".")[0]: code for _, _, name, code in parser.extract_macros()}


@pytest.fixture(scope="module")
def tab(addin_file: Path) -> etree._Element:
    with zipfile.ZipFile(addin_file) as package:
        return etree.fromstring(package.read("customUI/customUI14.xml"))


@pytest.fixture(scope="module")
def texts(addin_file: Path) -> dict[str, tuple[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(addin_file.read_bytes())))
    return {key: (zh, en) for key, zh, en in book["texts"].iter_rows(min_row=2, values_only=True)}


def test_the_same_bytes_in_another_process(addin_file: Path) -> None:
    code = "import sys; from addin.hosts.excel import xlam; sys.stdout.buffer.write(xlam.addin_bytes({}))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=programs.ROOT,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PATH": ""},
        capture_output=True,
        check=True,
    )
    assert run.stdout == addin_file.read_bytes()


def test_every_module_is_there_as_written(modules: dict[str, str]) -> None:
    assert modules["FenjiButtons"].partition("\r\n")[2] == ribbon.macros(buttons.load()).replace("\n", "\r\n")
    assert set(modules) == {
        "ThisWorkbook", "SheetConfig", "SheetTexts", "SheetIntelliSense",
        "FenjiBridge", "FenjiTexts", "FenjiRibbon", "FenjiButtons", "FenjiFunctions",
    }  # fmt: skip


def test_every_callback_has_its_macro(tab: etree._Element, modules: dict[str, str]) -> None:
    callbacks = {
        value
        for element in tab.iter()
        for name, value in element.attrib.items()
        if name.startswith(("get", "on"))
    }
    code = "\n".join(modules.values())
    assert callbacks
    assert [name for name in callbacks if f"Public Sub {name}(" not in code] == []


def test_the_tab_keeps_to_the_size_people_can_survey(tab: etree._Element) -> None:
    groups = tab.findall(f".//{UI}group")
    assert 1 <= len(groups) <= ribbon.MAX_GROUPS
    assert all(1 <= len(group) <= ribbon.MAX_COMMANDS for group in groups)


def test_ids_and_key_tips_are_unique(tab: etree._Element) -> None:
    ids = [element.get("id") for element in tab.iter() if element.get("id")]
    keytips = [
        element.get("keytip") for element in tab.iter(f"{UI}button", f"{UI}menu") if element.get("keytip")
    ]
    assert len(ids) == len(set(ids))
    assert len(keytips) == len(set(keytips))
    assert all(keytip.isalnum() and keytip.isascii() and len(keytip) <= 3 for keytip in keytips)


def test_every_label_and_tip_is_in_both_languages(
    tab: etree._Element, texts: dict[str, tuple[str, str]]
) -> None:
    for element in tab.iter(f"{UI}tab", f"{UI}group", f"{UI}button", f"{UI}menu", f"{UI}menuSeparator"):
        keys = [element.get("id")]
        if element.get("getSupertip") or element.get("getDescription"):
            keys.append(f"{keys[0]}.tip")
        for key in keys:
            zh, en = texts[key]
            assert any("\u4e00" <= c <= "\u9fff" for c in zh), key
            assert en.isascii(), key
            assert len(zh) < 1024, key


def test_every_analysis_of_one_workbook_is_in_the_menu_under_its_family(tab: etree._Element) -> None:
    (menu,) = [menu for menu in tab.iter(f"{UI}menu") if menu.get("id") == "fenji_analyse"]
    offered = {button.get("tag") for button in menu.iter(f"{UI}button")}
    assert offered == ANALYSES.keys()
    assert menu[0].tag == f"{UI}menuSeparator"
    assert len(menu.findall(f"{UI}menuSeparator")) == 3


def test_a_button_is_shown_only_when_its_command_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buttons, "exists", lambda command: command == "undo")
    assert [button.command for button in buttons.load().buttons] == ["undo"]


def test_a_wrapper_for_every_function(modules: dict[str, str]) -> None:
    for name in registry.functions():
        assert f"Public Function {name}(" in modules["FenjiFunctions"]


def test_function_help_fits_the_wizard(texts: dict[str, tuple[str, str]]) -> None:
    for function in registry.functions().values():
        assert all(len(text) <= 255 for text in texts[function.name])


def test_nothing_of_the_open_workbook_reaches_the_start_of_python(modules: dict[str, str]) -> None:
    code = "\n".join(modules.values())
    assert "FullName" not in code
    assert "ActiveWorkbook.Path" not in code
    assert "ActiveWorkbook.Worksheets" not in code
    assert " -P -B -c " in modules["FenjiTexts"]


def test_own_configuration_of_a_shared_addin() -> None:
    addin = xlam.addin_bytes({"interpreter": r"\\server\分级\python.exe"})
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(addin)))
    rows = list(book["config"].iter_rows(values_only=True))
    assert ("interpreter", r"\\server\分级\python.exe") in rows


def test_unknown_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match="interpretor"):
        xlam.addin_bytes({"interpretor": "python"})


@pytest.mark.validator
def test_the_open_xml_sdk_finds_no_error(addin_file: Path) -> None:
    assert programs.validate(addin_file) == []


@pytest.mark.validator
def test_the_open_xml_sdk_reads_the_ribbon_too(addin_file: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "fenji.xlam"
    with zipfile.ZipFile(addin_file) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'size="large"', b'size="huge"'))
    assert all("huge" in error for error in programs.validate(spoilt))
    assert programs.validate(spoilt)


@pytest.mark.libreoffice
def test_libreoffice_compiles_the_modules_and_runs_the_plain_ones(addin_file: Path, tmp_path: Path) -> None:
    answers = run_in_libreoffice(
        addin_file,
        tmp_path,
        [
            ("FenjiTexts", "FenjiLanguage", []),
            ("FenjiTexts", "FenjiText", ["fenji_undo"]),
            ("FenjiTexts", "FenjiText", ["no_such_key"]),
            ("FenjiTexts", "FenjiConfig", ["interpreter"]),
            (
                "FenjiTexts",
                "ConfigLine",
                ["a = 1\r\nInterpreter = C:\\客户\\x=y\\python.exe\n", "interpreter"],
            ),
            ("FenjiTexts", "FenjiServerCommand", [r"C:\Program Files\python.exe"]),
            ("FenjiTexts", "FenjiMark", ["#N/A "]),
        ],
    )
    undo = next(button.label.en for button in buttons.load().buttons if button.command == "undo")
    assert answers == [
        "en",
        undo,
        "no_such_key",
        "",
        r"C:\客户\x=y\python.exe",
        '"C:\\Program Files\\python.exe" -P -B -c "from addin.hosts.excel.serve import serve; serve(\'$(CLSID)\')"',
        "#N/A ",
    ]


def as_workbook(addin: bytes) -> bytes:
    """The add-in as a macro workbook, for programs that open workbooks only."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(addin)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"ms-excel.addin.macro", b"ms-excel.sheet.macro"))
    return out.getvalue()


def run_in_libreoffice(
    addin_file: Path, folder: Path, calls: list[tuple[str, str, list[str]]]
) -> list[object]:
    """Calls VBA functions of the add-in, all in one start of LibreOffice."""
    workbook = folder / "fenji.xlsm"
    workbook.write_bytes(as_workbook(addin_file.read_bytes()))
    pipe = f"fenji{folder.name}"
    office = subprocess.Popen(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
         f"--accept=pipe,name={pipe};urp"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        run = subprocess.run(
            ["/usr/bin/python3", str(Path(__file__).with_name("libreoffice_vba.py")), str(workbook), pipe],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)
    finally:
        office.terminate()
        office.wait(30)
