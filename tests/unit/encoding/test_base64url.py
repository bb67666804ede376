"""base64url, which JOSE writes without padding, and reads in no other form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.encoding.base64url import b64url, b64url_decode
from app.errors import ProtocolError


@given(st.binary(max_size=100))
def test_base64url_has_no_padding_and_comes_back(data: bytes) -> None:
    text = b64url(data)
    assert not set(text) & set("=+/")
    assert b64url_decode(text) == data


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("YQ==", id="padded"),
        pytest.param("Y Q", id="white space inside"),
        pytest.param("YQ\n", id="line feed at the end"),
        pytest.param("-_8+", id="plus of plain base64"),
        pytest.param("-_8/", id="slash of plain base64"),
        pytest.param("YQ.", id="foreign character"),
        pytest.param("YWJjä", id="not ASCII"),
        pytest.param("Y", id="one character alone"),
        pytest.param("YR", id="loose last bits"),
        pytest.param("=", id="padding alone"),
    ],
)
def test_base64url_that_is_not_strict_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        b64url_decode(text)
