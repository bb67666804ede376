import struct
import zlib

from tools.pictures import MAX_COLOURS, to_png

WHITE, BLACK, RED = b"\xff\xff\xff\xff", b"\x00\x00\x00\xff", b"\xff\x00\x00\xff"


def chunks_of(png: bytes) -> dict[bytes, bytes]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = {}, 8
    while place < len(png):
        size, name = struct.unpack_from(">I4s", png, place)
        chunks[name] = png[place + 8 : place + 8 + size]
        assert struct.unpack_from(">I", png, place + 8 + size)[0] == zlib.crc32(name + chunks[name])
        place += 12 + size
    return chunks


def pixels_of(png: bytes) -> list[bytes]:
    chunks = chunks_of(png)
    width, height, depth, kind = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    assert (depth, kind) == (8, 3)
    lines, palette = zlib.decompress(chunks[b"IDAT"]), chunks[b"PLTE"]
    rows = [lines[row * (width + 1) : (row + 1) * (width + 1)] for row in range(height)]
    assert all(row[0] == 0 for row in rows)
    return [palette[3 * index : 3 * index + 3] for row in rows for index in row[1:]]


def test_few_colours_stay_as_they_are() -> None:
    image = [WHITE, BLACK, RED, WHITE, WHITE, BLACK]
    assert pixels_of(to_png(3, 2, b"".join(image))) == [pixel[:3] for pixel in image]


def test_a_rare_colour_is_not_lost_among_many_that_look_alike() -> None:
    greys = [bytes((value, value, value + shade, 255)) for value in range(250) for shade in range(3)]
    pixels = pixels_of(to_png(len(greys) + 1, 1, b"".join([*greys, RED])))
    assert pixels[-1] == RED[:3]
    assert len(set(pixels)) <= MAX_COLOURS
    assert all(
        max(abs(a - b) for a, b in zip(pixel, grey, strict=False)) < 16 for pixel, grey in zip(pixels, greys, strict=False)
    )
