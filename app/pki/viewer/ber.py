"""The headers of BER elements (X.690 §8.1), as far as they tell what a file is."""


def header_length(data: bytes) -> int:
    """The bytes of the tag and the length at the start of `data`; an indefinite length has one byte."""
    length = data[1] if len(data) > 1 else 0
    return 2 + (length & 0x7F if length & 0x80 else 0)


def first_element(data: bytes) -> bytes:
    """The first element of `data`, which has a definite length, without what follows it."""
    header = header_length(data)
    length = int.from_bytes(data[2:header]) if header > 2 else int.from_bytes(data[1:2])
    return data[: header + length]
