"""Lines that are in many texts and part of none: promotion, hints, consent.

In: a line that was taken for the article's. Out: whether it is one of these. Each pattern must
match a whole short line, so that a sentence which only mentions such a thing stays.
"""

from __future__ import annotations

import re

from newsspider.extraction.generic.page_lines import Line

_LONGEST = 220
_RESIDUE = re.compile(
    r"""\W*(?:
      (?:advertisement|advert|publicité|publicidad|pubblicità|anzeige|werbung|reklama?|реклама
        |διαφήμιση|προβολή|annons|annonse|広告|广告)
    | (?:advertisement\W+)?(?:story|article)\s+continues\s+(?:below|after).{0,40}
    | (?:continue|keep)\s+reading(?:\s+below)?
    | (?:share|tweet|print|email|comments?|save|copy\s+link)(?:\s+(?:this|article|story|on
        |it)\b.{0,40})?
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
    | (?:点击|长按|扫描|识别|扫一扫|打开微信).{0,40}(?:二维码|关注|下载|朋友圈|阅读原文
        |扫一扫).{0,20}
    | (?:更多精彩|更多新闻|相关(?:阅读|新闻|报道|链接|专题)|延伸阅读|推荐阅读|热点推荐
        |返回\S{0,8})\W?.{0,30}
    | (?:特别声明|免责声明|郑重声明|版权声明)\s?[:：].{0,200}
    | 分享(?:到|至)\s?[:：]?.{0,40}
    | (?:关联記事|関連記事|あわせて読みたい|続きを読む).{0,40}
    )\W*""",
    re.I | re.X,
)


# What stands where the text would go on, for those who pay or consent.
_NOTICE = re.compile(
    r"""(?:
      .{0,80}\b(?:subscribe|sign\s+(?:in|up)|log\s?in|register|subscription|subscribers?|members?)\b
        .{0,60}\b(?:to\s+(?:continue|read|keep|unlock|access|view)|only|continue\s+reading|full\s+(?:article|story|access))
        .{0,120}
    | (?:to\s+)?(?:continue|keep)\s+reading.{0,60}\b(?:subscribe|sign|log|register|subscription
        |account).{0,100}
    | (?:this|the)\s+(?:article|content|story|post)\s+is\s+(?:for|only|exclusive|reserved
        |available).{0,80}
        (?:subscribers?|members?|paying).{0,60}
    | already\s+(?:a\s+)?(?:subscriber|member|subscribed|have\s+an\s+account).{0,60}
    | .{0,80}(?:bereits\s.{0,20}abo(?:nn\w+|s)?\b|déjà\s+abonnée?|ya\s+(?:eres|soy)\s+suscriptora?
        |già\s+abbonat[oa]).{0,80}
    | .{0,80}(?:weiterlesen|jetzt\s+lesen|artikel\s+(?:lesen|freischalten)).{0,60}(?:abo
        |anmelden|registrier|premium|plus|\+).{0,80}
    | .{0,60}(?:nur|exklusiv)\s+für\s+(?:abonnent|mitglieder).{0,80}
    | .{0,60}(?:réservée?s?\s+aux\s+abonnés|il\s+vous\s+reste\s+\S+\s+de\s+cet\s+article
        |abonnez-vous\s+pour).{0,80}
    | .{0,60}(?:solo|exclusivo|exclusiva)\s+para\s+(?:suscriptores|socios|assinantes).{0,80}
    | .{0,60}(?:contenuto\s+riservato|riservat[oa]\s+agli\s+abbonati).{0,80}
    | .{0,60}(?:dostęp\s+(?:tylko\s+)?dla\s+(?:prenumeratorów|subskrybentów)
        |treść\s+dostępna\s+dla).{0,80}
    | .{0,60}(?:доступ(?:ен|на|но)\s+(?:только\s+)?(?:по\s+подписке|подписчикам)
        |για\s+συνδρομητές).{0,80}
    | .{0,40}(?:有料会員|会員限定|続きを読むには|残り\s?\d+\s?文字|会員登録が必要).{0,80}
    | .{0,40}(?:付费(?:阅读|内容|文章|后)|订阅后(?:阅读|查看|可)|登录后(?:阅读|查看|可)
        |开通会员|会员专享|购买后(?:阅读|查看)|剩余\d+%).{0,60}
    | .{0,40}(?:구독자\s?전용|유료\s?회원|로그인\s?후).{0,60}
    )""",
    re.I | re.X,
)
_CONSENT = re.compile(
    r"""(?:.{0,200}(?:\bcookies?\b|\bcookie-|\btracking\b|GDPR|DSGVO|プライバシー|隐私|файл\S*\s+cookie).{0,200}
        (?:accept|agree|consent|partners?|preferences|settings|akzeptier|zustimm|einwillig|einverstanden
        |acepta|accett|accepte|consent|zgod|aceita|同意|согла|αποδοχή|συμφων).{0,300}
    | .{0,200}(?:accept|agree|consent|akzeptier|zustimm|einwillig|acepta|accett|accepte[rz]?
        |zgod|同意|согла)
        .{0,200}(?:\bcookies?\b|tracking|personenbezogen|données\s+personnelles|personal\s+data|隐私|プライバシー).{0,300}
    )""",
    re.I | re.X | re.S,
)
_LONGEST_NOTICE, _LONGEST_CONSENT = 250, 700


def is_notice(line: Line) -> bool:
    """Whether a line asks to pay, to log in or to consent before the text can be read."""
    text = line.text
    if line.kind in ("img", "cell", "caption") or not text:
        return False
    if len(text) <= _LONGEST_NOTICE and _NOTICE.fullmatch(text):
        return True
    return len(text) <= _LONGEST_CONSENT and bool(_CONSENT.fullmatch(text))


# A pager, which stands below the text: `1 2 3 Next`.
_PAGER = re.compile(
    r"(?:[\W\d]|(?:next|previous|prev|page|pages?|suivante|précédente|weiter|zurück|seite|siguiente"
    r"|anterior|下一页|上一页|下页|上页|首页|尾页|末页|全文)\b)*",
    re.I,
)


def is_residue(line: Line) -> bool:
    """Whether a line is none of the article's."""
    if line.kind == "cell":
        return False
    if line.linked and len(line.text) <= 60 and _PAGER.fullmatch(line.text):
        return True
    if len(line.text) <= _LONGEST and _RESIDUE.fullmatch(line.text):
        return True
    return is_notice(line)
