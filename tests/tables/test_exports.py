"""Exports of shops, marketplaces, accounting and customer systems: every column is taken for what it is there."""

from __future__ import annotations

import pytest

from addin import tables
from addin.recognition import candidates, tax_basis
from tests.tables.test_find import grid

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Billing Name,Billing Country,Billing Phone,Shipping Name,Shipping Country,Notes,"
    "Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Source,Lineitem discount,Phone,Receipt Number"
)
WOOCOMMERCE = (
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Email (Billing),"
    "First Name (Shipping),Last Name (Shipping),Order Subtotal Amount,Order Refund Amount,Order Total Amount,SKU,Item #,Item Name,"
    "Quantity (- Refund),Item Cost,Coupon Code,Discount Amount"
)
WOOCOMMERCE_PLAIN = (
    "Order Number,Order Status,Order Date,Order Total,Billing First Name,Billing Last Name,Billing Email,Billing Phone,"
    "Billing Address 1,Billing Country,Item Name,Item Quantity"
)
STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Description,Fee,Status,Customer ID,Customer Description,"
    "Customer Email,Invoice ID"
)
SQUARE = (
    "Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Tax,Tip,Total Collected,Source,Card,Transaction ID,"
    "Payment ID,Staff Name,Description,Event Type,Customer ID,Customer Name"
)
ETSY = (
    "Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Currency,Order Value,Coupon Code,"
    "Discount Amount,Shipping,Sales Tax,Order Total,Status,Order Net,Buyer,Order Type"
)
AMAZON = (
    "amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,sales-channel,product-name,sku,asin,quantity,"
    "currency,item-price,item-tax,buyer-email,buyer-name,recipient-name,ship-country"
)
EBAY = (
    "Sales Record Number,Order Number,Buyer Username,Buyer Name,Buyer Email,Item Number,Item Title,Quantity,Sold For,Total Price,"
    "Sale Date,Paid On Date"
)
HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company"
)
SALESFORCE = "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Probability (%),Age,Close Date,Created Date,Type"
XERO = "ContactName,EmailAddress,InvoiceNumber,InvoiceDate,DueDate,Total,Description,Quantity,UnitAmount,Discount,LineAmount,Currency,Type,Status"
QUICKBOOKS = (
    "Date,Transaction type,Num,Customer,Memo/Description,Product/Service,Qty,Sales Price,Amount,Balance"
)
TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因"
)
ALIBABA = "订单编号,买家公司名,买家会员名,卖家公司名,卖家会员名,货品总价(元),运费,涨价或折扣(元),实付款,订单状态,订单创建时间,订单付款时间,收货人姓名,货品标题,单价(元),数量"
JD = "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,联系电话,付款确认时间"
PINDUODUO = (
    "商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),商品数量(件),收货人,手机,"
    "支付时间,拼单成功时间,发货时间,商品id,商品规格,售后状态"
)
YOUZAN = (
    "订单号,销售渠道,归属店铺,订单类型,订单状态,订单创建时间,买家付款时间,商品金额合计,运费,店铺优惠合计,应收订单金额,订单实付金额,订单实收金额,"
    "全部商品名称,收货人省份,收货人/提货人,买家备注,买家昵称,买家手机号,订单退款状态,订单已退款金额"
)
DOUYIN = "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,订单提交时间,商家备注,订单状态,售后状态"
WEIMOB = "订单编号,订单状态,下单时间,付款时间,客户昵称,客户手机号,收货人姓名,商品名称,商品单价,购买数量,商品总额,优惠金额,订单实付金额,退款金额"
KINGDEE_CLOUD = "日期,单据编号,客户编码,客户名称,部门,业务员,物料编码,物料名称,单位,实发数量,单价,含税单价,金额,税率,税额,价税合计,备注"
KINGDEE_K3 = "日期,单据编号,购货单位,产品代码,产品名称,规格型号,单位,实发数量,销售单价,销售金额,业务员,备注"
YONYOU = "发货单号,发货日期,业务类型,客户编码,客户简称,业务员,存货编码,存货名称,数量,含税单价,无税单价,无税金额,税额,价税合计"
YONYOU_LIST = "制单日期,单据号,客户,部门,业务员,存货,规格,数量,原币无税金额,原币价税合计,制单人"
GUANJIAPO = "单据日期,单据编号,往来单位编号,往来单位全名,经手人,商品编号,商品全名,数量,单价,折扣,金额,税率,含税金额,摘要,单据类型"
SUPERSTORE = (
    "Row ID,Order ID,Order Date,Ship Date,Customer ID,Customer Name,Segment,Country,City,Region,Product ID,Category,Sub-Category,"
    "Product Name,Sales,Quantity,Discount,Profit"
)

ORDERS = {
    "Shopify": (SHOPIFY, "order_id=Name customer_id=Email customer=Billing Name amount=Total order_date=Created at refunded=Refunded Amount price=Lineitem price quantity=Lineitem quantity status=Financial Status"),
    "WooCommerce": (WOOCOMMERCE, "order_id=Order Number customer_id=Email (Billing) amount=Order Total Amount order_date=Order Date refunded=Order Refund Amount price=Item Cost quantity=Quantity (- Refund) product=Item Name first_name=First Name (Billing)"),
    "WooCommerce, plain": (WOOCOMMERCE_PLAIN, "order_id=Order Number customer_id=Billing Email amount=Order Total order_date=Order Date quantity=Item Quantity"),
    "Stripe": (STRIPE, "order_id=id customer_id=Customer ID amount=Amount refunded=Amount Refunded order_date=Created date (UTC) currency=Currency"),
    "Square": (SQUARE, "order_id=Transaction ID customer_id=Customer ID amount=Net Sales order_date=Date order_type=Event Type"),
    "Etsy": (ETSY, "order_id=Order ID customer_id=Buyer User ID customer=Full Name amount=Order Total order_date=Sale Date"),
    "Amazon": (AMAZON, "order_id=amazon-order-id customer_id=buyer-email customer=buyer-name amount=item-price order_date=purchase-date"),
    "eBay": (EBAY, "order_id=Order Number customer_id=Buyer Username customer=Buyer Name amount=Total Price order_date=Sale Date paid_date=Paid On Date"),
    "HubSpot": (HUBSPOT, "order_id=Record ID customer=Associated Company amount=Amount order_date=Close Date status=Deal Stage owner=Deal owner"),
    "Salesforce": (SALESFORCE, "customer=Account Name amount=Amount order_date=Close Date status=Stage owner=Opportunity Owner"),
    "Xero": (XERO, "order_id=InvoiceNumber customer=ContactName amount=LineAmount price=UnitAmount order_date=InvoiceDate due_date=DueDate"),
    "QuickBooks": (QUICKBOOKS, "customer=Customer amount=Amount order_date=Date product=Product/Service quantity=Qty order_type=Transaction type"),
    "Superstore": (SUPERSTORE, "order_id=Order ID customer_id=Customer ID amount=Sales order_date=Order Date region=Region"),
    "淘宝": (TAOBAO, "order_id=订单编号 customer=买家会员名 amount=买家实际支付金额 order_date=订单创建时间 status=订单状态 quantity=宝贝总数量"),
    "1688": (ALIBABA, "order_id=订单编号 customer_id=买家会员名 customer=买家公司名 amount=实付款 order_date=订单创建时间 product=货品标题"),
    "京东": (JD, "order_id=订单号 customer_id=下单帐号 customer=客户姓名 amount=应付金额 order_date=下单时间 price=京东价 paid_date=付款确认时间"),
    "拼多多": (PINDUODUO, "order_id=订单号 customer_id=手机 customer=收货人 amount=用户实付金额(元) order_date=拼单成功时间 status=订单状态"),
    "有赞": (YOUZAN, "order_id=订单号 customer_id=买家手机号 customer=买家昵称 amount=订单实付金额 order_date=订单创建时间 refunded=订单已退款金额"),
    "抖店": (DOUYIN, "order_id=主订单编号 customer_id=收件人手机号 amount=订单应付金额 order_date=订单提交时间 product=选购商品"),
    "微盟": (WEIMOB, "order_id=订单编号 customer_id=客户手机号 customer=客户昵称 amount=订单实付金额 order_date=下单时间 refunded=退款金额"),
    "金蝶云": (KINGDEE_CLOUD, "order_id=单据编号 customer_id=客户编码 amount=价税合计 price=含税单价 order_date=日期"),
    "金蝶 K3": (KINGDEE_K3, "order_id=单据编号 customer=购货单位 amount=销售金额 quantity=实发数量 owner=业务员"),
    "用友": (YONYOU, "order_id=发货单号 customer_id=客户编码 amount=价税合计 price=含税单价 order_date=发货日期"),
    "用友列表": (YONYOU_LIST, "order_id=单据号 customer=客户 amount=原币价税合计 order_date=制单日期 product=存货"),
    "管家婆": (GUANJIAPO, "order_id=单据编号 customer_id=往来单位编号 customer=往来单位全名 amount=含税金额 order_type=单据类型 product=商品全名"),
    "English list": ("Order ID,Name,Date,Amount", "order_id=Order ID customer=Name order_date=Date amount=Amount"),
    "中文清单": ("订单编号,姓名,日期,金额", "order_id=订单编号 customer=姓名 order_date=日期 amount=金额"),
}  # fmt: skip
CUSTOMERS = {
    "Shopify": (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,Total Spent,Total Orders,Note,Tags",
        "customer_id=Customer ID email=Email total_amount=Total Spent order_count=Total Orders",
    ),
    "Klaviyo": (
        "Email,First Name,Last Name,Phone Number,Last Open,Historic Customer Lifetime Value,Number Of Orders,Date Of Last Order",
        "customer_id=Email email=Email total_amount=Historic Customer Lifetime Value last_order_date=Date Of Last Order",
    ),
    "HubSpot": (
        "Record ID,First Name,Last Name,Email,Contact owner,Create Date,Total Revenue,Number of Associated Deals,Recent Deal Close Date",
        "customer_id=Record ID order_count=Number of Associated Deals last_order_date=Recent Deal Close Date",
    ),
    "电话": (
        "手机号,累计消费,消费次数,最近消费时间",
        "customer_id=手机号 phone=手机号 total_amount=累计消费",
    ),
    "e-mail": (
        "Email,Total Spent,Orders,Last Order",
        "customer_id=Email email=Email total_amount=Total Spent",
    ),
}


def meaning(headers: list[str], role: str) -> dict[str, str]:
    """What the best reading of a row of headers takes each column for."""
    found = candidates(dict(enumerate(headers, 1)), 1, "Sheet1", {})
    assert found[0].role == role
    assert found[0].complete
    return {key: headers[column - 1] for key, column in found[0].columns.items()}


def pairs(text: str) -> dict[str, str]:
    """ "a=B c c=D" as {"a": "B c", "c": "D"}."""
    words = text.split("=")
    keys = [words[0], *(w.rsplit(" ", 1)[1] for w in words[1:-1])]
    return dict(zip(keys, [*(w.rsplit(" ", 1)[0] for w in words[1:-1]), words[-1]], strict=True))


@pytest.mark.parametrize(("headers", "expected"), ORDERS.values(), ids=list(ORDERS))
def test_orders(headers: str, expected: str) -> None:
    found = meaning(headers.split(","), "orders")
    assert {key: found.get(key) for key in pairs(expected)} == pairs(expected)


@pytest.mark.parametrize(("headers", "expected"), CUSTOMERS.values(), ids=list(CUSTOMERS))
def test_customers(headers: str, expected: str) -> None:
    found = meaning(headers.split(","), "customers")
    assert {key: found.get(key) for key in pairs(expected)} == pairs(expected)


def test_what_an_export_calls_otherwise_is_not_offered_a_second_time() -> None:
    found = candidates(dict(enumerate(SHOPIFY.split(","), 1)), 1, "orders", {})[0]
    assert found.passed_over == {}


def test_the_users_own_meaning_wins_over_the_exports() -> None:
    headers = dict(enumerate(SHOPIFY.split(","), 1))
    found = candidates(headers, 1, "orders", {"Subtotal": "amount", "Total": ""})[0]
    assert headers[found.columns["amount"]] == "Subtotal"


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        ("日期,客户,金额,价税合计", "价税合计"),
        ("日期,客户,金额（不含税）,金额（含税）", "金额（含税）"),
        ("日期,客户,不含税金额,含税金额", "含税金额"),
        ("日期,客户,实付金额,价税合计", "实付金额"),
        ("Date,Customer,Amount,Amount (incl. VAT)", "Amount (incl. VAT)"),
        ("日期,客户,不含税金额", "不含税金额"),
        ("日期,客户,金额", "金额"),
    ],
)
def test_of_amounts_with_and_without_tax_the_one_with_tax_is_used(headers: str, used: str) -> None:
    assert meaning(headers.split(","), "orders")["amount"] == used


def test_which_tax_basis_was_used_is_said() -> None:
    names = ["日期", "客户", "金额（不含税）", "金额（含税）"]
    found = tables.find([grid("订单", [names, ["2024-1-1", "华泰", 100, 113]])])
    assert [n.zh for n in found.notes] == [
        "“订单”里含税和不含税的金额并列，全部按含税的“金额（含税）”计算；可在“分级设置”里更改。"
    ]
    assert tax_basis("Total before tax") == "without"
