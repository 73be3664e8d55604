"""The file in a multipart form, as a stream: the framework's parser would first put all of it on disk, unbounded."""

from collections import deque
from collections.abc import AsyncIterator
from typing import Self

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.gateway.limits import LARGEST_FORM_FIELD, MOST_FORM_FIELDS


class InvalidFormError(Exception):
    """The body is not a multipart form with a file."""


class FormFile:
    """The first file of a form. `fields`: the form's other fields that came before it; `file_name`: as sent."""

    def __init__(self, stream: AsyncIterator[bytes], content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise InvalidFormError("multipart/form-data with a boundary is expected")
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self._stream = stream
        self._headers: dict[bytes, bytes] = {}
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._part: dict[bytes, bytes] = {}
        self._value = bytearray()
        self._pieces: deque[bytes] = deque()
        self._in_file = self._found = self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
            },
        )

    @classmethod
    async def open(cls, stream: AsyncIterator[bytes], content_type: str) -> Self:
        """Read the form up to its file, so that the fields before it are known. Raises InvalidFormError."""
        form = cls(stream, content_type)
        while not form._found:
            await form._read_on()
        return form

    async def pieces(self) -> AsyncIterator[bytes]:
        """Read the file's bytes. Raises InvalidFormError when the form breaks off."""
        while True:
            while self._pieces:
                yield self._pieces.popleft()
            if self._ended:
                return
            await self._read_on()

    async def _read_on(self) -> None:
        try:
            piece = await anext(self._stream)
            if piece:
                self._parser.write(piece)
        except StopAsyncIteration:
            raise InvalidFormError("the form has no file, or ends before it does") from None
        except MultipartParseError as error:
            raise InvalidFormError("the form is broken") from error

    def _on_part_begin(self) -> None:
        self._headers, self._value = {}, bytearray()

    def _on_header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _on_headers_finished(self) -> None:
        _, self._part = parse_options_header(self._headers.get(b"content-disposition"))
        if b"filename" in self._part and not self._found:
            self._in_file = self._found = True
            self.file_name = self._part[b"filename"].decode("utf-8", "replace") or None

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._pieces.append(data[start:end])
        elif not self._found:
            self._value += data[start:end]
            if len(self._value) > LARGEST_FORM_FIELD:
                raise InvalidFormError("a field is too long")

    def _on_part_end(self) -> None:
        if self._in_file:
            self._in_file, self._ended = False, True
        elif not self._found:
            if len(self.fields) >= MOST_FORM_FIELDS:
                raise InvalidFormError("too many fields")
            name = self._part.get(b"name", b"").decode("utf-8", "replace")
            self.fields[name] = self._value.decode("utf-8", "replace")
