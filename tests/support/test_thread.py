from hypothesis import given
from hypothesis import strategies as st

from support.thread import GIST, Block, blocks, gist


def test_paragraphs_stay_paragraphs():
    assert blocks("Hello,\r\nthe mail bounces.\r\n\r\nRegards") == [
        Block("Hello,\nthe mail bounces.", quoted=False),
        Block("Regards", quoted=False),
    ]


def test_quoted_mail_loses_its_marks_and_keeps_its_lines():
    assert blocks("See below.\n> 550 5.7.26 refused\n> by mx.example") == [
        Block("See below.", quoted=False),
        Block("550 5.7.26 refused\nby mx.example", quoted=True),
    ]


def test_a_mail_servers_answer_is_kept_as_it_stands():
    body = "Here is one:\n550 5.7.26 This mail has been blocked\n550 5.7.26 SPF did not pass"
    assert blocks(body)[1] == Block("550 5.7.26 This mail has been blocked\n550 5.7.26 SPF did not pass", quoted=True)


def test_html_stays_text():
    assert blocks("<script>alert(1)</script>") == [Block("<script>alert(1)</script>", quoted=False)]


def test_an_empty_message_has_no_block():
    assert blocks(" \r\n\r\n ") == []


@given(st.text())
def test_no_word_of_a_message_is_lost(body: str):
    shown = " ".join(block.text for block in blocks(body))
    for word in body.replace(">", " ").split():
        assert word in shown.replace(">", " ") or not word.strip()


@given(st.text())
def test_a_gist_is_one_line_of_bounded_length(body: str):
    assert len(gist(body)) <= GIST
    assert "\n" not in gist(body)
