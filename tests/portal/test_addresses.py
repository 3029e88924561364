"""Identifiers in addresses: every one comes back as it went in."""

from hypothesis import given
from hypothesis import strategies as st

from quipu.portal.addresses import identifier, segment


@given(st.text(min_size=1))
def test_an_identifier_comes_back_out_of_its_address(name):
    from urllib.parse import unquote

    assert identifier(unquote(segment(name))) == name


def test_a_slash_is_a_tilde_and_a_tilde_stays_one():
    assert segment("XI-IATI-UNPF-JOR-19/DDA") == "XI-IATI-UNPF-JOR-19~DDA"
    assert "/" not in segment("a~b/c")


def test_only_addresses_of_the_web_become_links():
    from quipu.portal.addresses import outside

    assert outside(" https://example.org/a.pdf ") == "https://example.org/a.pdf"
    assert outside("HTTP://EXAMPLE.ORG") == "HTTP://EXAMPLE.ORG"
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "www.example.org",
        "",
    ):
        assert outside(address) == ""
