"""What people really select: blanks, headers, text numbers, dates, errors, whole columns."""

import datetime as dt

import numpy as np
import pytest

from udfs.cells import ExcelError
from udfs.worksheet import (
    ABC_CLASS,
    AMOUNT_OUTLIER,
    CHURN_FLAGS,
    CHURN_RISK,
    CLEAN_AMOUNT,
    CLEAN_DATE,
    CLV_HISTORIC,
    CLV_SIMPLE,
    COHORT_TABLE,
    CUSTOMER_GRADE,
    FREQUENCY_SCORE,
    GINI_INDEX,
    GROWTH_RATE,
    LOYALTY_SCORE,
    MASK_PHONE,
    MONETARY_SCORE,
    MOVEMENT_TABLE,
    PARETO_SHARE,
    PRICE_SENSITIVITY,
    PURCHASE_INTERVAL,
    RECENCY_SCORE,
    REPEAT_RATE,
    RFM_CLASS,
    RFM_CUTS,
    RFM_EXPLAIN,
    RFM_SCORE,
    RFM_SEGMENT,
    RFM_TABLE,
    RFM_TOTAL,
    SATISFACTION_SCORE,
    SEASON_INDEX,
    SEGMENT_SUMMARY,
    TENURE_DAYS,
    TREND_SLOPE,
    YOY_CHANGE,
)

VALUE, NA, NUM = ExcelError("#VALUE!"), ExcelError("#N/A"), ExcelError("#NUM!")
VALUE_REASON = "This cell holds the wrong kind of value; check it."


def test_blank_rows_stay_blank():
    assert FREQUENCY_SCORE([[8], [3], [None], [5], [""], [1], [12]]) == [[4], [2], [""], [3], [""], [1], [5]]


def test_header_is_left_out():
    assert FREQUENCY_SCORE([["订单数"], [8], [3], [5], [1], [12]]) == [[""], [4], [2], [3], [1], [5]]


def test_numbers_as_text_count():
    assert FREQUENCY_SCORE([["8"], ["3"], [" 5 "], ["1"], ["12"]]) == [[4], [2], [3], [1], [5]]


def test_text_is_an_error_in_its_cell_only():
    assert FREQUENCY_SCORE([[8], [3], ["很多"], [5], [1], [12]]) == [[4], [2], [VALUE], [3], [1], [5]]


def test_error_in_a_cell_stays_that_error():
    assert FREQUENCY_SCORE([[8], [3], ["#DIV/0!"], [5], [1], [12]])[2] == [ExcelError("#DIV/0!")]


def test_incomplete_row_is_not_available():
    assert RFM_SCORE([[5], [40]], [[8], [None]], [[200], [900]])[1] == [NA]


def test_number_out_of_domain():
    assert FREQUENCY_SCORE([[8], [-3], [5]]) == [[5], [NUM], [1]]


def test_row_gives_a_row():
    assert FREQUENCY_SCORE([[8, 3, 5, 1, 12]]) == [[4, 2, 3, 1, 5]]


def test_list_is_a_column():
    assert FREQUENCY_SCORE([8, 3]) == [[5], [1]]


def test_numpy_arrays_are_read():
    assert FREQUENCY_SCORE(np.array([8.0, np.nan, 3.0])) == [[5], [""], [1]]


def test_ranges_of_different_size():
    assert RFM_SCORE([1, 2, 3], [1, 2], [1, 2, 3]) == VALUE


def test_whole_columns_end_at_the_last_filled_cell():
    column = [[None]] * 1_048_576
    column[:3] = [["R"], [8], [3]]
    longer = column.copy()
    longer[3] = [1]
    assert FREQUENCY_SCORE(column) == [[""], [5], [1]]
    assert RFM_SCORE(column, column, longer) == [[""], ["155"], ["511"], [NA]]


def test_one_customer_needs_cut_points():
    result = RECENCY_SCORE(12)
    assert result == NA
    assert "cut points" in result.reason.en


def test_own_cut_points_include_the_better_side():
    assert [RECENCY_SCORE(d, None, None, [[30, 90]]) for d in (30, 31, 90, 91)] == [3, 2, 2, 1]
    assert [MONETARY_SCORE(a, None, None, [100, 1000]) for a in (99.9, 100, 1000)] == [1, 2, 3]


def test_three_rows_of_cuts():
    assert RFM_SCORE(12, 5, 99, 5, None, [["R", 30, 90], ["F", 2, 5], ["M", 100, ""]]) == "331"
    assert RFM_SCORE(12, 5, 99, 5, None, [[30, 90]]) == VALUE


def test_own_cuts_must_rise_or_are_sorted():
    assert RECENCY_SCORE(12, None, None, [[90, 30]]) == 3
    assert RECENCY_SCORE(12, None, None, [[30, 30]]) == VALUE


@pytest.mark.parametrize("method", ["quantile", "natural", "r-rfm", "quartiles-le", "mean", "median"])
def test_kept_cut_points_give_the_same_scores_again(method):
    days, orders, money = [5, 40, 12, 99, 1, 40], [8, 3, 5, 1, 12, 1], [200, 900, 450, 80, 1500, 80]
    cuts = RFM_CUTS(days, orders, money, 5, method)
    alone = [[RFM_SCORE(*row, 5, method, cuts)] for row in zip(days, orders, money, strict=True)]
    assert alone == RFM_SCORE(days, orders, money, 5, method)


def test_dates_and_serial_numbers_mean_the_same():
    dates = [[dt.datetime(2024, 1, 1, 13, 30)], [dt.date(2024, 2, 1)], ["2024-02-20"]]
    serials = [[45292], [45323], [45342]]
    assert RECENCY_SCORE(dates, as_of="2024-03-01") == RECENCY_SCORE(serials, as_of=45352) == [[1], [3], [5]]


def test_dates_without_as_of_are_refused():
    assert RECENCY_SCORE([45292, 45323]) == [[NUM], [NUM]]


def test_date_after_as_of_is_out_of_domain():
    assert RECENCY_SCORE([[45292], [45300], [45299]], as_of=45299)[1] == [NUM]


def test_unknown_option():
    assert RFM_SEGMENT(555, "en12") == VALUE
    assert FREQUENCY_SCORE([1, 2], 11) == NUM
    assert FREQUENCY_SCORE([1, 2], 2.5) == NUM
    assert FREQUENCY_SCORE([1, 2], "five") == VALUE


def test_missing_option_takes_its_default():
    assert FREQUENCY_SCORE([1, 2], None) == FREQUENCY_SCORE([1, 2], 5) == FREQUENCY_SCORE([1, 2])


@pytest.mark.parametrize(
    ("code", "name"), [("555", "Champions"), (111, "Lost"), ("5-1-1", "New Customers"), (411.0, "Promising")]
)
def test_segment_of_a_code(code, name):
    assert RFM_SEGMENT(code) == name


def test_segment_names_by_scheme_and_language():
    assert RFM_SEGMENT(155, None, "zh") == "重点挽回客户"
    assert RFM_SEGMENT(155, "zh8") == "重要保持客户"
    assert RFM_SEGMENT(155, "zh8", "en") == "Key: keep"
    assert RFM_SEGMENT(155, "rf25", "code") == "cant_lose_them"


def test_bad_codes():
    assert RFM_SEGMENT(["RFM", "556", 999, "abc", "1-2", None, 555]) == [
        [""], [NUM], [NUM], [VALUE], [VALUE], [""], ["Champions"]
    ]  # fmt: skip
    assert RFM_SEGMENT("10-4-5") == NUM
    assert RFM_SEGMENT("10-4-5", "zh8") == "重要价值客户"


def test_class_of_single_values_uses_three():
    assert RFM_CLASS(3, 2, 3, None, "code") == "101"


def test_class_of_many_uses_the_mean():
    assert RFM_CLASS([1, 3], [1, 1], [5, 5], None, "code") == [["011"], ["111"]]
    assert RFM_CLASS([1, 3], [1, 1], [5, 5], 4, "code") == [["001"], ["001"]]


def test_total_needs_three_weights():
    assert RFM_TOTAL(5, 4, 5) == 14
    assert RFM_TOTAL(5, 4, 5, [[1, 2]]) == VALUE


def test_explanation_in_english():
    assert RFM_EXPLAIN("555", "en").startswith("Bought very recently (R5), very often (F5)")


def test_abc_needs_more_than_one():
    assert ABC_CLASS(500) == NA


def test_grade_shares_the_weight_of_missing_parts():
    assert CUSTOMER_GRADE(80, 60, 50, None, None, None, "score") == pytest.approx(68.9, abs=0.05)
    assert CUSTOMER_GRADE([[80], [None]], [[60], [None]], None, None, None, None, None, "en") == [
        ["High-value customer"], [""]
    ]  # fmt: skip


def test_satisfaction_scale():
    assert SATISFACTION_SCORE([[10], [0], [5]], 10) == [[5], [1], [3]]
    assert SATISFACTION_SCORE("还没想好") == NA


def test_clean_date_reads_the_whole_column():
    assert CLEAN_DATE(["13/1/2024", "2/3/2024"]) == [[45304], [45353]]
    assert CLEAN_DATE("2/3/2024", "mdy") == 45325
    assert CLEAN_DATE("2024-13-45") == VALUE


def test_clean_amount_marks_what_it_cannot_read():
    assert CLEAN_AMOUNT(["约三千", 12, None]) == [[VALUE], [12], [""]]


def test_outliers_leave_text_alone():
    assert AMOUNT_OUTLIER([[1], ["x"], [1], [30]], 2) == [[False], [VALUE], [False], [True]]


def test_number_as_a_phone():
    assert MASK_PHONE(13812345678.0) == "138****5678"


class TestRfmTable:
    rows = (["甲", "乙", "甲"], [45292, 45301, 45300], [100, 50, 20])

    def test_text_dates_and_headers(self):
        table = RFM_TABLE(["客户", "甲", "乙"], ["日期", "2024/1/1", "2024-01-10"], ["金额", "100", 50])
        assert [row[:4] for row in table[1:]] == [["甲", 10, 1, 100], ["乙", 1, 1, 50]]

    def test_customer_with_a_bad_row_shows_the_error(self):
        table = RFM_TABLE([*self.rows[0], "丙"], [*self.rows[1], "昨天"], [*self.rows[2], 5])
        assert table[1:3] == RFM_TABLE(*self.rows)[1:]
        assert table[3][:2] == ["丙", VALUE]

    def test_returns_count_in_the_amount_only(self):
        table = RFM_TABLE(["甲", "甲", "乙"], [45292, 45300, 45292], [100, -30, 50])
        assert table[1][:4] == ["甲", 1, 1, 70]

    def test_orders_by_number(self):
        table = RFM_TABLE(["甲"] * 3, [45292] * 3, [1, 2, 3], None, None, None, ["a", "a", "b"])
        assert table[1][2] == 2

    def test_rows_after_as_of_are_left_out(self):
        assert RFM_TABLE(*self.rows, "2024-01-05")[1][:4] == ["甲", 4, 1, 100]
        assert RFM_TABLE(*self.rows, "2023-01-05") == NUM

    def test_english_and_codes(self):
        assert RFM_TABLE(*self.rows, lang="en")[1][8] == "Can't Lose Them"
        assert RFM_TABLE(*self.rows, lang="code")[0][:2] == ["customer", "recency_days"]


class TestLoyalty:
    def test_tenure_that_ends_before_it_begins(self):
        assert TENURE_DAYS(["2024-01-01", "2024-03-01"], ["2024-02-01", "2024-02-01"]) == [[31], [NUM]]

    def test_purchase_interval_of_one_customer(self):
        assert PURCHASE_INTERVAL(["2024-01-01", "2024-01-01", "2024-01-11", "2024-01-31"]) == 15
        assert PURCHASE_INTERVAL([45292, 45292]) == NA

    def test_purchase_interval_refuses_unreadable_dates_only_where_they_stand(self):
        assert PURCHASE_INTERVAL([45292, "x1", 45302], ["a", "a", "a"]) == [[10], [VALUE], [10]]
        assert "Row 2" in PURCHASE_INTERVAL([45292, "x1", 45302]).reason.en

    def test_nobody_to_divide_by(self):
        assert REPEAT_RATE([0, 0]) == ExcelError("#DIV/0!")
        assert PRICE_SENSITIVITY([0, 5], [0, 10]) == [[ExcelError("#DIV/0!")], [0]]

    def test_a_negative_weight_turns_a_part_round(self):
        complaints = [[0], [2], [5]]
        assert LOYALTY_SCORE(complaints, [[-1]]) == [
            [pytest.approx(83.33, abs=0.01)],
            [50],
            [pytest.approx(16.67, abs=0.01)],
        ]

    def test_parts_may_be_blank_and_rows_wrong(self):
        parts = [["时长", "推荐"], [24, None], ["x", 3], [None, None], [6, 1]]
        assert LOYALTY_SCORE(parts) == [[""], [75], [VALUE], [""], [pytest.approx(37.5)]]


class TestChurn:
    def test_flags_side_by_side_and_errors_in_their_row(self):
        flags = CHURN_FLAGS(
            [["2024-01-15"], ["x1"], [None], ["2024-06-29"]], "2024-06-30", [[2], [2], [None], [4]]
        )
        assert flags == [[1, 1, 0], [VALUE] * 3, [""] * 3, [0, 0, 0]]

    def test_risk_counts_the_flags(self):
        assert CHURN_RISK(["2024-01-15", "2024-06-29"], "2024-06-30", [2, 2], None, None, "code") == [
            ["high"], ["medium"]
        ]  # fmt: skip

    def test_as_of_is_needed(self):
        assert CHURN_RISK(["2024-01-15"], None) == NA


class TestValue:
    def test_growth_from_nothing(self):
        assert GROWTH_RATE(5, 0) == ExcelError("#DIV/0!")
        assert GROWTH_RATE(5, -10) == 1.5

    def test_simple_value_needs_an_end(self):
        assert CLV_SIMPLE([90, 90], [0.8, 1], [0.1, 0]) == [[240], [NUM]]
        assert CLV_SIMPLE(90, 1.2, 0.1) == NUM
        assert CLV_SIMPLE(90, 0.8, 0.1, True) == pytest.approx(330)

    def test_historic_value_of_all_or_of_each(self):
        assert CLV_HISTORIC([100, 200, 300], 0.1) == 60
        assert CLV_HISTORIC([100, 200], None, ["a", "b"]) == [[100], [200]]
        assert "Row 2" in CLV_HISTORIC([100, "x1"]).reason.en

    def test_blank_months_keep_their_place(self):
        assert YOY_CHANGE([100, None, 150, 90, None], 2) == [[NA], [""], [0.5], [NA], [""]]
        assert TREND_SLOPE(["月销售额", 10, None, 14]) == 2

    def test_seasons_need_two_years(self):
        assert SEASON_INDEX([1, 3] * 11) == NA
        assert SEASON_INDEX([1, 3] * 12, 2)[0] == [pytest.approx(1.5)]

    def test_concentration_of_nothing(self):
        assert PARETO_SHARE([0, 0]) == GINI_INDEX([0, 0]) == ExcelError("#DIV/0!")
        assert PARETO_SHARE([None, None]) == GINI_INDEX(["金额", None]) == NA

    def test_concentration_names_the_row_it_cannot_read(self):
        assert PARETO_SHARE([5, "x1", 3]).message("en") == "#VALUE! Row 2 of the range: " + VALUE_REASON


class TestTables:
    def test_movement_in_the_order_wanted(self):
        table = MOVEMENT_TABLE(["B", "A"], ["A", "A"], ["A", "B", "C"])
        assert table == [["", "A", "B", "C"], ["A", 1, 0, 0], ["B", 1, 0, 0], ["C", 0, 0, 0]]

    def test_cohorts_in_english(self):
        table = COHORT_TABLE(["a", "b"], ["2024-01-05", "2024-01-20"], None, "en")
        assert table == [["First order", "Customers", "Month 0"], ["2024-01", 2, 2]]

    def test_cohorts_of_impossible_dates(self):
        assert COHORT_TABLE(["a", "b"], ["1924-01-05", "2024-01-20"]) == NUM

    def test_summary_of_no_money_has_no_shares(self):
        assert SEGMENT_SUMMARY(["A", "B"], [0, 0], "code")[1:] == [["A", 1, 0.5, 0, ""], ["B", 1, 0.5, 0, ""]]

    def test_summary_names_an_incomplete_row(self):
        assert SEGMENT_SUMMARY(["客群", "A", "B"], ["金额", 5, None]) == NA
