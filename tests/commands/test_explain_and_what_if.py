"""One customer explained; limits and weights tried before they are applied."""

from pathlib import Path

import pytest
import xlwings as xw

from addin.commands import apply_trial, explain, regrade, what_if
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop, select
from udfs.options import GradingOptions
from udfs.texts import FenjiError
from workbook_templates.sample_workbook import write_sample_workbook


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample_workbook(path, "zh", 60)
    return path


@pytest.fixture
def book(sample: Path, tmp_path: Path) -> xw.Book:
    path = tmp_path / "sample.xlsx"
    path.write_bytes(sample.read_bytes())
    return xlsx.open(path)


def test_the_explanation_holds_the_customers_own_numbers(book: xw.Book) -> None:
    grades = regrade.run(book, write=False).grading.grades
    row = grades.iloc[0]
    text = explain.run(book, [row["customer_id"]], "zh").message.zh
    assert text.splitlines()[0].startswith(f"{row['customer']}（{row['customer_id']}）：")
    assert f"距上次消费 {row['recency_days']:.0f} 天" in text
    assert f"分级得分 {row['grade_score']:.1f}" in text
    assert "建议：" in text
    assert "Grade score" in explain.run(book, [row["customer_id"]], "en").message.en


def test_by_name_and_from_the_selected_row_of_any_sheet(book: xw.Book) -> None:
    by_number = explain.run(book, ["C1001"], "zh").message.zh
    name = by_number.partition("（C1001）")[0]
    assert explain.run(book, [name], "zh").message.zh == by_number
    in_excel, state = desktop(book)
    orders = next(s for s in book.sheets if s.name == "订单")
    customers = orders.range("A1").expand("table").options(ndim=2).value
    row = next(i for i, cells in enumerate(customers, 1) if "C1001" in cells)
    select(state, orders.range((row, 2)))
    assert explain.from_ribbon(in_excel, in_excel.app, "", "zh", print).message.zh == by_number


def test_nobody_by_that_name(book: xw.Book) -> None:
    with pytest.raises(FenjiError, match="no customer with the number or name '张三'"):
        explain.run(book, ["张三"], "zh")
    with pytest.raises(FenjiError, match="selected row holds no customer"):
        explain.run(book, [], "zh")


def test_a_trial_says_who_would_move_and_changes_nothing(book: xw.Book) -> None:
    before = regrade.run(book, write=False).grading.grades["grade"]
    trial = what_if.compare(book, {"grade_limits.0": 0, "grade_limits.1": 0})
    risen = int((before.isin(["low", "medium"])).sum())
    assert (trial.up, trial.down) == (risen, 0)
    assert trial.after.get("high") == trial.before.get("high", 0) + risen
    assert list(trial.moves["monetary"]) == sorted(trial.moves["monetary"], reverse=True)
    assert regrade.run(book, write=False).grading.grades["grade"].equals(before)


def test_the_present_values_move_nobody(book: xw.Book) -> None:
    present = GradingOptions()
    changes = {choice.key: what_if.value_of(present, choice.key) for choice in what_if.CHOICES}
    assert what_if.compare(book, changes).moves.empty


def test_the_trial_sheet_from_making_to_applying(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    made = what_if.run(book, lang="zh")
    sheet = book.sheets["分级试算"]
    assert made.show == "分级试算"
    assert sheet.tables["tblTrial"].range.shape == (len(what_if.CHOICES) + 1, 4)
    with pytest.raises(FenjiError, match="is empty"):
        what_if.run(book, lang="zh")
    sheet["D7"].value = 0
    sheet["D6"].value = 0
    assert "位客户会升级，0 位会降级" in what_if.run(book, lang="zh").message.zh
    apply_trial.from_ribbon(book, book.app, "", "zh", lambda text: None)
    book.save()
    grades = xlsx.open(book.fullname).sheets["客户分级"]
    assert grades.tables["tblGrades"].range.shape[0] == 61


def test_what_is_no_number_is_named(book: xw.Book) -> None:
    what_if.run(book, lang="en")
    book.sheets["What if"]["D9"].value = "lots"
    with pytest.raises(FenjiError, match="'lots' in What if!D9 is not a number"):
        what_if.run(book, lang="en")


@pytest.mark.parametrize("text", ["bins", "bins=x"])
def test_changes_that_cannot_be_read(text: str) -> None:
    with pytest.raises(FenjiError, match=r"like grade_limits\.1=75"):
        what_if.parse([text])


def test_an_unknown_choice_is_refused(book: xw.Book) -> None:
    with pytest.raises(FenjiError, match="no choice 'colour'"):
        what_if.compare(book, {"colour": 1})


def test_a_customer_is_found_however_the_name_is_typed_and_near_names_are_proposed(book: xw.Book) -> None:
    grades = regrade.run(book, write=False).grading.grades
    name = str(grades["customer"].iloc[0])
    typed = " " + name.replace("（", "(").replace("）", ")").upper()
    assert explain.find(grades, [typed]) == 0
    with pytest.raises(FenjiError) as error:
        explain.find(grades, [name[:-1]])
    assert f"是不是要找：{name}" in error.value.text.zh
    with pytest.raises(FenjiError, match="There is no customer with the number or name '1'"):
        explain.find(grades.assign(customer="x"), ["1"])
