"""A file out of a form, whatever the pieces it comes in."""

from collections.abc import AsyncIterator

import pytest

from services.gateway.batch.receive.multipart import FormFile, InvalidFormError

TYPE = 'multipart/form-data; boundary="xyz"'
DATA = b"<batch>\r\n--xy not the boundary\r\n</batch>" * 500


def form(file: bytes = DATA, name: str = "f.xml") -> bytes:
    return (
        b'--xyz\r\nContent-Disposition: form-data; name="mode"\r\n\r\nsimulation\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
        b"Content-Type: application/xml\r\n\r\n" + file + b"\r\n"
        b'--xyz\r\nContent-Disposition: form-data; name="later"\r\n\r\nx\r\n--xyz--\r\n'
    )


async def stream(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [1, 13, 1000, 1_000_000])
async def test_the_file_comes_out_as_it_went_in(size: int) -> None:
    opened = await FormFile.open(stream(form(name="köln.xml"), size), TYPE)
    assert (opened.fields, opened.file_name) == ({"mode": "simulation"}, "köln.xml")
    assert b"".join([piece async for piece in opened.pieces()]) == DATA


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"", TYPE),
        (form()[:60], TYPE),
        (form()[:1000], TYPE),
        (b"nonsense", TYPE),
        (form(), "multipart/form-data"),
        (form(), "application/json"),
        (b'--xyz\r\nContent-Disposition: form-data; name="mode"\r\n\r\n' + b"x" * 10_000 + b"\r\n--xyz--\r\n", TYPE),
        (b'--xyz\r\nContent-Disposition: form-data; name="mode"\r\n\r\nx\r\n--xyz--\r\n', TYPE),
    ],
)
async def test_a_form_without_a_whole_file_is_refused(body: bytes, type_: str) -> None:
    """Lost: half a file taken for the whole because the form broke off."""
    with pytest.raises(InvalidFormError):
        opened = await FormFile.open(stream(body, 100), type_)
        _ = [piece async for piece in opened.pieces()]
