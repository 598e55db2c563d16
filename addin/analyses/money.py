"""Analyses of future money: predicted lifetime value."""

from __future__ import annotations

from addin.analyses.base import Asked, Sheet, analysis
from udfs import wording
from udfs.forecast import lifetime_table
from udfs.texts import Text


@analysis(
    "lifetime",
    Text(zh="客户终身价值", en="Lifetime value"),
    Text(zh="每个客户未来一年预计带来多少？", en="What will each customer probably bring in the next year?"),
)
def lifetime(asked: Asked) -> list[Sheet]:
    """Chance of buying again, expected purchases and discounted value of the next twelve months."""
    grading = asked.grading
    table, found = lifetime_table(grading)
    table = table[table["clv"].notna()].sort_values("clv", ascending=False, kind="stable")
    table = table.dropna(axis=1, how="all").reset_index(drop=True)
    currency = grading.options.currency
    total, alive = float(table["clv"].sum()), wording.percent(float(table["p_alive"].mean()))
    margin = grading.options.margin_rate
    basis = Text(
        zh="按金额计（没有设置毛利率）" if margin is None else f"按毛利率 {wording.percent(margin)} 计",
        en="in sales, as no margin rate is set"
        if margin is None
        else f"at a margin of {wording.percent(margin)}",
    )
    finding = Text(
        zh=f"未来 12 个月预计带来 {wording.money(total, 'zh', currency)}（{basis.zh}，月折现率 1%）；平均有 {alive} 的客户仍会购买。",
        en=f"The next 12 months are worth {wording.money(total, 'en', currency)} ({basis.en}, discounted by 1% a month); {alive} of customers are expected to buy again.",
    )
    notes = [finding, *found.notes]
    name = "MBG/NBD" if getattr(found.model, "modified", False) else "BG/NBD"
    notes.append(
        Text(
            zh=f"模型：{name} 与 Gamma-Gamma。区间只反映模型参数的不确定性，不是单个客户的运气。",
            en=f"Models: {name} and Gamma-Gamma. The interval shows the uncertainty of the models' parameters, "
            "not one customer's luck.",
        )
    )
    return [Sheet(Text(zh="预计价值", en="Expected value"), table, notes)]
