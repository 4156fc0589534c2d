"""What is read off a text: sources, titles in digests, shares, pictures, summaries, hashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import DATA

from newsspider.clean import clean, metadata
from newsspider.model import Image, Stock

POSTS = DATA / "posts"


def post_body(name: str) -> str:
    text = (POSTS / name).read_bytes().decode()
    body = text.split("---\n", 2)[2]
    if body.startswith("> "):
        body = body.partition("\n\n")[2]
    return body.partition("\n\n<")[0]


LINKED = post_body("-202205262391921712.md")
PLAIN = post_body("2022-05-26-NW202205262391921712.md")
CHART = post_body("2022-04-26-NW202204262359811335.md")
HONG_KONG = post_body("2022-05-30-202205302396671645.md")

# --- source ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("（文章来源：人民邮电报）", "人民邮电报"),
        ("(文章来源:新华社)", "新华社"),
        ("文章来源：央视新闻客户端", "央视新闻客户端"),
        ("（文章来源：21世纪经济报道（南财快讯））", "21世纪经济报道（南财快讯）"),
        ("　（文章来源： 财联社 ）\n", "财联社"),
        (
            '（文章来源：上海<span id="b"><a class="keytip">证券</a></span><span></span>报）',
            "上海证券报",
        ),
        ("（文章来源：）", ""),
        ("没有来源", ""),
    ],
)
def test_media_source(line: str, source: str) -> None:
    assert metadata.media_source(f'<p>正文</p><p class="em_media">{line}</p>') == source


def test_the_last_source_counts_and_only_where_it_is_marked() -> None:
    line = '<p class="em_media">（文章来源：{}）</p>'
    assert metadata.media_source(line.format("甲") + line.format("乙")) == "乙"
    assert metadata.media_source("<p>（文章来源：甲）</p>") == ""
    assert metadata.media_source(HONG_KONG) == "中国证券报"


# --- digest ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digest", "title", "rest"),
    [
        ("【题】文（新华社）", "题", "文（新华社）"),
        ("无题", "", "无题"),
        ("", "", ""),
        ("【题】文中有【号】外", "题", "文中有【号】外"),
        ("【【早知道】今日要闻】文", "【早知道】今日要闻", "文"),
        ("【【早知道】文", "【早知道", "文"),
        ("【没有结尾", "", "【没有结尾"),
        ("据【报】道", "", "据【报】道"),
        (" 【 题 】 文", "题", " 文"),
    ],
)
def test_brackets_of_a_digest(digest: str, title: str, rest: str) -> None:
    assert metadata.bracket_title(digest) == title
    assert metadata.strip_bracket(digest) == rest


@given(st.text("甲乙【 \n（）"), st.text("甲乙【 \n（）"))
def test_strip_bracket_writes_what_the_old_system_wrote(title: str, rest: str) -> None:
    """For every digest whose only 】 ends its title."""
    digest = f"【{title}】{rest}"
    assert metadata.strip_bracket(digest) == digest.split("】")[-1] == rest


@given(
    st.text("甲【】 ").filter(lambda text: "】" not in text or not text.strip().startswith("【"))
)
def test_strip_bracket_loses_nothing_else(digest: str) -> None:
    assert metadata.strip_bracket(digest) == digest


# --- stocks ------------------------------------------------------------------------------------


def test_stocks_of_keyword_links_and_charts() -> None:
    """The chart comes first and has no name; the first link gives it. Boards are no shares."""
    assert metadata.stocks(LINKED) == (
        Stock("106", "NIO", "蔚来"),
        Stock("1", "600160", "巨化股份"),
        Stock("0", "300343", "联创股份"),
        Stock("1", "600636", "国新文化"),
    )
    assert metadata.stocks(CHART) == (Stock("1", "600941"),)
    assert metadata.stocks(HONG_KONG)[0] == Stock("116", "00700", "腾讯控股")


@pytest.mark.parametrize(
    "body",
    [
        '<span id="stock_0.002353"><a href="http://q.example/r/0.002353" data-code="002353"'
        ' class="keytip">杰瑞股份</a></span>',
        '<a class="em_stock_key_common" href="http://q.example/r/0.002353">杰瑞股份</a>',
        '<span class="em_stock_key_common" data-code="0,002353">杰瑞股份</span>',
        '<span id="Info.0.002353">杰瑞股份</span>',
    ],
)
def test_every_way_to_mark_a_share(body: str) -> None:
    assert metadata.stocks(f"<p>{body}</p>") == (Stock("0", "002353", "杰瑞股份"),)


@pytest.mark.parametrize(
    "body",
    [
        '<span id="bk_90.BK0493"><a class="keytip" data-code="90,BK0493">新能源</a></span>',
        '<a class="EmImageRemark" data-code="BK1037|90|3"><img src="x.jpg"></a>',
        '<img src="https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=90.BK1037&at=1">',
        '<span id="Info.3321"><a class="infokey" href="http://d.example/">业绩</a></span>',
        '<span id="quote_1.600160"></span><a href="/r/1.600160">普通链接</a>',
        '<a class="keytip" data-code="1,60\u0661160">甲</a><a class="keytip" data-code="1,">乙</a>',
        '<p>看得见的正文</p><p hidden><span id="stock_1.600160">藏</span></p>',
    ],
)
def test_what_is_no_share(body: str) -> None:
    assert metadata.stocks(body) == ()


# --- pictures ----------------------------------------------------------------------------------


def test_pictures_of_a_post_without_its_chart() -> None:
    pictures = metadata.images(PLAIN)
    sizes = [picture.url.rpartition("_")[2] for picture in pictures]
    assert sizes == ["w800h555.jpg", "w800h343.jpg", "w800h192.jpg"]
    assert [picture.caption for picture in pictures] == ["图片来源：霍尼韦尔官网", "", ""]
    assert metadata.images(CHART) == ()
    assert metadata.images(clean(PLAIN, "reader").body) == pictures


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            '<figure><img src="/a.jpg" alt="甲"><figcaption>图注</figcaption></figure>',
            [Image("https://n.example/a.jpg", "图注")],
        ),
        (
            '<p><img src="b.jpg" alt="总理 讲话"></p>',
            [Image("https://n.example/d/b.jpg", "总理 讲话")],
        ),
        ('<img src="/a.jpg" alt="Image"><img src="/a.jpg">', [Image("https://n.example/a.jpg")]),
        ('<img src="/b.gif" data-src="//c.example/a.jpg">', [Image("https://c.example/a.jpg")]),
        (
            '<p><img src="/a.jpg"></p><p align="center">' + "长" * 81 + "</p>",
            [Image("https://n.example/a.jpg")],
        ),
        ('<img src="/t.gif" width=1 height=1><img src="data:image/png;base64,AA"><img>', []),
        ('<a href="https://acttg.eastmoney.com/x"><img src="/ad.jpg"></a>', []),
        ('<img src="javascript:x"><img src="http://"><img src="ftp://n.example/a.jpg">', []),
    ],
)
def test_pictures(body: str, found: list[Image]) -> None:
    assert metadata.images(body, "https://n.example/d/1.html") == tuple(found)


def test_pictures_without_a_base() -> None:
    body = (
        '<img src="//c.example/a.jpg"><img src="/b.jpg"><img src="http://c.example/c.jpg?a=1&b=2">'
    )
    urls = [picture.url for picture in metadata.images(body)]
    assert urls == ["https://c.example/a.jpg", "http://c.example/c.jpg?a=1&b=2"]


# --- summary -----------------------------------------------------------------------------------


def test_summary_is_the_digest_without_title_and_source() -> None:
    assert metadata.summary("【题】第一句。（新华社）", "<p>正文</p>") == "第一句。"
    assert metadata.summary("第一句\n第二行(CPPIB)", "") == "第一句 第二行(CPPIB)"


def test_summary_of_a_body_passes_over_credits_and_headings() -> None:
    body = "<p>（原标题：旧题）</p><h2>小标题</h2><p>记者 张三</p><p>{}</p><p>{}</p>"
    first, second = (
        "第一段说了一些事情，足够长到算作一段。",
        "第二段接着说下去，也足够长到算作一段话。",
    )
    assert metadata.summary("", body.format(first, second)) == first + second
    assert metadata.summary("", "<p>只有一句</p>") == "只有一句"
    assert metadata.summary("", "") == ""


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("一二三四五。六七八九十", 8, "一二三四五。…"),
        ("一二三四五六七八九十", 6, "一二三四五…"),
        ("The quick brown fox jumps", 13, "The quick…"),
        ("Profit rose. It was 3.14 percent", 24, "Profit rose.…"),
        ("利润增长了123456789元", 9, "利润增长了…"),
        ("甲乙", 2, "甲乙"),
        ("甲乙丙", 1, "…"),
        ("甲", 0, ""),
    ],
)
def test_summary_is_cut_at_a_sentence_or_a_word(text: str, limit: int, cut: str) -> None:
    assert metadata.summary(text, "", limit) == cut


@given(st.text(), st.text(), st.integers(0, 200))
def test_summary_is_one_line_within_its_limit(digest: str, body: str, limit: int) -> None:
    text = metadata.summary(digest, body, limit)
    assert len(text) <= limit
    assert len(text.splitlines()) <= 1
    assert text == text.strip()


# --- language, text, hash ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "default", "found"),
    [
        ("中国移动再推六项“心级服务”新举措，引用了カナ两字", "en", "zh"),
        ("東京の株価は今日も上がった。", "en", "ja"),
        ("서울의 날씨는 맑음 KOSPI", "en", "ko"),
        ("Shares of 腾讯 rose in Hong Kong", "en", "en"),
        ("央行降息", "zh-TW", "zh-TW"),
        ("123 …", "fr", "fr"),
        ("", "", ""),
    ],
)
def test_language(text: str, default: str, found: str) -> None:
    assert metadata.language(text, default) == found


def test_the_reading_text_has_a_line_for_each_block() -> None:
    body = """<h2>题</h2> <p>甲&lt;b&gt;
      乙<br>丙</p><table><tr><td>1</td><td>2</td></tr></table><ul><li>丁<b>戊</b></ul>
      <p style="display:none">藏</p><script>x</script><!-- 注 -->尾"""
    assert metadata.read(body).text == "题\n甲<b> 乙\n丙\n1\n2\n丁戊\n尾"


def test_one_article_in_two_markups_has_one_hash() -> None:
    """Keyword links come and go, the chart's address has a token: neither is news."""
    known = metadata.content_hash("题 目", PLAIN)
    assert metadata.content_hash(" 题\n目", LINKED) == known
    assert metadata.content_hash("题 目", PLAIN.replace("token=28df", "token=77aa")) == known
    assert metadata.content_hash("题 目", PLAIN.replace("</p><p>", "</p>\r\n <p>")) == known
    assert len(known) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [("来了！", "来了。"), ("w800h343.jpg", "w800h344.jpg"), ("nid=106.NIO", "nid=106.LI")],
)
def test_a_change_a_reader_sees_changes_the_hash(old: str, new: str) -> None:
    assert old in PLAIN
    changed = PLAIN.replace(old, new)
    assert metadata.content_hash("题", changed) != metadata.content_hash("题", PLAIN)
    assert metadata.content_hash("另题", PLAIN) != metadata.content_hash("题", PLAIN)


def test_a_reading_answers_like_its_body() -> None:
    reading = metadata.read(LINKED)
    assert metadata.stocks(reading) == metadata.stocks(LINKED)
    assert metadata.images(reading) == metadata.images(LINKED)
    assert metadata.content_hash("题", reading) == metadata.content_hash("题", LINKED)
    assert metadata.summary("", reading) == metadata.summary("", LINKED)
    assert metadata.media_source(reading) == "上海证券报"
    assert reading.text == metadata.read(LINKED).text


# --- hostile input -----------------------------------------------------------------------------


@given(st.text("<>/=\"' abp甲&#;x01-!\ud800\x00"), st.text())
def test_nothing_raises(body: str, title: str) -> None:
    reading = metadata.read(f"<p class=em_media>{body}<img src='{body}' alt='{title}'>")
    assert all(image.url.startswith("http") for image in metadata.images(reading, title))
    assert len(metadata.content_hash(title, reading)) == 64
    assert len(metadata.summary(title, reading)) <= 160
    assert metadata.language(title, "en") in ("en", "zh", "ja", "ko")


@pytest.mark.parametrize(
    "attack",
    [
        "<figure>" + "".join(f'<img src="/{n}.jpg">' for n in range(30_000)),
        "<p>" + '<b><img src="/a.jpg"></b>' * 30_000 + "</p><p align=center>" + "长" * 300_000,
        '<span id="stock_1.600160">' * 60_000,
        '<p class="em_media"><table><td>' * 30_000,
        '<div style="display:none">' * 50_000 + "</div>" * 50_000,
        "【" * 300_000,
    ],
    ids=[
        "images in a figure",
        "images before a long line",
        "nested shares",
        "nested sources",
        "nested hidden blocks",
        "brackets",
    ],
)
def test_attack(attack: str) -> None:
    reading = metadata.read(f"<p>开头</p>{attack}完")
    assert reading.lines[0] == "开头"
    assert reading.lines[-1].endswith("完")
    assert metadata.summary(attack, reading)
    assert len(metadata.stocks(reading)) <= 1


def test_the_lead_picture_stands_first_once() -> None:
    shown = (Image("https://x.example/a.jpg", "A"), Image("https://x.example/b.jpg", "B"))
    assert metadata.with_lead((), shown) == shown
    assert metadata.with_lead((Image("https://x.example/b.jpg"),), shown) == shown[::-1]
    lead = Image("https://x.example/lead.jpg")
    assert metadata.with_lead((lead,), shown) == (lead, *shown)
    assert metadata.with_lead((Image("javascript:alert(1)"),), shown) == shown


def test_tags_are_bounded_and_each_stands_once() -> None:
    given = ["Sea", "", " sea ", "Ferries", "http://schema.example/x", "x" * 60, "x" * 61]
    assert metadata.tags(given) == ("Sea", "Ferries", "x" * 60)
    assert len(metadata.tags(f"t{number}" for number in range(30))) == 30
    assert metadata.tags(f"t{number}" for number in range(31))[-1] == "t29"
