"""Databases of rows in the emulated Notion workspace: properties by a schema that is held to, filters, sorts."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.clock import SharedClock
from sandbox.notion_columns import EMPTY, checked, fits, in_words
from sandbox.notion_hooks import NotionHooks
from sandbox.notion_objects import Json, invalid, minute, new_id, rich_text, same_id
from sandbox.receipts import ReceiptLog
from sandbox.settings import NotionTable


@dataclass
class TableRow:
    """One page of a database; `properties` as the API tells them."""

    id: str
    properties: dict[str, Json]
    created: datetime
    edited: datetime
    trashed: bool = False


@dataclass
class Table:
    """One database with its one data source."""

    told: NotionTable
    source_id: str
    rows: dict[str, TableRow] = field(default_factory=dict)

    @property
    def parent(self) -> Json:
        """Where its pages say they are."""
        return {
            "type": "data_source_id",
            "data_source_id": self.source_id,
            "database_id": same_id(self.told.database_id),
        }


class NotionTables:
    """Every database beside the one of knowledge; changes are told to who subscribed."""

    def __init__(
        self,
        told: tuple[NotionTable, ...],
        clock: SharedClock,
        receipts: ReceiptLog,
        hooks: NotionHooks,
    ) -> None:
        self._tables = [Table(one, new_id("table source", place)) for place, one in enumerate(told)]
        self._clock = clock
        self._receipts = receipts
        self._hooks = hooks
        self._made = 0

    def at(self, told: str) -> Table | None:
        """A database by its id or that of its data source."""
        wanted = same_id(told)
        ids = ((same_id(table.told.database_id), table.source_id, table) for table in self._tables)
        return next((table for database, source, table in ids if wanted in {database, source}), None)

    def named(self, name: str) -> Table:
        """A database by its name, for the control endpoint."""
        for table in self._tables:
            if table.told.name == name:
                return table
        raise LookupError(f"there is no database {name}; there are {[t.told.name for t in self._tables]}")

    def holding(self, page_id: str) -> tuple[Table, TableRow] | None:
        """The database a page lies in."""
        wanted = same_id(page_id)
        return next(((t, t.rows[wanted]) for t in self._tables if wanted in t.rows), None)

    def create(self, table: Table, properties: Json, told: bool = True) -> TableRow:
        """Add a page."""
        self._made += 1
        now = self._clock.now()
        made = {
            name: {"id": name, "type": kind, kind: EMPTY.get(kind)}
            for name, kind in table.told.columns.items()
        }
        row = TableRow(new_id("row", self._made), made | checked(table.told, properties), now, now)
        table.rows[row.id] = row
        if told:
            self._edited(table, row, "page.created")
        return row

    def update(self, table: Table, row: TableRow, properties: Json, trashed: bool | None) -> None:
        """Change properties of a page, or put it in the bin and take it out again."""
        if row.trashed and trashed is not False and properties:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        row.properties |= checked(table.told, properties)
        kind = "page.properties_updated"
        if trashed is not None:
            row.trashed = trashed
            kind = "page.deleted" if trashed else "page.undeleted"
        self._edited(table, row, kind)

    def query(self, table: Table, body: Json) -> list[TableRow]:
        """The pages that pass a filter, in the order asked for, else in that they were made."""
        asked = body.get("filter")
        found = [
            row for row in table.rows.values() if not row.trashed and fits(row.properties, row.edited, asked)
        ]
        for sort in reversed(body.get("sorts", [])):
            found.sort(key=lambda row: _sorted(row, sort), reverse=sort.get("direction") == "descending")
        return found

    def show(self, table: Table, row: TableRow) -> Json:
        """A page as the API tells it."""
        return {
            "object": "page",
            "id": row.id,
            "created_time": minute(row.created),
            "last_edited_time": minute(row.edited),
            "parent": table.parent,
            "archived": row.trashed,
            "in_trash": row.trashed,
            "properties": row.properties,
            "url": f"https://www.notion.so/{row.id.replace('-', '')}",
        }

    def show_source(self, table: Table) -> Json:
        """A data source as the API tells it: its schema."""
        columns: Json = {
            name: {"id": name, "name": name, "type": kind, kind: {}}
            for name, kind in table.told.columns.items()
        }
        for name, options in table.told.options.items():
            columns[name][columns[name]["type"]] = {"options": [{"name": option} for option in options]}
        return {
            "object": "data_source",
            "id": table.source_id,
            "parent": {"type": "database_id", "database_id": same_id(table.told.database_id)},
            "properties": columns,
        }

    def show_database(self, table: Table) -> Json:
        """A database as the API tells it."""
        return {
            "object": "database",
            "id": same_id(table.told.database_id),
            "title": rich_text(table.told.name),
            "data_sources": [{"id": table.source_id, "name": table.told.name}],
            "in_trash": False,
        }

    def _edited(self, table: Table, row: TableRow, what: str) -> None:
        row.edited = self._clock.now()
        self._receipts.write("notion.changed", page=row.id, what=what)
        parent = {"id": table.parent["database_id"], "type": "database", "data_source_id": table.source_id}
        self._hooks.tell(what, row.id, parent, row.edited)


def _sorted(row: TableRow, sort: Json) -> str:
    if "timestamp" in sort:
        return minute(row.edited if sort["timestamp"] == "last_edited_time" else row.created)
    if sort.get("property") not in row.properties:
        raise invalid(f"Could not find sort property with name or id: {sort.get('property')}")
    return in_words(row.properties[sort["property"]])
