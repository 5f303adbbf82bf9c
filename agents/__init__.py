"""The six roles: (work, sources) -> proposal. A role proposes; it never acts."""
