"""Reads a body from an untrusted server: decodes it piece by piece, with limits on length and time."""

import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
import httpx

MAX_CHUNK: Final = 64 << 10  # bytes that are decoded at a time, so that a small body cannot fill the memory
MAX_OVERHEAD: Final = 64 << 10  # bytes by which an encoded body may be longer than what is in it
MIN_RATE: Final = 2048  # bytes a second on average, less than on any line on which people open a page of megabytes
MAX_SLOW_SECONDS: Final = 20.0  # seconds before the rate counts

Decoder = Callable[[bytes], Iterator[bytes]]


class BodyError(Exception):
    """The body is longer than it may be, or cannot be decoded: not what it should be."""


class UnsupportedEncodingError(Exception):
    """The body is in an encoding that cannot be decoded here; the message is its name."""


class TooSlowError(Exception):
    """The body comes too slowly."""


async def read_body(response: httpx.Response, limit: int) -> tuple[bytes, bytes]:
    """Read a streamed response, whose decoded body may have `limit` bytes: as it was sent, and decoded.

    Raises `BodyError`, `UnsupportedEncodingError`, `TooSlowError` and what httpx raises.
    """
    decode = _decoder(response.headers.get("content-encoding", ""))
    sent, decoded = bytearray(), bytearray()
    started = time.monotonic()
    async for piece in response.aiter_raw():
        sent += piece
        seconds = time.monotonic() - started
        if seconds > MAX_SLOW_SECONDS and len(sent) < MIN_RATE * seconds:
            raise TooSlowError
        for part in decode(piece):
            decoded += part
            if len(decoded) > limit:
                raise BodyError
        if len(sent) > limit + MAX_OVERHEAD:
            raise BodyError
    return bytes(sent), bytes(decoded)


def _decoder(encoding: str) -> Decoder:
    """What undoes a Content-Encoding (RFC 9110 §8.4)."""
    match encoding.strip().lower():
        case "" | "identity":
            return lambda data: iter([data])
        case "gzip" | "x-gzip":
            return _inflating(16 + zlib.MAX_WBITS)
        case "deflate":
            return _inflating(zlib.MAX_WBITS)
        case "br":
            return _unbrotli()
        case other:
            raise UnsupportedEncodingError(other)


def _inflating(window: int) -> Decoder:
    inflater = zlib.decompressobj(window)

    def decode(data: bytes) -> Iterator[bytes]:
        more = True
        while more and not inflater.eof:
            try:
                part = inflater.decompress(data, MAX_CHUNK)
            except zlib.error as error:
                raise BodyError from error
            yield part
            data = inflater.unconsumed_tail
            more = bool(data) or len(part) == MAX_CHUNK

    return decode


def _unbrotli() -> Decoder:
    decompressor: Any = brotli.Decompressor()

    def decode(data: bytes) -> Iterator[bytes]:
        part = None
        while part != b"" and not decompressor.is_finished():
            try:
                part = decompressor.process(data, output_buffer_limit=MAX_CHUNK)
            except brotli.error as error:
                raise BodyError from error
            yield part
            data = b""

    return decode
