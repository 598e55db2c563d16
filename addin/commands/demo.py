"""`fenji demo`: a realistic workbook, graded, to see in a minute what fenji does."""

from __future__ import annotations

from pathlib import Path

from addin import shell
from addin.commands import regrade_file
from addin.hosts.xlsx.saving import check_writable
from udfs.texts import FenjiError, Lang, Text

FILE = Text(zh="示例客户.xlsx", en="sample-customers.xlsx")


def run(folder: Path, lang: Lang, customers: int) -> Path:
    """Writes the sample workbook into `folder`, grades it, prints a summary; returns the workbook's path.

    An existing sample workbook is replaced; nothing else in the folder is touched.
    """
    from workbook_templates.sample_workbook import write_sample_workbook

    path = folder / FILE(lang)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FenjiError(
            zh=f"无法建立文件夹“{folder}”：{error.strerror}。请用 --out 换一个位置。",
            en=f"The folder '{folder}' cannot be made: {error.strerror}. Choose another one with --out.",
        ) from error
    check_writable(path)
    with shell.progress(lang) as say:
        say(Text(zh="正在生成示例工作簿", en="Making the sample workbook"))
        write_sample_workbook(path, lang, customers)
    shell.say(
        Text(
            zh=f"示例工作簿：{customers:,} 位客户，有真实表格常见的毛病（重复、文字日期、86元、退货、测试订单……）。\n",
            en=f"Sample workbook: {customers:,} customers, with the dirt of real tables (duplicates, text dates, "
            "$86.00 as text, returns, test orders ...).\n",
        ),
        lang,
    )
    regrade_file.run(regrade_file.Request(files=[path], lang=lang, backup=False), lang)
    return path
