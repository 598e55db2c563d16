"""What an order's status says: a sale, no sale (cancelled, closed, unpaid), or a return.

Only words decide. A status nobody knows counts as a sale and is reported, so that nothing disappears
because a shop invented a word.
"""

from __future__ import annotations

import re

from udfs.cleaning.spelling import joined

SALE, NOT_A_SALE, RETURN = "sale", "not_a_sale", "return"

# Order matters: 退款关闭 is a return before it is closed; 未退款 and 退款失败 are none.
_RULES = [
    (SALE, r"未退|无退|没有退|退款失败|退款关闭\(已拒绝\)|拒绝退|取消退|撤销退|not refunded|no refund|refund (?:declined|rejected)"),
    (SALE, r"部分退|partial(?:ly)?[_ ]refund"),
    (RETURN, r"退款|退货|已退|退单|退换|退回|冲销|冲红|红字|红冲|^退$|refund|return|chargeback|charge back|credit note|reversal|reversed"),
    (SALE, r"未取消|不取消|not cancel|uncancel|赢单|closed ?_?-?won"),
    (NOT_A_SALE, r"输单|谈判|商机|线索|prospect|qualif|needs analysis|value proposition|perception analysis|decision ?maker|proposal|negotiat|discovery|appointment|presentation|contract ?sent|\blost$"),
    (NOT_A_SALE, r"取消|关闭|作废|无效|废弃|未付|待付|未支付|待支付|等待买家付款|未成交|未完成付款|流单|丢单|拒收|撤销|草稿|报价|意向|审核中|待审核|删除"),
    (NOT_A_SALE, r"cancel|clos|void|unpaid|abandon|fail|declin|reject|expired|draft|quot|deleted|awaiting payment|pending payment"),
    (NOT_A_SALE, r"^(?:payment )?pending$|^authorized$|^on hold$"),
    (SALE, r"完成|成功|成交|已付|付款|支付|发货|收货|签收|交易中|正常|有效|结清|出库|交付|确认|评价|售|销售|订单|普通|常规|定制|赊|部分"),
    (SALE, r"complet|paid|ship|deliver|fulfil|success|process|confirm|receiv|settle|invoic|sale|sold|order|active|normal|ok|done|standard|custom|won|partial|approved|regular"),
]  # fmt: skip
RULES = [(meaning, re.compile(pattern)) for meaning, pattern in _RULES]


def meaning_of(status: str) -> str | None:
    """What a status or order type says: "sale", "not_a_sale", "return", or None when it is not known.

    >>> [meaning_of(s) for s in ("交易成功", "交易关闭", "已退款", "Closed", "Refunded", "未付款", "某某")]
    ['sale', 'not_a_sale', 'return', 'not_a_sale', 'return', 'not_a_sale', None]
    """
    text = joined(status).casefold()
    for meaning, pattern in RULES:
        if pattern.search(text):
            return meaning
    return None


TEST = re.compile(r"测试|測試|(?<![a-z])test(?:ing|er|s|\d*)?(?![a-z])", re.IGNORECASE)


def says_test(text: str) -> bool:
    """Whether a customer's name or a remark marks a test order.

    >>> says_test("测试订单"), says_test("test order"), says_test("Latest contest")
    (True, True, False)
    """
    return TEST.search(text) is not None
