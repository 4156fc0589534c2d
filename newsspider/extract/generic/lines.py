"""Lines that are in many texts and part of none: promotion, hints, consent, credits.

In: a line that was taken for the article's. Out: whether it is one of these. Each pattern must match
a whole short line, so that a sentence which only mentions such a thing stays.
"""

from __future__ import annotations

import re

from newsspider.extract.generic.layout import Line

_LONGEST = 220
_RESIDUE = re.compile(
    r"""\W*(?:
      (?:advertisement|advert|publicité|publicidad|pubblicità|anzeige|werbung|reklama?|реклама
        |διαφήμιση|προβολή|annons|annonse|広告|广告)
    | (?:advertisement\W+)?(?:story|article)\s+continues\s+(?:below|after).{0,40}
    | (?:continue|keep)\s+reading(?:\s+below)?
    | (?:share|tweet|print|email|comments?|save|copy\s+link)(?:\s+(?:this|article|story|on|it)\b.{0,40})?
    | (?:sign\s+up|subscribe|register)\s+(?:to|for|now|here|today)\b.{0,160}
    | (?:read|see|watch|listen)\s+(?:also|more|next)\W.{0,160}
    | (?:read|see)\s+more
    | (?:les\s+også|läs\s+(?:också|mer)|lire\s+aussi|à\s+lire\s+aussi|lees\s+ook|leggi\s+anche
        |lesen\s+sie\s+auch|auch\s+interessant|mehr\s+zum\s+thema|lue\s+myös|læs\s+også
        |lea\s+también|te\s+puede\s+interesar|leia\s+(?:também|mais)|czytaj\s+(?:też|także|więcej)
        |zobacz\s+(?:też|także)|читайте\s+также|смотрите\s+также|διαβάστε\s+(?:επίσης|ακόμη)
        |see\s+also|also\s+on\s+\S+|related(?:\s+(?:articles?|stories|news|content))?)\b\W?.{0,160}
    | (?:this\s+)?(?:slideshow|video|content|page)\s+requires\s+javascript.{0,60}
    | please\s+enable\s+javascript.{0,80}
    | follow\s+(?:us|me)\s+(?:on|at)\b.{0,80}
    | like\s+this\s+(?:story|article)\b.{0,60}
    | (?:copyright|©|\(c\))\s.{0,160} | all\s+rights\s+reserved\b.{0,80}
    | (?:zoom|enlarge|slideshow|gallery|loading|play(?:\s+video)?)
    | (?:点击|长按|扫描|识别|扫一扫|打开微信).{0,40}(?:二维码|关注|下载|朋友圈|阅读原文|扫一扫).{0,20}
    | (?:更多精彩|更多新闻|相关(?:阅读|新闻|报道|链接|专题)|延伸阅读|推荐阅读|热点推荐|返回\S{0,8})\W?.{0,30}
    | (?:特别声明|免责声明|郑重声明|版权声明)\s?[:：].{0,200}
    | 分享(?:到|至)\s?[:：]?.{0,40}
    | (?:关联記事|関連記事|あわせて読みたい|続きを読む).{0,40}
    )\W*""",
    re.I | re.X,
)


def is_residue(line: Line) -> bool:
    """Whether a line is none of the article's."""
    if line.kind == "cell":
        return False
    return len(line.text) <= _LONGEST and bool(_RESIDUE.fullmatch(line.text))
