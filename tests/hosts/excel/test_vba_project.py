"""The VBA project is read back by programs that know the format: olefile and oletools."""

import io

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oletools.olevba import VBA_Parser, decompress_stream

from addin.hosts.excel.compound_file import write_compound_file
from addin.hosts.excel.vba_project import Module, build_vba_project, compress

TEXTS = st.text("abc '\r\n=()", max_size=9000).map(lambda text: text.encode("ascii"))


@given(st.one_of(TEXTS, st.binary(max_size=4096)))
def test_compressed_streams_come_back(data: bytes) -> None:
    restored = bytes(decompress_stream(bytearray(compress(data)))) if data else b""
    assert restored[: len(data)] == data


def test_compressed_text_is_smaller() -> None:
    assert len(compress(b"Public Sub Regrade()\r\n" * 500)) < 1500


@given(
    st.dictionaries(st.from_regex(r"[A-Za-z_]{1,20}", fullmatch=True), st.binary(max_size=9000), max_size=12)
)
def test_streams_of_a_compound_file_come_back(streams: dict[str, bytes]) -> None:
    by_folded_name = {name.upper(): (name, data) for name, data in streams.items()}
    tree = dict(by_folded_name.values())
    with olefile.OleFileIO(io.BytesIO(write_compound_file(tree))) as ole:
        assert {"/".join(path) for path in ole.listdir()} == set(tree)
        assert all(ole.openstream(name).read() == data for name, data in tree.items())
        assert not ole.parsing_issues


def test_too_large_a_compound_file_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        write_compound_file({"big": bytes(8_000_000)})


def test_every_module_is_extracted_as_written() -> None:
    source = (
        "Public Function Twice(ByVal x As Double) As Double\r\n    Twice = 2 * x\r\nEnd Function\r\n" * 200
    )
    project = build_vba_project(
        "Fenji", [Module("ThisWorkbook", "workbook", ""), Module("Big", "standard", source)]
    )
    parser = VBA_Parser("vbaProject.bin", data=project)
    modules = {name: code for _, _, name, code in parser.extract_macros()}
    assert modules["Big.bas"] == 'Attribute VB_Name = "Big"\r\n' + source
    assert "VB_PredeclaredId = True" in modules["ThisWorkbook.cls"]


def test_chinese_in_source_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        build_vba_project("Fenji", [Module("Texts", "standard", "' 客户")])


def test_module_names_must_be_identifiers() -> None:
    with pytest.raises(ValueError, match="identifier"):
        build_vba_project("Fenji", [Module("1st", "standard", "")])
