"""Control of the rows of Notion's databases: laid there at first, looked at, and changed as people would."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.notion_columns import from_words, in_words
from sandbox.notion_tables import NotionTables


class Rows(Asked):
    """Rows to be laid into a database, in Notion's own JSON; nobody is told of them."""

    database: str
    rows: list[Json]


class RowEdit(Asked):
    """A change of one row by somebody, found by what a property of it says; values as they would type them."""

    database: str
    find: dict[str, str] = {}
    create: bool = False
    properties: dict[str, str] = {}
    trash: bool | None = None


def routes(tables: NotionTables) -> list[Route]:
    """Under /sandbox/notion."""

    async def lay(asked: Rows) -> Json:
        table = tables.named(asked.database)
        return {"ids": [tables.create(table, row, told=False).id for row in asked.rows]}

    async def rows(request: Request) -> Json:
        table = tables.named(request.query_params["database"])
        return {
            "rows": [
                {"id": row.id, **{name: in_words(value) for name, value in row.properties.items()}}
                for row in table.rows.values()
                if not row.trashed
            ]
        }

    async def edit_row(asked: RowEdit) -> Json:
        table = tables.named(asked.database)
        kinds = table.told.columns
        told = {name: from_words(kinds[name], words) for name, words in asked.properties.items()}
        if asked.create:
            return {"id": tables.create(table, told).id}
        found = [
            row
            for row in table.rows.values()
            if all(in_words(row.properties[name]) == words for name, words in asked.find.items())
            and (asked.trash is False) == row.trashed
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows of {asked.database} are {asked.find}")
        tables.update(table, found[0], told, asked.trash)
        return {"id": found[0].id}

    return [
        getting("/sandbox/notion/rows", rows),
        posting("/sandbox/notion/rows", Rows, lay),
        posting("/sandbox/notion/row", RowEdit, edit_row),
    ]
