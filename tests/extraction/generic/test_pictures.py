"""Pictures of an article: those that come by script, their captions, and the lead."""

from __future__ import annotations

import pytest
from support.generic_pages import NOW

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "
BLANK = "<img src='data:image/gif;base64,R0lGODlh'>"


def article(inside: str = "", head: str = "", below: str = "") -> Extracted:
    """An article with `inside` in the middle of its text and `below` after it."""
    first, second = ("".join(f"<p>{n}. {LONG}</p>" for n in part) for part in ("012", "345"))
    body = (
        f"<article><h1>The harbour closes for a year</h1>{first}{inside}{second}{below}</article>"
    )
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract(Page(url="https://a.example/2024/story", body=text.encode()), now=NOW)


FIGURE = (
    '</p>\n<figure><img src="https://a.example/a.jpg" alt="">'
    "<figcaption>The lock on Friday.</figcaption></figure>\n<p>3. The"
)


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=/a.jpg>",
        f"{BLANK}<noscript><img src=/a.jpg></noscript>",
        "<div class=lazy></div><noscript><img src=/a.jpg></noscript>",
        "<amp-img src=/a.jpg width=16 height=9 layout=responsive></amp-img>",
        "<my-image><img src=/a.jpg></my-image>",
        f"<a href=/a.jpg>{BLANK}</a>",
        "<meta itemprop=contentUrl content=/a.jpg><div class=lazy></div>",
        "<a href=/a.jpg><span class=spinner></span></a>",
        """<div class=lazy data-props='{"src": "/a.jpg"}'></div>""",
    ],
)
def test_a_picture_that_comes_by_script_keeps_its_place_and_its_caption(picture: str) -> None:
    figure = f"<figure>{picture}<figcaption>The lock on Friday.</figcaption></figure>"
    assert FIGURE in article(figure).body


def test_pictures_stand_before_the_words_that_follow_them() -> None:
    body = article(f"<div><img src=/a.jpg>Then: {LONG}<img src=/b.jpg></div>").body
    assert body.index("/a.jpg") < body.index("Then:") < body.index("/b.jpg")


@pytest.mark.parametrize(
    "picture",
    [
        "<div class=wp-caption><a href=/a.jpg><img src=/a.jpg></a>"
        "<p class=wp-caption-text>The lock on Friday.</p></div>",
        "<span class=photo_org><div class=nphoto><img src=/a.jpg>"
        "<em class=img_desc>The lock on Friday.</em></div></span>",
        "<div class=article-photo><img src=/a.jpg><div>The lock on Friday.</div></div>",
        "<div class=articlePhoto><div><img src=/a.jpg></div>The lock on Friday.</div>",
        "<figure><img src=/a.jpg><p>The lock on Friday.</p></figure>",
        "<figure><figcaption>The lock on Friday.</figcaption><img src=/a.jpg></figure>",
        "<figure><img src=/a.jpg><div>Enlarge</div><figcaption>The lock on Friday.</figcaption>",
        "<div><img src=/a.jpg></div><p class=image-caption>The lock on Friday.</p>",
        "<ul class=gallery><li><img src=/a.jpg><p class=caption>The lock on Friday.</p></li></ul>",
        "<table><tr><td><img src=/a.jpg><tr><td class=caption>The lock on Friday.</table>",
        "<div><img src=/a.jpg></div><div class=pie>The lock on Friday.</div>",
        "<div class=zdjecie><img src=/a.jpg><span class=podpis>The lock on Friday.</span></div>",
        "<div class=row><div><img src=/a.jpg></div><div>The lock on Friday.</div></div>",
    ],
)
def test_a_caption_need_not_be_a_figcaption(picture: str) -> None:
    read = article(picture)
    assert FIGURE in read.body.replace("<em>", "").replace("</em>", "")
    assert "lock on Friday" not in read.text


def test_a_caption_of_several_lines_is_one() -> None:
    figure = "<div class=photo><img src=/a.jpg><p class=caption>The lock.</p>"
    credit = "<p class=credit>Photo: Mei Lund</p></div>"
    body = article(figure + credit).body
    assert "<figcaption>The lock.<br>\nPhoto: Mei Lund</figcaption>" in body
    twice = article(f"{figure}<p class=caption>The lock.</p></div>").body
    assert twice.count("The lock.") == 1


@pytest.mark.parametrize(
    "words",
    [
        f"<p><img src=/a.jpg>The bridge stays. {LONG}</p>",
        f"<div class=image><img src=/a.jpg></div><p>The bridge stays. {LONG}</p>",
        f"<div class=photo-story><img src=/a.jpg><p>The bridge stays. {LONG}</p>"
        + f"<p>Then: {LONG}</p>" * 4
        + "</div>",
        f"<p class=credit>The bridge stays. {LONG}</p>",
        "<div><div><img src=/a.jpg></div><p>The bridge stays.</p></div>",
        f"<div><div><img src=/a.jpg></div><div>The bridge stays. {'x' * 143}</div></div>",
        "<div><div><img src=/a.jpg></div><div>The bridge stays.</div><div>So it is.</div></div>",
        "<div><div>Is it so?</div><div><img src=/a.jpg></div><div>The bridge stays.</div></div>",
    ],
)
def test_the_text_beside_a_picture_is_text(words: str) -> None:
    assert "The bridge stays." in article(words).text


@pytest.mark.parametrize(
    ("letters", "share", "is_caption"),
    [(800, 1.3, True), (801, 1.3, False), (700, 1.3, True), (700, 0.9, False)],
)
def test_a_block_with_a_long_text_or_half_of_the_text_is_no_caption(
    letters: int, share: float, is_caption: bool
) -> None:
    words = ["word"] * (letters // 5 - 1)
    paragraphs = f"<p>{' '.join(words)}</p><p>{'x' * (letters - len(' '.join(words)) - 1)}.</p>"
    picture = f"<div class=photo><img src=/a.jpg></div><div class=photo-info>{paragraphs}</div>"
    text = f"<p>{'a' * 99}.</p>" * (int(letters * share) // 100)
    page = f"<article><h1>The harbour closes for a year</h1>{picture}{text}</article>"
    body = extract(Page(url="https://a.example/2024/story", body=page.encode()), now=NOW).body
    assert ("<figcaption>word" in body, "<p>word" in body) == (is_caption, not is_caption)


def test_a_caption_stays_where_its_picture_is_not_found() -> None:
    figure = (
        "<figure><div class=js-map></div><figcaption>The way to the lock.</figcaption></figure>"
    )
    assert "<figcaption>The way to the lock.</figcaption>" in article(figure).body
    portrait = "<figure><img src=/author/lee.jpg><figcaption>Lee</figcaption></figure>"
    assert "Lee" not in article(portrait).body


CARD = "<a href=/{0}><img src=/{0}.jpg><span>{1}</span></a>"


@pytest.mark.parametrize("wrap", ["<div class=card>{}</div>", "<div><div>{}</div></div>"])
def test_the_pictures_of_teasers_between_paragraphs_are_no_pictures_of_the_text(wrap: str) -> None:
    cards = [CARD.format("b", "A bakery opens on Mill Lane"), CARD.format("c", "The river rises")]
    body = article(f"<div>{''.join(map(wrap.format, cards))}</div>").body
    assert "<img" not in body
    gallery = "<div><a href=/gallery/7><img src=/a.jpg></a></div>"
    link = "<p><a href=/b>A bakery opens on Mill Lane</a></p>"
    assert "/a.jpg" in article(gallery + link).body


def test_a_picture_beside_the_text_takes_its_caption_with_it() -> None:
    photo = "<figure><img src=/a.jpg><figcaption>The lock.</figcaption></figure>"
    other = "<div class=related><figure><img src=/b.jpg><figcaption>Salt.</figcaption></div>"
    assert "Salt." not in article(photo + other).body


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        ("<p><img src=/a.jpg></p>", True),
        ("<figure><img src=/a.jpg><figcaption>The lock.</figcaption></figure>", True),
        ("<a href=/a.jpg><img src=/a.jpg></a>", True),
        ("<div><a href=/story-2><img src=/a.jpg></a><p>Salt.</p></div>", False),
        ("<div class=related><img src=/a.jpg></div>", False),
        ("</article><div><img src=/a.jpg></div>", False),
    ],
)
def test_pictures_that_end_the_text_stay(below: str, kept: bool) -> None:
    assert ("/a.jpg" in article(below=below).body) is kept


def test_hidden_slides_of_a_gallery_stay_with_their_captions() -> None:
    slide = "<div class=item {}><img src=/{}.jpg><figcaption>Slide {}.</figcaption></div>"
    slides = [slide.format("style='display:none'" if n else "", n, n) for n in range(3)]
    body = article(f"<div class=gallery>{''.join(slides)}</div>").body
    assert [body.count(f"<figcaption>Slide {n}.</figcaption>") for n in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("film", "link", "words"),
    [
        (
            "<iframe title='The lock' src=//www.youtube-nocookie.com/embed/aaaaaaaaaaa></iframe>",
            "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "The lock",
        ),
        (
            "<iframe data-src='//player.bilibili.com/player.html?bvid=BV1aaaaaaaaa'></iframe>",
            "https://www.bilibili.com/video/BV1aaaaaaaaa",
            "bilibili.com/video/BV1aaaaaaaaa",
        ),
        (
            "<lite-youtube videoid=aaaaaaaaaaa><a href=/x>Play</a></lite-youtube>",
            "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "youtube.com/watch?v=aaaaaaaaaaa",
        ),
        (
            "<video><source src=/lock.mp4></video>",
            "https://a.example/lock.mp4",
            "a.example/lock.mp4",
        ),
        (
            "<div></div><noscript><iframe src=https://player.vimeo.com/video/7></iframe></noscript>",
            "https://vimeo.com/7",
            "vimeo.com/7",
        ),
    ],
)
def test_a_film_becomes_a_link(film: str, link: str, words: str) -> None:
    read = article(f"<div>{film}</div>")
    figure = f'<figure><figcaption><a href="{link}">{words}</a></figcaption></figure>'
    assert f"\n{figure}\n" in read.body
    assert words not in read.text


def test_a_film_has_its_poster_and_its_caption() -> None:
    film = "<figure><video src=/lock.mp4 poster=/p.jpg></video><figcaption>The lock.</figcaption>"
    assert (
        '<figure><a href="https://a.example/lock.mp4"><img src="https://a.example/p.jpg" alt="">'
        "</a><figcaption>The lock.</figcaption></figure>"
    ) in article(film).body
    only_poster = article("<video src=blob:https://a.example/1 poster=/p.jpg></video>").body
    assert '<figure><img src="https://a.example/p.jpg"' in only_poster


@pytest.mark.parametrize(
    "embed",
    [
        "<iframe src='https://ads.example/frame?player=1' allowfullscreen></iframe>",
        "<iframe src='https://www.facebook.com/plugins/like.php?href=x'></iframe>",
        "<iframe src='/newsletter/subscribe'></iframe>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<iframe></iframe><video></video><object></object>",
        "<video src='javascript:alert(1)'></video>",
        "<div class=related><iframe src=https://www.youtube.com/embed/aaaaaaaaaaa></iframe></div>",
    ],
)
def test_adverts_and_forms_are_no_films(embed: str) -> None:
    assert article(embed).body == article().body


POST = "https://x.com/harbour/status/17"


@pytest.mark.parametrize(
    "post",
    [
        f"<blockquote class=twitter-tweet><p>The lock is shut.</p>— H <a href={POST}>May 1</a>"
        "</blockquote>",
        f"<div><a href={POST}><div>Harbour</div>The lock is shut.<div>1 May</div></a></div>",
        f"<blockquote class=instagram-media data-instgrm-permalink={POST}><p>The lock is shut."
        "</blockquote>",
    ],
)
def test_a_quoted_post_stays_a_quotation_with_its_link(post: str) -> None:
    body = article(post).body
    quote = body[body.index("<blockquote>") : body.index("</blockquote>")]
    assert "The lock is shut." in quote
    assert quote.count(f'<a href="{POST}">') == 1
    assert body.count("The lock is shut.") == 1


def test_the_teaser_of_another_article_is_no_quoted_post() -> None:
    teaser = f"<a href=/story-2><div>Next: {LONG}</div></a>"
    assert "Next:" not in article(teaser).body


OG = "<meta property=og:image content=https://a.example/social/og.jpg>"
LEAD = "<figure><img src=/a.jpg><figcaption>The lock on Friday.</figcaption></figure>"


def test_the_picture_that_opens_the_text_leads_before_a_preview_that_the_page_does_not_show() -> (
    None
):
    page = f"<article><h1>The harbour closes</h1>{LEAD}{f'<p>{LONG}</p>' * 4}</article>"
    text = f"<html><head>{OG}</head><body>{page}</body></html>"
    read = extract(Page(url="https://a.example/2024/story", body=text.encode()), now=NOW)
    assert [image.url for image in read.images] == ["https://a.example/a.jpg"]
    assert read.images[0].caption == "The lock on Friday."


@pytest.mark.parametrize(
    ("inside", "below", "lead"),
    [
        ("", LEAD, "/social/og.jpg"),
        ("", "", "/social/og.jpg"),
        ("<img src=/social/og.jpg alt=Lock>", LEAD, "/social/og.jpg"),
    ],
    ids=["a picture at the end", "no picture", "a shown preview"],
)
def test_else_the_preview_leads(inside: str, below: str, lead: str) -> None:
    assert article(inside, OG, below).images[0].url == f"https://a.example{lead}"


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=https://webquotepic.eastmoney.com/GetPic.aspx?nid=1.600941&imageType=K>",
        "<img src=/hit.gif width=1 height=1>",
        "<img src=/hit.gif style='width:1px;height:1px'>",
        "<img src=https://hm.baidu.com/hm.gif?si=1>",
    ],
)
def test_charts_and_counters_are_no_pictures(picture: str) -> None:
    read = article(f"<div>{picture}</div>")
    assert "<img" not in read.body
    assert read.images == ()


def og(address: str) -> str:
    return f'<meta property="og:image" content="https://a.example{address}">'


def lead(inside: str = "", head: str = "", below: str = "") -> str:
    images = article(inside, head, below).images
    return images[0].url.removeprefix("https://a.example") if images else ""


@pytest.mark.parametrize(
    ("shared", "shown"),
    [
        (
            "/1/9-ci16x9-w1200/lock-at-the-old-harbour.jpg",
            "/1/9-ci23x11-w20/lock-at-the-old-harbour.jpg",
        ),
        (
            "/a/AAAB1/16x9-1280/bridge-of-ellery-101.jpg",
            "/a/AAAB2/20x9-640/bridge-of-ellery-101.jpg",
        ),
        ("/uploads/Lock-Opens-Again.jpg", "/uploads/640/320/Lock-Opens-Again.jpg"),
        ("/s1200/1_Ferry-leaves-pier.jpg?v=1", "/s510b/1_Ferry-leaves-pier.jpg?v=2"),
        ("/f/Sperrwerk-gro%C3%9Fer-Hafen.jpg", "/k/Sperrwerk-großer-Hafen.webp"),
        ("/u/lock-and-the-pier-1024x768.jpg", "/m/lock-and-the-pier-300x200.jpg"),
    ],
)
def test_the_shared_picture_is_the_one_with_its_file_name(shared: str, shown: str) -> None:
    first = "<figure><img src=/other/salt.jpg alt=Salt></figure>"
    read = article(f"{first}<img src='{shown}' alt='The lock'>", og(shared))
    assert [image.caption for image in read.images] == ["The lock", "Salt"]


@pytest.mark.parametrize(
    ("shared", "shown"),
    [
        ("/1/main-article-image-large.jpg", "/2/main-article-image-large.jpg"),
        ("/1/lock.jpg", "/2/lock.jpg"),
        ("/1/1_Ferry-leaves-pier.jpg", "/1/2_Ferry-leaves-pier.jpg"),
    ],
)
def test_other_pictures_may_have_a_common_or_a_similar_file_name(shared: str, shown: str) -> None:
    assert len(article(f"<img src={shown}>", og(shared)).images) == 2


@pytest.mark.parametrize(
    "address",
    [
        "/img/logo.png",
        "/static/site-logo-600.png",
        "/static/default-og.jpg",
        "/i/og_default.png",
        "/static/og-image.png",
        "/static/social-card.jpg?v=2",
        "/assets/no-image.gif",
        "/assets/placeholder-16x9.jpg",
        "/static/facebook-share-default.png",
    ],
)
def test_a_card_of_the_site_is_no_picture_of_the_article(address: str) -> None:
    assert lead(head=og(address)) == ""
    assert lead("<img src=/a.jpg>", og(address)) == "/a.jpg"


@pytest.mark.parametrize(
    "address",
    ["/i/no-imagery-2.jpg", "/2/og-image-of-the-lock.jpg", "/catalogo/1.jpg"],
)
def test_a_name_like_that_of_a_card_is_a_picture(address: str) -> None:
    assert lead(head=og(address)) == address


def test_the_stated_logo_of_the_publisher_is_no_picture_of_the_article() -> None:
    publisher = """{"@type": "NewsArticle", "headline": "The harbour closes for a year",
      "publisher": {"@type": "Organization", "name": "A", "logo": {"url": "https://a.example/x1.png"}}}"""
    head = f"<script type=application/ld+json>{publisher}</script>"
    assert lead(head=head + og("/x1.png?w=600")) == ""
    assert lead(head=head + og("/x2.png")) == "/x2.png"


def test_the_portrait_of_the_author_is_no_lead_picture() -> None:
    byline = "<p class=byline>By Ada Brook</p>"
    portrait = "<p><img src=/people/17.jpg alt='Ada Brook'></p>"
    page = f"<h1>The harbour closes for a year</h1>{byline}{portrait}<p>{LONG * 3}</p>" + (
        f"<p><img src=/a.jpg alt='The lock'></p><p>{LONG * 3}</p>" * 2
    )
    read = extract(
        Page(url="https://a.example/2024/story", body=f"<article>{page}</article>".encode()),
        now=NOW,
    )
    assert [read.authors, [image.url for image in read.images]] == [
        ("Ada Brook",),
        ["https://a.example/a.jpg"],
    ]
