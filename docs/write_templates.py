"""Writes docs/templates.md and docs/templates.zh.md: the rule of templates, those there are, and every dataset.

    python docs/write_templates.py

The columns are those of the sample firm's data; docstrings say what each dataset answers.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.templates.graded import sample_datasets
from udfs.texts import Lang
from workbook_templates import narrative
from workbook_templates.datasets import Missing
from workbook_templates.datasets.base import MAKERS, VALUE_MAKERS
from workbook_templates.datasets.sources import DIMENSIONS
from workbook_templates.designs import ALL
from workbook_templates.headers import header

HERE = Path(__file__).resolve().parent

RULE: dict[Lang, str] = {
    "zh": """# 报告模板

`fenji templates` 列出所有模板，`fenji report 文件 --template 名称` 生成报告。

```
fenji report 客户.xlsx -t report                      # 写进工作簿（先备份）
fenji report 客户.xlsx -t report -o 报告.xlsx --pdf   # 另存为单独的报告，并生成 PDF
fenji report 客户.xlsx -t churn --where "地区=华东" --period 2024
fenji report 客户.xlsx -t card --where "客户名称=某某公司" -o 登记卡.pdf
fenji report -t start -o 新的客户管理表.xlsx
```

再次运行会更新数据，保留您改过的版式：移动过的单元格、列宽、颜色、自己加的列和图表。缺少某一列时，相应的工作表不生成，第一张表会说明补上哪一列就有。

`--where` 里写客户或订单的列，会限定整份报告；写分级结果（分级、客群、流失风险等），只限定名单和登记卡。

## 自己做模板

在 Excel 里新建或修改一个 .xlsx 文件，用 `--template 文件名.xlsx` 使用。规则只有四条：

1. **表**：名称以 `tbl` 开头的 Excel 表会被填入同名的数据。`tblGrades` 填入 `grades`，`tblKeyAccounts` 填入 `key_accounts`。下划线后的部分不算，所以同一数据可以用两次：`tblGrades_打印`。
2. **列**：表头决定要哪些列、按什么顺序。中文表头、英文表头或列的代码都可以。第一行是公式的列属于您自己，不会改动。
3. **占位符**：文字里的 `{{ customers }}` 会换成同名的值；`{{ card.customer }}` 使这张表成为登记卡，每位客户一张。
4. **数据透视表**：`{{ pivot tblSales | rows 地区 | columns 年份 | values 金额 }}` 会变成原生数据透视表。

图表、条件格式、打印设置照常在 Excel 里做，表变长时会跟着变。图表标题可以链接到写有 `{{ finding_region }}` 的单元格，这样标题就是结论。
名称写错时，会逐一列出哪里写错、有哪些可用。其他名称的表不受影响。

在 Excel、.xlsx 文件上功能相同。在网页版 Excel 里，图表和数据透视表由 Excel 重新画（差别见 [install.zh.md](install.zh.md#网页版-excel)）。

## 模板
""",
    "en": """# Report templates

`fenji templates` lists them; `fenji report FILE --template NAME` makes a report.

```
fenji report customers.xlsx -t report                       # into the workbook, after a backup
fenji report customers.xlsx -t report -o report.xlsx --pdf  # as a workbook of its own, and a PDF
fenji report customers.xlsx -t churn --where "region=East" --period 2024
fenji report customers.xlsx -t card --where "customer=Example Ltd" -o card.pdf
fenji report -t start -o new-customers.xlsx
```

Running it again brings the data up to date and keeps what you changed in layout: moved cells, widths, colours, columns and charts of your own. Where a column is missing, its sheet is left out, and the first sheet says which column would bring it.

A `--where` on a column of customers or orders limits the whole report; one on a result (grade, segment, churn risk ...) limits the lists and cards only.

## Templates of your own

Make or change an .xlsx file in Excel and name it with `--template FILE.xlsx`. There are four rules:

1. **Tables**: an Excel table whose name begins with `tbl` takes the dataset of that name. `tblGrades` takes `grades`, `tblKeyAccounts` takes `key_accounts`. What follows an underscore does not count, so a dataset can stand twice: `tblGrades_print`.
2. **Columns**: the headers choose the columns and their order. Chinese header, English header or the column's key all work. A column whose first cell is a formula is your own and stays.
3. **Placeholders**: `{{ customers }}` in a text becomes the value of that name; `{{ card.customer }}` makes the sheet a card, one for each customer.
4. **Pivot tables**: `{{ pivot tblSales | rows Region | columns Year | values Amount }}` becomes a native pivot table.

Charts, conditional formats and print settings are made in Excel as usual and follow when a table grows. Link a chart's title to a cell with `{{ finding_region }}`, and the title says the finding.
Names that do not exist are all reported, with where they stand and what exists. Tables of other names are left alone.

It works the same in Excel and on .xlsx files. In Excel on the web charts and pivot tables are drawn anew by Excel ([install.md](install.md#excel-on-the-web) says what differs).

## Templates
""",
}
WORDS: dict[Lang, tuple[str, str, str, str, str]] = {
    "zh": ("数据", "数据", "内容", "列", "值（占位符）"),
    "en": ("Datasets", "Dataset", "What it holds", "Columns", "Values (placeholders)"),
}

DIMENSIONS_ZH = {
    "age": "年龄段", "channel": "渠道", "industry": "行业", "nature": "企业性质", "province": "省份", "region": "地区",
    "sex": "性别", "size": "企业规模", "source": "客户来源",
}  # fmt: skip
PURPOSES_ZH = {
    "abc": "ABC 各类的客户数、金额和占比。",
    "bins": "供下次“沿用分界点”读取的分界点；用稳定代码写成，不供阅读。",
    "churn": "高、中流失风险的客户，金额大的在前：原因、由谁在何时之前做什么。",
    "churn_reasons": "每种流失信号的客户数和金额；一位客户可以有几种。",
    "churn_risks": "各风险等级的客户数、占比和金额。",
    "class8": "RFM 八类客户及其高低组合。",
    "collection": "回款风险大客户。",
    "customer_list": "全部客户的基本信息和分级结果，一行一位。",
    "cut_points": "日期、选项、分界点、未计入的数据和核对数，足以手工复算。",
    "diagnosis": "数据显示的问题，每条都有依据和建议；没有依据的不写。",
    "dimensions": "每个分析维度一行：填写率和最大的一类。",
    "fall10": "金额下滑最多的十位客户。",
    "grades": "客户分级管理分析表：十二列及更多，等级高的在前。",
    "growth10": "与上年同期相比金额增长最多的十位客户。",
    "heatmap": "按 R 得分（行，近的在上）和 F 得分（列）的客户数。",
    "heatmap_amount": "按 R 得分和 F 得分的金额。",
    "histogram_f": "按订单数分段的客户数。",
    "histogram_m": "按消费金额分段的客户数。",
    "histogram_r": "按距上次消费天数分段的客户数。",
    "key_accounts": "大客户档案：金额、占比、同比、排名、利润、逾期天数、潜力、标记和措施。",
    "lorenz": "洛伦兹曲线：客户从小到大，每一成一个点。",
    "low_margin": "高销售低利润大客户。",
    "loyal_customers": "最忠诚的客户（最多 100 位）。",
    "loyalty": "各忠诚度的客户数、占比和金额。",
    "loyalty_measures": "每位客户忠诚度的各组成部分，用常见的单位。",
    "loyalty_signs": "高、低忠诚度的表现，附各类客户的平均值。",
    "mailing": "可以联系的客户及联系方式，用于群发和企业微信等工具。",
    "order_lines": "计入的订单，附客户的分级结果；太多时按客户和年份汇总。",
    "owners": "每位负责人的客户数、金额、风险和等级：精力放在哪里。",
    "pareto": "金额最高的 20 位客户及累计占比。",
    "performance": "本期或前两年有购买的每位客户：金额、占比、同比、排名、评价和措施。",
    "products": "每个产品的数量、金额、占比和同比，畅销的在前（最多 200 个）。",
    "rfm": "每位客户一行，顺序与客户表相同，可直接做透视表。",
    "sales": "按地区、产品类别、年份和季度的金额：透视表的数据。",
    "segments": "各客群的客户数、金额和建议动作。",
    "statistics": "R、F、M 的最小值、中位数、平均值和最大值。",
    "strategies": "各等级及对应的做法。",
    "summary": "结论，重要的在前（最多八条）。",
    "top10": "本期金额最高的十位客户。",
    "top_products": "最畅销的十个产品，供图表使用。",
    "years": "每个年度：购买客户数、订单数、金额和变化；最近一年可能不完整。",
}


def write(lang: Lang) -> str:
    parts = [RULE[lang]]
    comma, named = ("、", "{}（`{}`）") if lang == "zh" else (", ", "{} (`{}`)")
    for t in ALL:
        parts.append(
            f"### {named.format(t.title(lang), t.name)}\n\n{t.description(lang)}\n\n"
            f"![{t.title(lang)}](../workbook_templates/pictures/{t.name}-{lang}.png)\n"
        )
    datasets_title, name_title, meaning, columns, values_title = WORDS[lang]
    parts.append(f"## {datasets_title}\n\n| {name_title} | {meaning} | {columns} |\n|---|---|---|")
    x = sample_datasets(lang, 150)
    for name in sorted(MAKERS):
        if name == "cards":
            continue
        try:
            keys = [str(c) for c in x.get(name).columns]
        except Missing:
            keys = []
        shown = comma.join(dict.fromkeys(header(k, lang) for k in keys))
        parts.append(f"| `{name}` | {purpose(name, lang)} | {shown} |")
    sentences = [f"`finding_{name}`" for name in narrative.RULES]
    figures = [f"`{name}`" for name in sorted([*VALUE_MAKERS, "left_out"])]
    parts.append(f"\n## {values_title}\n\n{comma.join(figures)}\n\n{comma.join(sentences)}\n")
    return "\n".join(parts)


def purpose(name: str, lang: Lang) -> str:
    """What a dataset holds: in English the first line of its docstring; dimensions share theirs."""
    kind, _, rest = name.partition("_")
    if rest in DIMENSIONS and kind == "by":
        zh = f"按{DIMENSIONS_ZH[rest]}的客户数和金额，各年并列。"
        return zh if lang == "zh" else f"Customers and amount by {rest}, years side by side."
    if rest in DIMENSIONS and kind == "pie":
        zh = f"按{DIMENSIONS_ZH[rest]}最大的五类和其余。"
        return zh if lang == "zh" else f"The five largest classes by {rest}, and the rest."
    return PURPOSES_ZH[name] if lang == "zh" else (MAKERS[name].__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    (HERE / "templates.zh.md").write_text(write("zh"), "utf-8")
    (HERE / "templates.md").write_text(write("en"), "utf-8")
