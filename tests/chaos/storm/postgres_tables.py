"""Reading a run's PostgreSQL database from outside."""

from collections.abc import Sequence

import psycopg
from psycopg.rows import dict_row

from tests.chaos.storm.tables import Row, Unreadable


class PostgresTables:
    """One database; every question on a connection of its own, for its server outlives whoever is killed."""

    def __init__(self, url: str) -> None:
        self._url = url

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one SELECT."""
        try:
            with psycopg.connect(self._url, row_factory=dict_row, connect_timeout=10) as connection:
                return connection.execute(sql.replace("?", "%s").encode(), tuple(values)).fetchall()
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable) as error:
            raise Unreadable(str(error)) from error
