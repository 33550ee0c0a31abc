"""Every Chinese encoding comes out right, however it is declared, and a reference to no character costs nothing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.decode import codec, decode
from service.feeds.parse import parse

SIMPLE = (
    "宜春市气象台发布暴雨橙色预警，请市民减少外出",
    "网传喝醋能防流感？专家：没有依据",
    "停水通知",
    "地震",
    "樟树药都论坛开幕",
)
TRADITIONAL = (
    "宜春市氣象台發布暴雨橙色預警，請市民減少外出",
    "網傳喝醋能防流感？專家：沒有依據",
    "停水通知",
    "地震",
)
CODECS = (
    "utf-8",
    "utf-8-sig",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
)


def document(title: str, prolog: str = "") -> str:
    return f'{prolog}<rss version="2.0"><channel><title>{title}</title></channel></rss>'


def written(encoding: str) -> tuple[str, ...]:
    return TRADITIONAL if encoding == "big5" else SIMPLE


CASES = [(encoding, title) for encoding in CODECS for title in written(encoding)]


@pytest.mark.parametrize(("encoding", "title"), CASES)
def test_undeclared_text_is_read_right(encoding: str, title: str) -> None:
    assert decode(document(title).encode(encoding))[0] == document(title)


@pytest.mark.parametrize(("encoding", "title"), CASES)
def test_text_declared_in_the_prolog_is_read_right(encoding: str, title: str) -> None:
    whole = document(title, f'<?xml version="1.0" encoding="{encoding.replace("-sig", "")}"?>')
    assert decode(whole.encode(encoding))[0] == whole


@pytest.mark.parametrize(("encoding", "title"), CASES)
def test_text_declared_in_the_header_is_read_right(encoding: str, title: str) -> None:
    header = f"text/xml; charset={encoding.replace('-sig', '')}"
    assert decode(document(title).encode(encoding), header)[0] == document(title)


@pytest.mark.parametrize(("encoding", "title"), CASES)
@pytest.mark.parametrize(
    "wrong", ["ISO-8859-1", "us-ascii", "windows-1252", "no-such-charset", "base64", "utf-7"]
)
def test_a_careless_header_does_no_harm(encoding: str, title: str, wrong: str) -> None:
    assert decode(document(title).encode(encoding), f"text/xml; charset={wrong}")[0] == document(title)


@pytest.mark.parametrize("title", TRADITIONAL)
def test_big5_that_calls_itself_gb2312_is_big5(title: str) -> None:
    whole = document(title, '<?xml version="1.0" encoding="gb2312"?>')
    assert title in decode(whole.encode("big5"))[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_body_cut_inside_a_character_loses_only_that_character(encoding: str) -> None:
    title = written(encoding)[0]
    whole = f"<rss><channel><title>{title}".encode(encoding)
    assert decode(whole[:-1])[0] == f"<rss><channel><title>{title[:-1]}"


@pytest.mark.parametrize("title", SIMPLE)
def test_seven_bit_chinese_is_read_when_it_says_so(title: str) -> None:
    whole = document(title, '<?xml version="1.0" encoding="hz-gb-2312"?>')
    assert decode(whole.encode("hz"))[0] == whole


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("café crème brûlée", "utf-8"), ("café crème brûlée", "cp1252"), ("Привет, мир", "utf-8")],
)
def test_other_languages_do_not_turn_chinese(text: str, encoding: str) -> None:
    assert decode(document(text).encode(encoding))[0] == document(text)


def test_stray_bytes_in_utf8_cost_only_themselves() -> None:
    body = document("宜春市气象台发布暴雨橙色预警").encode().replace("台".encode(), b"\xff")
    assert "宜春市气象" in decode(body)[0]
    assert "发布暴雨橙色预警" in decode(body)[0]


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "hex", "unicode_escape", "idna", "utf-7", "undefined", "nonsense"]
)
def test_what_is_no_charset_is_not_used_as_one(label: str) -> None:
    assert codec(label) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("GB2312", "gb18030"),
        ("x-gbk", "gb18030"),
        ("cp936", "gb18030"),
        ("Big5-HKSCS", "big5hkscs"),
        ("UTF8", "utf-8"),
    ],
)
def test_labels_of_the_trade_are_known(label: str, name: str) -> None:
    assert codec(label) == name


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/xml; charset=gbk", "text/xml; charset=utf-16", "x;charset="]),
)
def test_no_bytes_make_it_fail(body: bytes, content_type: str | None) -> None:
    text, name = decode(body, content_type)
    assert isinstance(text, str)
    assert codec(name) or name == "big5hkscs"


def test_all_pairs_of_declaration_and_reality_give_the_title_when_the_title_is_long() -> None:
    title = SIMPLE[0]
    for real, said in itertools.product(
        ("utf-8", "gbk", "gb18030"), ("utf-8", "gbk", "gb2312", "iso-8859-1")
    ):
        whole = document(title, f'<?xml version="1.0" encoding="{said}"?>')
        assert title in decode(whole.encode(real))[0], (real, said)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&#xD83C;&#xDF27;", "🌧"),
        ("&#55356;&#57127;", "🌧"),
        ("&#x1F327;", "🌧"),
        ("&#xD83C;", ""),
        ("&#xDF27;&#xD83C;", ""),
        ("&#x110000;", ""),
        ("&#99999999999;", ""),
        (f"&#{'9' * 5_000};", ""),
        ("&#x00003c;", "<"),
        ("&#55203;", "힣"),
    ],
)
def test_a_reference_to_no_character_costs_no_entry(written: str, read: str) -> None:
    item = "<item><guid>{}</guid><title>雨{}大</title></item>"
    items = item.format(1, written) + item.format(2, "")
    feed = parse(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert [entry.title for entry in feed.entries] == [f"雨{read}大", "雨大"]
