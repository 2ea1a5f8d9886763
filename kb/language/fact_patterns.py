"""How facts are written in English and Chinese: the tables and patterns of ``kb.language.facts``."""

from __future__ import annotations

import re

from kb.language.bounds import LEAST, MOST

CURRENCY_MARKS = {
    "US$": "USD", "S$": "SGD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "RM": "MYR",
    "RMB": "CNY", "CN¥": "CNY", "€": "EUR", "£": "GBP", "¥": "¥", "$": "$", "₹": "INR", "₩": "KRW",
}  # fmt: skip
CURRENCY_NAMES = {
    "us dollar": "USD", "singapore dollar": "SGD", "hong kong dollar": "HKD", "dollar": "$", "euro": "EUR",
    "pound": "GBP", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "yen": "JPY", "franc": "CHF", "buck": "$",
    "cent": "cent", "人民币": "CNY", "美元": "USD", "美金": "USD", "新元": "SGD", "新加坡元": "SGD", "港元": "HKD",
    "港币": "HKD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY", "澳元": "AUD", "加元": "CAD",
    "新台币": "TWD", "台币": "TWD", "瑞士法郎": "CHF", "韩元": "KRW", "马币": "MYR", "令吉": "MYR", "元": "CNY",
    "块": "CNY",
}  # fmt: skip
CURRENCY_CODES = "USD|EUR|GBP|SGD|CNY|RMB|HKD|JPY|TWD|AUD|CAD|NZD|CHF|MYR|INR|KRW|THB"
SAME_CURRENCY = {
    "$": {"USD", "SGD", "HKD", "TWD", "AUD", "CAD", "NZD"},
    "¥": {"CNY", "JPY"},
    "CNY": {"SGD", "TWD", "HKD", "USD"},  # 元 alone names whatever is spoken of
    "cent": {"$", "USD", "SGD", "HKD", "AUD", "CAD", "NZD", "EUR"},
}

# Sizes of units by definition; a pound is told apart from a kilogram, a mile from a metre.
_DAY, _MONTH = "day", "month"
WORKING_DAY = "working day"
PERIODS: dict[str, tuple[str, float]] = {
    "second": (_DAY, 1 / 86400), "sec": (_DAY, 1 / 86400), "minute": (_DAY, 1 / 1440), "min": (_DAY, 1 / 1440),
    "hour": (_DAY, 1 / 24), "hr": (_DAY, 1 / 24), "h": (_DAY, 1 / 24), "day": (_DAY, 1), "night": (_DAY, 1),
    "week": (_DAY, 7), "fortnight": (_DAY, 14), "month": (_MONTH, 1), "quarter": (_MONTH, 3), "year": (_MONTH, 12),
    "yr": (_MONTH, 12), "decade": (_MONTH, 120), "秒": (_DAY, 1 / 86400), "分钟": (_DAY, 1 / 1440),
    "小时": (_DAY, 1 / 24), "钟头": (_DAY, 1 / 24), "天": (_DAY, 1), "日": (_DAY, 1), "晚": (_DAY, 1),
    "星期": (_DAY, 7), "礼拜": (_DAY, 7), "周": (_DAY, 7), "个月": (_MONTH, 1), "月": (_MONTH, 1),
    "季度": (_MONTH, 3), "年": (_MONTH, 12), "周年": (_MONTH, 12),
}  # fmt: skip
PERIOD_RIGHT = re.compile(
    r"[\s-]?(?:(?P<working>(?:working|business|trading|banking)[\s-]days?|个?(?:工作|营业|交易)日)"
    r"|(?:(?:calendar|consecutive|full|whole|natural|business|working)\s)?"
    r"(?P<latin>seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|fortnights?|months?|quarters?"
    r"|years?|yrs?|decades?)(?![a-z])(?!\s+old)"
    r"|\s?个?(?:自然|日历)?(?P<han>秒|分钟|小时|钟头|天|周年|星期|礼拜|周|季度|年|日|晚)"
    r"|\s?(?P<months>个月)(?P<half>半)?)",
    re.IGNORECASE,
)
MONTH_NUMBER = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH_NAME = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    + (r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?")
)
_COUNTED = (
    "dollar|euro|pound|yuan|percent|people|person|customer|kg|g|km|m|cm|mm|mile|metre|meter|inch|l|ml|litre|liter"
    "|gb|mb|tb|lb|w|kw|times|second|minute|hour|day|night|week|month|year|point|mile|employee|word|copie|item"
)
"""What makes four digits before it a count, not a year."""
_YEAR = r"(?:1[5-9]|20|21)\d\d"
DATE = re.compile(
    rf"""\b(?P<y1>{_YEAR})(?P<s>[-/.])(?P<m1>\d{{1,2}})(?P=s)(?P<d1>\d{{1,2}})\b
      | (?P<y2>{_YEAR})\s?年(?:\s?(?P<m2>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?月
           (?:\s?(?P<d2>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[日号])?)?(?!\d)
      | (?<!\d)(?P<m3>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?月\s?(?P<d3>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[日号]
      | \b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH_NAME.format("m4")}(?:,?\s(?P<y4>{_YEAR})\b)?
      | \b{_MONTH_NAME.format("m5")}\s(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y5>{_YEAR})\b)?
      | \b{_MONTH_NAME.format("m6")},?\s(?P<y6>{_YEAR})\b
      | \b(?<![.$€£¥-])(?<!\d,)(?P<y7>(?:1[7-9]|20)\d\d)\b(?![.,]\d|[\s-]?(?:%|元|人|天|个|公|千|小|分|(?:{_COUNTED})s?\b))
      | \b(?P<d8>\d{{1,2}})/(?P<m8>\d{{1,2}})/(?P<y8>{_YEAR})\b""",
    re.VERBOSE | re.IGNORECASE,
)
TIME = re.compile(
    r"""(?<![\d:.$€£])(?<!\d,)(?P<h1>[01]?\d|2[0-4]):(?P<m1>[0-5]\d)(?!\d|:)\s?(?P<ap1>[ap]\.?m\b\.?)?
      | (?<![\d:.$€£])(?<!\d,)(?P<h2>1[0-2]|0?\d)(?:\.(?P<m2>[0-5]\d))?\s?(?P<ap2>[ap]\.?m\b\.?)
      | (?P<part>凌晨|早上|上午|中午|下午|晚上|晚|早)?(?P<h3>[01]?\d|2[0-4]|[一二三四五六七八九十两]{1,3})
        点(?:钟|整|(?P<half>半)|(?P<m3>[0-5]?\d)分?)?(?![一二三四五六七八九\d])""",
    re.VERBOSE | re.IGNORECASE,
)
CODE = re.compile(
    r"""(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)
      | (?P<link>(?:https?://|www\.)[^\s，。；、）)\]"'<>]+)
      | (?<![\w-])(?P<code>(?=[\w/-]{0,64}\d)(?=[\w/-]{0,64}[A-Za-z])[A-Za-z0-9]+(?:[-/_][A-Za-z0-9]+)*)(?![\w])
      | (?P<phone>(?<![\d.])(?<!\d,)\+?\d{2,4}(?:[\s-]\d{3,4}){2,3}(?!\d))""",
    re.VERBOSE | re.ASCII,
)
NO_CODE = re.compile(r"\d+(?:st|nd|rd|th|k|bn|s|h|x|m|d|am|pm|km|kg|cm|mm|g|gb|mb|tb|ml|l|w|kw|kwh|v|hz|mg|mbps)"
                      r"|\d+-[a-z]{3,}(?:-[a-z]+)*", re.IGNORECASE)  # fmt: skip
CURRENCY_LEFT = re.compile(
    rf"(?:(?P<mark>{'|'.join(re.escape(m) for m in sorted(CURRENCY_MARKS, key=len, reverse=True))})"
    rf"|(?P<code>{'|'.join(code for code in CURRENCY_CODES.split('|') if code not in CURRENCY_MARKS)}|人民币|新台币))\s?$"
)
CURRENCY_RIGHT = re.compile(
    rf"\s?(?:(?P<code>{CURRENCY_CODES})\b|(?P<mark>[€£])|多?(?P<han>{'|'.join(n for n in CURRENCY_NAMES if not n.isascii())})"
    rf"|(?P<name>{'|'.join(n for n in CURRENCY_NAMES if n.isascii())})s?\b)",
    re.IGNORECASE,
)
PERCENT_RIGHT = re.compile(r"\s?(?:%|percent\b|per\scent\b|个?百分点|percentage\spoints?\b)", re.IGNORECASE)
PERCENT_LEFT = re.compile(r"百分之\s?$")
ORDINAL_LEFT = re.compile(r"第\s?$")
ORDINAL_WORDS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
ORDINAL = re.compile(
    rf"\b(?:(?P<word>{'|'.join(ORDINAL_WORDS)})(?!\s+(?:of\s+all|ly))|(?P<n>\d+)(?:st|nd|rd|th))\b", re.I
)
MEASURES: dict[str, tuple[str, float]] = {
    "kg": ("kg", 1), "kilogram": ("kg", 1), "kilo": ("kg", 1), "公斤": ("kg", 1), "千克": ("kg", 1), "g": ("kg", 1e-3),
    "gram": ("kg", 1e-3), "克": ("kg", 1e-3), "斤": ("kg", 0.5), "吨": ("kg", 1e3), "tonne": ("kg", 1e3),
    "km": ("m", 1e3), "kilometre": ("m", 1e3), "kilometer": ("m", 1e3), "公里": ("m", 1e3), "千米": ("m", 1e3),
    "cm": ("m", 1e-2), "centimetre": ("m", 1e-2), "centimeter": ("m", 1e-2), "厘米": ("m", 1e-2), "mm": ("m", 1e-3),
    "毫米": ("m", 1e-3), "metre": ("m", 1), "meter": ("m", 1), "m": ("m", 1), "米": ("m", 1), "mile": ("mile", 1),
    "英里": ("mile", 1), "gb": ("GB", 1), "mb": ("GB", 1e-3), "tb": ("GB", 1e3), "litre": ("l", 1), "liter": ("l", 1),
    "l": ("l", 1), "升": ("l", 1), "ml": ("l", 1e-3), "毫升": ("l", 1e-3), "lb": ("lb", 1), "pounds": ("lb", 1),
    "inch": ("inch", 1), "英寸": ("inch", 1), "w": ("W", 1), "kw": ("W", 1e3), "瓦": ("W", 1), "折": ("折", 1),
    "倍": ("times", 1), "times": ("times", 1),
}  # fmt: skip
MEASURE_RIGHT = re.compile(
    rf"[\s-]?(?:(?P<latin>{'|'.join(sorted((m for m in MEASURES if m.isascii()), key=len, reverse=True))})"
    rf"(?:s|es)?(?![a-z\d])|(?P<han>{'|'.join(m for m in MEASURES if not m.isascii())}))",
    re.IGNORECASE,
)
COUNTED_HAN = re.compile(
    r"\s?[个件张份家岁名位条款项次期台部间人户笔单只套箱包支瓶层级种类门课篇册页部辆架艘户步队组城岛所成]"
)
NO_NUMERAL = re.compile(r"万一|一切|一般|一定|一些|一样|一起|一旦|一律|一致|一直|一并|一经|一方|唯一|之一|统一|十分|千万(?!元)|万元户"
                         r"|万能|百货|百度|百姓|四川|三亚|九江|八卦|两者|两岸|双十|一次性|第三方|第三人|进一步|不一|某一|任一|同一|每一"
                         r"|星期[一二三四五六]|周[一二三四五六]|礼拜[一二三四五六]")  # fmt: skip

_LEFT_BOUNDS = (
    ("at least", rf"{LEAST.source}|no\s+earlier\s+than|minimum\s+of|a\s+min\.?|不[得能可应]?早于|起码|下限为?|(?<![未不])满"),
    ("at most", rf"{MOST.source}|at\s+the\s+most|(?:no|not)\s+later\s+than|no\s+greater\s+than|maximum\s+of|within"
                 r"|not\s+exceed(?:ing)?|cannot\s+exceed|capped\s+at|limited\s+to"
                 r"|不[得能可应]?(?:晚于|迟于)|未[得能可应]?(?:超过|多于|高于|长于|晚于|迟于)|最长|最迟|上限为?|限"),
    ("less than", r"(?:less|fewer|lower|shorter|earlier)\s+than|under|below|少于|低于|小于|不足|不到|不满|未满|短于"),
    ("more than", r"(?:more|greater|higher|longer|later)\s+than|over|above|exceed(?:s|ed|ing)?|超过|多于|高于|大于|超出|逾"),
    ("before", r"before|prior\s+to|until|till|by"),
    ("after", r"after|from|since|following|as\s+of|starting|自|从"),
)  # fmt: skip
_RIGHT_BOUNDS = (
    (
        "at least",
        r"or\s+(?:more|longer|over|above|greater|later)|and\s+(?:more|above|over)|minimum|(?:及|或|含)?以上|起|\+",
    ),
    ("at most", r"or\s+(?:less|fewer|under|below|shorter|sooner|earlier)|maximum|(?:及|或|含)?以下|之?以?内"),
    ("before", r"(?:before|prior\s+to)|之?以?前"),
    ("after", r"(?:after|following)|之?以?后"),
)
LEFT_BOUNDS = [
    (bound, re.compile(rf"(?:{words})\s*(?:the\s+|a\s+|about\s+|of\s+|为|在|于|过)?$", re.I))
    for bound, words in _LEFT_BOUNDS
]
RIGHT_BOUNDS = [(bound, re.compile(rf"\)?\s*(?:{words})(?![a-z])", re.I)) for bound, words in _RIGHT_BOUNDS]
