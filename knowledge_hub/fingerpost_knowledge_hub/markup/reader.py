"""Reads HTML as a stream of events, so that neither depth nor nesting can harm.

The HTML parser of libxml2 repairs what is broken and reports balanced start and end events;
nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from fingerpost_knowledge_hub.markup.links import Address, address_of
from fingerpost_knowledge_hub.markup.outline import Outline
from fingerpost_knowledge_hub.markup.sinks import BoxSink, CellSink, ListSink, PageSink, Sink
from fingerpost_knowledge_hub.markup.tables import Cell, Row, table_lines
from fingerpost_knowledge_hub.markup.text import clean, squeeze
from fingerpost_knowledge_hub.markup.visibility import is_hidden

Attributes = Mapping[str, str]
Leave = Callable[[], None]

_SECTIONS = ("article", "aside", "body", "div", "footer", "header", "html", "main", "section")
_TEXTS = ("address", "blockquote", "caption", "center", "figcaption", "figure", "hr", "p")
_FORMS = ("details", "fieldset", "form", "legend", "option", "select", "summary")
_BLOCKS = frozenset({*_SECTIONS, *_TEXTS, *_FORMS})
_BOXES = frozenset({"address", "attachment", "contact", "gem-c-attachment", "vcard"})
_WARNINGS = frozenset({"help-notice", "govuk-warning-text"})
_WARNING = {"en": "Warning", "cy": "Rhybudd"}


class PageReader:
    """A parser target (see lxml's `HTMLParser`) that turns events into an outline's blocks."""

    def __init__(self, outline: Outline, *, locale: str = "en") -> None:
        self._outline = outline
        self._warning = _WARNING.get(locale, "")
        self._open: list[Leave | None] = []
        self._hidden_depth = 0
        self._inline: list[str] = []
        self._sinks: list[Sink] = [PageSink(outline)]
        self._tables: list[_Table] = []
        self._warn = False
        self._link_words: list[str] | None = None
        self._preformatted = 0

    # What the parser calls

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._hidden_depth or is_hidden(tag, attributes):
            self._hidden_depth += 1
        else:
            self._open.append(self._enter(tag, attributes))

    def end(self, tag: str) -> None:
        if self._hidden_depth:
            self._hidden_depth -= 1
        elif self._open and (leave := self._open.pop()):
            leave()

    def data(self, text: str) -> None:
        if not self._hidden_depth:
            # Line breaks in the source are spaces, save in <pre>; in the buffer they are breaks.
            text = clean(text)
            self._inline.append(text if self._preformatted else text.replace("\n", " "))
            if self._link_words is not None:
                self._link_words.append(text)

    def close(self) -> None:
        while self._open:
            if leave := self._open.pop():
                leave()
        self._flush()

    # Elements

    def _enter(self, tag: str, attributes: Attributes) -> Leave | None:
        if element := _ELEMENTS.get(tag):
            return element(self, tag, attributes)
        if tag in _BLOCKS:
            return self._block(tag, attributes)
        return None

    def _block(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        classes = _classes(attributes)
        if classes & _WARNINGS:
            self._warn = True
            return self._leave_warning
        on_page = isinstance(self._sinks[-1], PageSink)
        if on_page and (tag == "address" or classes & _BOXES):
            box = BoxSink()
            self._sinks.append(box)
            return partial(self._leave_sink, box.take)
        return self._flush

    def _leave_warning(self) -> None:
        self._flush()
        self._warn = False

    def _pre(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        self._preformatted += 1
        return self._leave_pre

    def _leave_pre(self) -> None:
        self._flush()
        self._preformatted -= 1

    def _heading(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if not isinstance(self._sinks[-1], PageSink):
            return self._flush
        anchor = squeeze(clean(attributes.get("id", "")))
        return partial(self._leave_heading, int(tag[1]), anchor)

    def _leave_heading(self, level: int, anchor: str) -> None:
        if text := " ".join(self._take_lines()):
            self._outline.heading(level, text, anchor)

    def _line_break(self, tag: str, attributes: Attributes) -> None:
        self._inline.append("\n")

    def _link(self, tag: str, attributes: Attributes) -> Leave | None:
        if "footnote" in _classes(attributes):
            self._inline.append(" [")
            return partial(self._inline.append, "]")
        address = address_of(attributes.get("href", ""))
        if address is None or self._link_words is not None:
            return None
        words: list[str] = []
        self._link_words = words
        return partial(self._leave_link, words, address)

    def _leave_link(self, words: list[str], address: Address) -> None:
        # The words are kept apart: a block within the link has sent some to the sink already.
        self._link_words = None
        self._inline.append(address.after("".join(words)))

    def _superscript(self, tag: str, attributes: Attributes) -> Leave | None:
        base = self._inline[-1] if self._inline else ""
        if not base[-1:].isdigit():
            return None
        self._inline.append("")
        return partial(self._leave_superscript, len(self._inline) - 1)

    def _leave_superscript(self, place: int) -> None:
        # "10" and a raised "6" would read as 106; "1" and a raised "st" read well as they are.
        raised = self._inline[place + 1 : place + 2]
        if raised and raised[0][:1].isdigit() and not self._inline[place]:
            self._inline[place] = "^"

    def _image(self, tag: str, attributes: Attributes) -> None:
        # GOV.UK writes fractions as pictures: their alternative text is part of the sentence.
        if "/fractions/" in attributes.get("src", ""):
            self._inline.append(clean(attributes.get("alt", "")))

    # Lists

    def _list(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        top = self._sinks[-1]
        if isinstance(top, CellSink):
            return self._flush
        first = _number(attributes, "start", low=0) if tag == "ol" else None
        if isinstance(top, ListSink):
            top.open_level(first)
            return partial(self._after_flush, top.close_level)
        outermost = ListSink()
        outermost.open_level(first)
        self._sinks.append(outermost)
        return partial(self._leave_sink, lambda: list(outermost.lines()))

    def _item(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if isinstance(top := self._sinks[-1], ListSink):
            top.open_item()
            return partial(self._after_flush, top.close_item)
        return self._flush

    def _definition(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if isinstance(top := self._sinks[-1], ListSink):
            top.define()
        return self._flush

    # Tables

    def _table(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if isinstance(self._sinks[-1], CellSink):
            return self._flush
        for sink in self._sinks:
            sink.settle(self._outline)
        self._tables.append(_Table())
        return self._leave_table

    def _leave_table(self) -> None:
        self._flush()
        self._outline.block(table_lines(self._tables.pop().rows))

    def _row_group(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if self._tables and not isinstance(self._sinks[-1], CellSink):
            self._tables[-1].in_head = tag == "thead"
            return partial(self._leave_row_group, self._tables[-1])
        return self._flush

    def _leave_row_group(self, table: _Table) -> None:
        self._flush()
        table.in_head = False

    def _row(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if self._tables and not isinstance(self._sinks[-1], CellSink):
            self._tables[-1].open_row()
        return self._flush

    def _cell(self, tag: str, attributes: Attributes) -> Leave:
        self._flush()
        if not self._tables or isinstance(self._sinks[-1], CellSink):
            return self._flush
        cell = CellSink()
        self._sinks.append(cell)
        return partial(self._leave_cell, cell, tag == "th", attributes)

    def _leave_cell(self, sink: CellSink, heading: bool, attributes: Attributes) -> None:
        self._flush()
        self._sinks.pop()
        cell = Cell(
            text=sink.text(),
            heading=heading,
            columns=_number(attributes, "colspan", low=1),
            rows=_number(attributes, "rowspan", low=1),
        )
        self._tables[-1].add(cell)

    # Text

    def _leave_sink(self, take: Callable[[], list[str]]) -> None:
        self._flush()
        self._sinks.pop()
        self._sinks[-1].write(take())

    def _after_flush(self, then: Leave) -> None:
        self._flush()
        then()

    def _flush(self) -> None:
        """End the running stretch of text: it goes to the innermost sink."""
        lines = self._take_lines()
        if not lines:
            return
        if self._warn:
            self._warn = False
            if self._warning and not lines[0].startswith(self._warning):
                lines[0] = f"{self._warning}: {lines[0]}"
        self._sinks[-1].write(lines)

    def _take_lines(self) -> list[str]:
        text = "".join(self._inline)
        self._inline.clear()
        return [line for part in text.split("\n") if (line := squeeze(part))]


class _Table:
    """Rows of one table in the making."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.in_head = False

    def open_row(self) -> None:
        self.rows.append(Row([], self.in_head))

    def add(self, cell: Cell) -> None:
        if not self.rows:
            self.open_row()
        self.rows[-1].cells.append(cell)


def _classes(attributes: Attributes) -> set[str]:
    return set(attributes.get("class", "").split())


def _number(attributes: Attributes, name: str, *, low: int) -> int:
    """A number of at most four digits; anything else counts as not given, which means 1."""
    text = attributes.get(name, "")
    return max(low, int(text)) if text.isascii() and text.isdigit() and len(text) <= 4 else 1


_ELEMENTS: dict[str, Callable[[PageReader, str, Attributes], Leave | None]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), PageReader._heading),
    **dict.fromkeys(("ul", "ol", "dl"), PageReader._list),
    **dict.fromkeys(("li", "dt"), PageReader._item),
    **dict.fromkeys(("thead", "tbody", "tfoot"), PageReader._row_group),
    **dict.fromkeys(("td", "th"), PageReader._cell),
    "dd": PageReader._definition,
    "pre": PageReader._pre,
    "table": PageReader._table,
    "tr": PageReader._row,
    "br": PageReader._line_break,
    "a": PageReader._link,
    "sup": PageReader._superscript,
    "img": PageReader._image,
}
