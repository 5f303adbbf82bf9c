"""The systems of record as the sandbox plays them: whether they answer, and how they fail."""

import asyncio

import httpx

from casefile.errors import DependencyDown


class SandboxSources:
    """Implements ports.sources.Reach against the sandbox's `/sources/<name>`.

    The sample records lie in the server's own database; this is the way to them that can break.
    """

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=timeout_seconds,
            trust_env=False,
            verify=not base_url.startswith("http://"),
        )
        self._timeout = timeout_seconds

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def reach(self, name: str) -> None:
        """Return when the source answers as it should; else raise DependencyDown."""
        try:
            # httpx bounds each read, not the whole.
            async with asyncio.timeout(self._timeout):
                answer = await self._http.get(f"/sources/{name}")
        except (httpx.HTTPError, TimeoutError) as error:
            raise DependencyDown(name, f"no whole answer ({type(error).__name__})") from error
        if not answer.is_success:
            raise DependencyDown(name, f"HTTP {answer.status_code}")
        try:
            up = answer.json() == {"name": name, "up": True}
        except ValueError as error:
            raise DependencyDown(name, "an answer that is not JSON") from error
        if not up:
            raise DependencyDown(name, "an answer that has not the shape of one")
