"""Help texts of the subcommands and options, in the shell's language."""

from __future__ import annotations

from addin.shell import language
from udfs.texts import Text

_TEXTS = {
    "fenji": Text(
        zh="fenji（分级）：给 Excel 里的客户打分、分类、定级，并说明理由。",
        en="fenji scores, classifies and grades the customers in your workbook, and says why.",
    ),
    "version": Text(zh="显示版本。", en="Show the version."),
    "files": Text(
        zh="工作簿或订单文件：.xlsx .xlsm .xlsb .xls .csv .tsv .txt .parquet；几个文件要加 --together。",
        en="A workbook or order file: .xlsx .xlsm .xlsb .xls .csv .tsv .txt .parquet; several with --together.",
    ),
    "lang": Text(
        zh="输出语言；默认跟随表头的语言。", en="Language of the output; that of the headers unless given."
    ),
    "out": Text(
        zh="结果写到这个文件；默认先备份再写回原工作簿。",
        en="Write the result here; by default the workbook itself is changed, after a backup.",
    ),
    "as_of": Text(
        zh="分析日期，如 2024-12-31；默认是最后一笔有效销售的次日。",
        en="Analysis date, such as 2024-12-31; the day after the last valid sale unless given.",
    ),
    "sheet": Text(
        zh="只看这张工作表，可重复；几张订单表要加 --together。",
        en="Look at this sheet only; repeatable. Several order sheets need --together.",
    ),
    "table": Text(zh="只看这个 Excel 表，可重复。", en="Look at this Excel table only; repeatable."),
    "names": Text(
        zh="没有表头的文件：按顺序写出各列名称。", en="Headers, in order, for a file that has none."
    ),
    "together": Text(
        zh="把列相同的几个文件或几张订单表（如每月一张）合在一起。",
        en="Take several files or order sheets of the same shape (one a month) together.",
    ),
    "demo": Text(
        zh="生成一份示例工作簿，分级，并说明结果。",
        en="Make a sample workbook, grade it and say what came out.",
    ),
    "customers": Text(zh="客户数。", en="Number of customers."),
    "demo_out": Text(zh="放在哪个文件夹。", en="Folder to put it in."),
    "templates": Text(zh="列出报告模板。", en="List the report templates."),
    "templates_json": Text(
        zh="输出 JSON：名称、标题、语言、说明。", en="As JSON: name, title, language, description."
    ),
    "report": Text(
        zh="用模板从工作簿生成报告：写回工作簿，或用 -o 另存为单独的报告。",
        en="Fill a report template from a workbook: into it, or with -o as a workbook of its own.",
    ),
    "report_file": Text(zh="客户工作簿（.xlsx 或 .xlsm）。", en="The customer workbook (.xlsx or .xlsm)."),
    "template": Text(
        zh="模板名称（见 fenji templates），或自己的模板文件。",
        en="Name of a template (see fenji templates), or a template file of your own.",
    ),
    "report_out": Text(
        zh="报告另存为这个文件（.xlsx 或 .pdf）；默认先备份，再写进工作簿。",
        en="Save the report here (.xlsx or .pdf); by default it goes into the workbook, after a backup.",
    ),
    "pdf": Text(zh="同时生成 PDF（需要 LibreOffice）。", en="Also write a PDF (needs LibreOffice)."),
    "regrade": Text(
        zh="给工作簿里的每位客户打分、分类、定级。",
        en="Score, classify and grade every customer of a workbook.",
    ),
    "check": Text(
        zh="只检查数据，不改动文件：哪一行哪一列有什么问题，建议怎么改。",
        en="Check the data only: which cell has which problem, and what to do. Changes nothing.",
    ),
    "columns": Text(
        zh="显示识别出的表和各列的含义。", en="Show the recognised tables and what each column means."
    ),
    "scheme": Text(zh="客群方案。", en="Segment scheme."),
    "method": Text(
        zh="打分方法：quantile r-rfm quartiles-le cuts mean median top natural。",
        en="Scoring method: quantile r-rfm quartiles-le cuts mean median top natural.",
    ),
    "bins": Text(zh="分几档（2 到 10）。", en="Number of scores, 2 to 10."),
    "cuts": Text(
        zh="自定分界点：R 是天数，F 是次数，M 是金额。",
        en="Your own cut points: R in days, F in orders, M in money.",
    ),
    "where": Text(
        zh="只看符合条件的客户或订单，可重复：= != > < in。",
        en="Only customers or orders that match; repeatable: = != > < in.",
    ),
    "period": Text(
        zh="只看这段时间：2024、2024Q3、2024-01-01..2024-06-30、last-6-months。",
        en="Only this period: 2024, 2024Q3, 2024-01-01..2024-06-30, last-6-months.",
    ),
    "set": Text(
        zh="改动任一设置，如 --set vip_share=0.05，可重复（名称见分级设置表）。",
        en="Change any setting, such as --set vip_share=0.05; repeatable (names as in the settings sheet).",
    ),
    "grades_csv": Text(
        zh="另存一份 CSV：每位客户一行，列名和代码固定。",
        en="Also write a CSV: one row per customer, stable keys and codes.",
    ),
    "json": Text(
        zh="另存一份 JSON：总数、分界点、各客群。", en="Also write a JSON: totals, cut points, segments."
    ),
    "check_json": Text(zh="把问题清单存为 JSON。", en="Write the list of problems as JSON."),
    "dry_run": Text(zh="只说明会改什么，不改动任何文件。", en="Say what would change; change nothing."),
    "frozen": Text(
        zh="沿用工作簿里上次的分界点。", en="Reuse the cut points of the last run in this workbook."
    ),
}

HELP: dict[str, str] = {name: text(language()) for name, text in _TEXTS.items()}
