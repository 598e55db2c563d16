"""The words the sample data are made of, in Chinese and in English. All names are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Headers, names and spellings of one language; lists start with the most frequent."""

    sheets: dict[str, str]
    headers: dict[str, dict[str, str]]
    places: list[tuple[str, str, str]]  # region, province or country, city
    untidy_region: Callable[[str, int], str]  # another spelling of a region, a different one for every number
    industries: list[str]
    natures: list[str]
    sources: list[str]  # the second is "by recommendation"
    owners: list[str]
    surnames: list[str]
    given: list[str]
    person: str
    phone: str
    sexes: list[str]
    preferences: list[str | None]  # none, price, quality, made to order
    brand: tuple[list[str], list[str]]
    trades: list[str]
    company: Callable[[str, str, str], str]
    branch: str
    second_spelling: Callable[[str, str], str]
    products: list[tuple[str, str, float, float]]  # name, category, price, margin
    channels: list[str]
    done: str
    returned: str
    cancelled: str
    unpaid: str
    test_remark: str
    unit: str
    no_date: str
    date_spellings: list[str]
    amount_as_text: Callable[[float, int], str]
    contact_kinds: list[str]
    contact_contents: list[str]
    contact_results: list[str]
    feedback_kinds: list[str]  # complaint, suggestion, survey
    feedback_contents: list[list[str]]
    moods: list[str]  # worst to best
    states: list[str]  # done, open


def _zh_amount(amount: float, style: int) -> str:
    if style == 0:
        return f"{amount:g}元"
    return f"¥{amount:,.2f}" if style == 1 else f"{amount / 10000:.4f}万"


def _en_amount(amount: float, style: int) -> str:
    if style == 0:
        return f"${amount:,.2f}"
    return f"USD {amount:.2f}" if style == 1 else f"{amount:,.2f} "


ZH = Words(
    sheets={"customers": "客户", "orders": "订单", "contacts": "联系记录", "feedback": "客户反馈"},
    headers={
        "customers": {
            "customer_id": "客户编号",
            "customer": "客户名称",
            "contact_person": "联系人",
            "phone": "手机",
            "email": "邮箱",
            "sex": "性别",
            "age": "年龄",
            "region": "地区",
            "province": "省份",
            "city": "城市",
            "industry": "所属行业",
            "nature": "企业性质",
            "revenue": "年营收（万元）",
            "staff": "员工人数",
            "source": "客户来源",
            "referrer": "推荐人",
            "first_contact": "首次接触日期",
            "owner": "负责人",
            "preference": "偏好",
        },
        "orders": {
            "order_id": "订单编号",
            "order_date": "下单日期",
            "customer_id": "客户编号",
            "customer": "客户名称",
            "product": "产品名称",
            "category": "产品类别",
            "quantity": "数量",
            "price": "单价（元）",
            "discount": "折扣",
            "amount": "金额（元）",
            "cost": "成本（元）",
            "channel": "渠道",
            "status": "订单状态",
            "due_date": "应付日期",
            "paid_date": "付款日期",
            "remark": "备注",
        },
        "contacts": {
            "contact_date": "联系日期",
            "customer_id": "客户编号",
            "customer": "客户名称",
            "contact_kind": "沟通方式",
            "content": "沟通内容",
            "result": "结果",
            "owner": "负责人",
        },
        "feedback": {
            "feedback_date": "反馈日期",
            "customer_id": "客户编号",
            "customer": "客户名称",
            "feedback_kind": "反馈类型",
            "content": "反馈内容",
            "satisfaction": "满意度",
            "state": "处理状态",
            "reply_date": "回复日期",
        },
    },
    places=[
        ("华东", "上海市", "上海"),
        ("华东", "浙江省", "杭州"),
        ("华东", "江苏省", "苏州"),
        ("华南", "广东省", "深圳"),
        ("华南", "广东省", "广州"),
        ("华北", "北京市", "北京"),
        ("西南", "四川省", "成都"),
        ("华中", "湖北省", "武汉"),
        ("华东", "江苏省", "南京"),
        ("华北", "天津市", "天津"),
        ("西南", "重庆市", "重庆"),
        ("华中", "湖南省", "长沙"),
        ("西北", "陕西省", "西安"),
        ("华东", "山东省", "青岛"),
        ("东北", "辽宁省", "沈阳"),
        ("华南", "福建省", "厦门"),
    ],
    untidy_region=lambda region, _: f"{region[0]} {region[1:]}",
    industries=[
        "零售业",
        "批发业",
        "餐饮业",
        "制造业",
        "住宿业",
        "教育",
        "商务服务业",
        "软件和信息技术服务业",
        "房地产业",
        "卫生",
    ],
    natures=["民营企业", "个体工商户", "国有企业", "外资企业", "合资企业"],
    sources=["线上推广", "转介绍", "展会", "电话拓展", "门店", "老客户回流"],
    owners=["李敏", "王磊", "陈思", "赵峰", "周婷", "吴昊"],
    surnames=["张", "王", "李", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"],
    given=[
        "伟",
        "芳",
        "娜",
        "敏",
        "静",
        "磊",
        "洋",
        "艳",
        "勇",
        "军",
        "杰",
        "娟",
        "涛",
        "明",
        "超",
        "霞",
        "思远",
    ],
    person="{}{}",
    phone="1990000{:04d}",
    sexes=["男", "女"],
    preferences=[None, "看重价格", "品质优先", "需要定制"],
    brand=(
        ["晨", "恒", "盛", "嘉", "锦", "安", "鼎", "博", "云", "海", "立", "佳", "宏", "启", "瑞", "华"],
        ["光", "泰", "源", "禾", "达", "航", "诚", "美", "丰", "邦", "创", "信", "悦", "程", "景", "通"],
    ),
    trades=["科技", "商贸", "餐饮管理", "食品", "酒店管理", "教育咨询", "贸易", "实业", "百货", "供应链"],
    company=lambda city, brand, trade: f"{city}{brand}{trade}有限公司",
    branch="{}第{}分公司",
    second_spelling=lambda name, city: name.removeprefix(city).replace("有限公司", f"({city})有限公司"),
    products=[
        ("挂耳咖啡 10 片装", "咖啡", 68.0, 0.42),
        ("意式拼配豆 1kg", "咖啡", 128.0, 0.38),
        ("单品豆 454g", "咖啡", 158.0, 0.45),
        ("冷萃液 1L", "咖啡", 45.0, 0.33),
        ("龙井礼盒", "茶叶", 398.0, 0.52),
        ("茉莉花茶 500g", "茶叶", 86.0, 0.40),
        ("普洱茶饼", "茶叶", 268.0, 0.48),
        ("袋泡红茶 100 包", "茶叶", 59.0, 0.36),
        ("半自动咖啡机", "设备", 3280.0, 0.22),
        ("磨豆机", "设备", 1280.0, 0.25),
        ("净水滤芯", "耗材", 199.0, 0.35),
        ("纸杯 1000 只", "耗材", 168.0, 0.18),
        ("糖浆 750ml", "耗材", 49.9, 0.30),
        ("定制礼盒", "定制", 588.0, 0.46),
    ],
    channels=["线上商城", "业务员", "代理商", "门店"],
    done="已完成",
    returned="已退货",
    cancelled="已取消",
    unpaid="未付款",
    test_remark="测试订单",
    unit="件",
    no_date="待定",
    date_spellings=[
        "{d:%Y}年{d.month}月{d.day}日",
        "{d:%Y}.{d.month}.{d.day}",
        "{d:%Y%m%d}",
        "{d:%Y}#{d.month}#{d.day}",
        "{d:%Y/%m/%d}",
    ],
    amount_as_text=_zh_amount,
    contact_kinds=["电话", "微信", "拜访", "邮件"],
    contact_contents=["询价", "跟进报价", "介绍新品", "催款", "节日问候", "回访使用情况"],
    contact_results=["有意向", "待跟进", "已下单", "暂无需求", "未联系上"],
    feedback_kinds=["投诉", "建议", "满意度调查"],
    feedback_contents=[
        ["送货比约定晚了三天", "外箱破损，有两件漏液", "客服回复太慢"],
        ["希望有小包装", "希望能按月对账", "希望增加低因产品"],
        ["整体满意", "产品稳定，服务到位", "价格可以再优惠一些"],
    ],
    moods=["非常不满意", "不满意", "一般", "满意", "非常满意"],
    states=["已处理", "处理中"],
)

EN = Words(
    sheets={"customers": "Customers", "orders": "Orders", "contacts": "Contacts", "feedback": "Feedback"},
    headers={
        "customers": {
            "customer_id": "Customer ID",
            "customer": "Customer",
            "contact_person": "Contact person",
            "phone": "Phone",
            "email": "Email",
            "sex": "Sex",
            "age": "Age",
            "region": "Region",
            "province": "State",
            "city": "City",
            "industry": "Industry",
            "nature": "Ownership",
            "revenue": "Annual revenue (thousand)",
            "staff": "Employees",
            "source": "Source",
            "referrer": "Referred by",
            "first_contact": "First contact",
            "owner": "Account owner",
            "preference": "Preference",
        },
        "orders": {
            "order_id": "Order ID",
            "order_date": "Order date",
            "customer_id": "Customer ID",
            "customer": "Customer",
            "product": "Product",
            "category": "Category",
            "quantity": "Quantity",
            "price": "Unit price",
            "discount": "Discount",
            "amount": "Amount",
            "cost": "Cost",
            "channel": "Channel",
            "status": "Status",
            "due_date": "Due date",
            "paid_date": "Paid date",
            "remark": "Notes",
        },
        "contacts": {
            "contact_date": "Contact date",
            "customer_id": "Customer ID",
            "customer": "Customer",
            "contact_kind": "Contact type",
            "content": "Content",
            "result": "Result",
            "owner": "Account owner",
        },
        "feedback": {
            "feedback_date": "Feedback date",
            "customer_id": "Customer ID",
            "customer": "Customer",
            "feedback_kind": "Feedback type",
            "content": "Content",
            "satisfaction": "Satisfaction",
            "state": "Status",
            "reply_date": "Reply date",
        },
    },
    places=[
        ("West", "California", "San Jose"),
        ("East", "New York", "Albany"),
        ("West", "Washington", "Seattle"),
        ("South", "Texas", "Austin"),
        ("Central", "Illinois", "Chicago"),
        ("South", "Florida", "Tampa"),
        ("East", "Massachusetts", "Boston"),
        ("West", "Oregon", "Portland"),
        ("Central", "Ohio", "Columbus"),
        ("South", "Georgia", "Atlanta"),
        ("Central", "Minnesota", "Duluth"),
        ("East", "Pennsylvania", "Erie"),
        ("West", "Colorado", "Denver"),
        ("South", "Tennessee", "Nashville"),
    ],
    untidy_region=lambda region, k: (region.upper(), f"{region} ", f"{region} region", region.lower())[k % 4],
    industries=[
        "Retail",
        "Wholesale",
        "Restaurants",
        "Manufacturing",
        "Hotels",
        "Education",
        "Business services",
        "Software",
        "Real estate",
        "Health care",
    ],
    natures=["Private company", "Sole trader", "Public sector", "Subsidiary", "Joint venture"],
    sources=["Online advertising", "Referral", "Trade fair", "Cold call", "Store", "Returning customer"],
    owners=["Grace Lee", "Tom Baker", "Ana Ruiz", "Joel Kim", "Mia Stone", "Omar Haddad"],
    surnames=[
        "Adams",
        "Brooks",
        "Carter",
        "Diaz",
        "Evans",
        "Foster",
        "Green",
        "Hayes",
        "Irwin",
        "Jones",
        "Klein",
    ],
    given=[
        "Alice",
        "Ben",
        "Cara",
        "Dan",
        "Ella",
        "Finn",
        "Gina",
        "Hugo",
        "Iris",
        "Jack",
        "Kate",
        "Liam",
        "Nora",
    ],
    person="{1} {0}",
    phone="+1 555 010 {:04d}",
    sexes=["M", "F"],
    preferences=[None, "price matters most", "quality first", "made to order"],
    brand=(
        [
            "Harbor ",
            "Maple ",
            "North ",
            "Silver ",
            "Cedar ",
            "Bright ",
            "River ",
            "Summit ",
            "Old Mill ",
            "Blue ",
            "Stone ",
            "Lake ",
        ],
        [
            "Lane",
            "Point",
            "Field",
            "Gate",
            "Ridge",
            "Bay",
            "House",
            "Bridge",
            "Grove",
            "View",
            "Creek",
            "Hill",
        ],
    ),
    trades=[
        "Supplies",
        "Foods",
        "Trading",
        "Hotels",
        "Cafes",
        "Learning",
        "Retail",
        "Services",
        "Stores",
        "Works",
    ],
    company=lambda city, brand, trade: f"{brand} {trade} Ltd",
    branch="{} No. {}",
    second_spelling=lambda name, city: name.replace(" Ltd", f" ({city}) Limited"),
    products=[
        ("Drip coffee bags, 10", "Coffee", 9.8, 0.42),
        ("Espresso blend, 1 kg", "Coffee", 18.5, 0.38),
        ("Single origin, 454 g", "Coffee", 22.9, 0.45),
        ("Cold brew, 1 l", "Coffee", 6.5, 0.33),
        ("Green tea gift box", "Tea", 56.0, 0.52),
        ("Jasmine tea, 500 g", "Tea", 12.4, 0.40),
        ("Pu-erh cake", "Tea", 38.0, 0.48),
        ("Black tea, 100 bags", "Tea", 8.4, 0.36),
        ("Espresso machine", "Equipment", 469.0, 0.22),
        ("Grinder", "Equipment", 183.0, 0.25),
        ("Water filter", "Consumables", 28.0, 0.35),
        ("Paper cups, 1000", "Consumables", 24.0, 0.18),
        ("Syrup, 750 ml", "Consumables", 7.1, 0.30),
        ("Custom gift box", "Custom", 84.0, 0.46),
    ],
    channels=["Web shop", "Sales rep", "Reseller", "Store"],
    done="Completed",
    returned="Returned",
    cancelled="Cancelled",
    unpaid="Unpaid",
    test_remark="test order",
    unit=" pcs",
    no_date="tbd",
    date_spellings=[
        "{d:%Y/%m/%d}",
        "{d:%B} {d.day}, {d:%Y}",
        "{d.day} {d:%b} {d:%Y}",
        "{d:%Y%m%d}",
        "{d:%Y.%m.%d}",
    ],
    amount_as_text=_en_amount,
    contact_kinds=["Phone", "Chat", "Visit", "Email"],
    contact_contents=[
        "Price enquiry",
        "Quote follow-up",
        "New products",
        "Payment reminder",
        "Season's greetings",
        "Check-in",
    ],
    contact_results=["Interested", "Follow up", "Ordered", "No need now", "Not reached"],
    feedback_kinds=["Complaint", "Suggestion", "Survey"],
    feedback_contents=[
        ["Delivery three days late", "Box damaged, two items leaked", "Support too slow"],
        ["Please offer small packs", "Monthly statements, please", "More decaf products, please"],
        ["Happy overall", "Reliable products, good service", "Prices could be a little lower"],
    ],
    moods=["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
    states=["Done", "Open"],
)
