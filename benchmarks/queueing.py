"""Discrete-event queueing, no more than a desk's load needs: events in order of time, and stations that serve."""

import heapq
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count

Act = Callable[[], None]


class Timeline:
    """What happens, in the order of its time; `now` is in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._coming: list[tuple[float, int, Act]] = []
        self._numbers = count()

    def after(self, seconds: float, act: Act) -> None:
        """Let something happen later; what is due at the same time happens in the order it was asked for."""
        heapq.heappush(self._coming, (self.now + seconds, next(self._numbers), act))

    def run(self) -> None:
        """Let everything happen until nothing is left."""
        while self._coming:
            self.now, _, act = heapq.heappop(self._coming)
            act()


class Station:
    """Serves first come, first served, by so many servers.

    `service` says how long a start takes, told how many it serves: one, or with `together` all who wait. What stands
    `behind` another station begins only while that one has nothing to do.
    """

    def __init__(
        self,
        timeline: Timeline,
        servers: int,
        service: Callable[[int], float],
        together: bool = False,
        behind: "Station | None" = None,
    ) -> None:
        self.servers = servers
        self.served = self.starts = 0
        self.worked = self.waited = 0.0
        self._timeline = timeline
        self._service = service
        self._together = together
        self._queue: deque[tuple[float, Act, Callable[[int], float]]] = deque()
        self._busy = 0
        self._behind = behind
        self._followers: list[Station] = []
        if behind is not None:
            behind._followers.append(self)

    def arrive(self, then: Act, service: Callable[[int], float] | None = None) -> None:
        """Queue; `then` happens when it was served, which may take another time than the usual."""
        self._queue.append((self._timeline.now, then, service or self._service))
        self._begin()

    def utilisation(self, seconds: float) -> float:
        """Return the share of its servers' time that was worked."""
        return self.worked / (self.servers * seconds)

    def _begin(self) -> None:
        held = self._behind is not None and self._behind._busy
        while self._queue and self._busy < self.servers and not held:
            many = len(self._queue) if self._together else 1
            taken = [self._queue.popleft() for _ in range(many)]
            self.waited += sum(self._timeline.now - since for since, _, _ in taken)
            took = taken[0][2](many)
            self.worked += took
            self.starts += 1
            self._busy += 1
            self._timeline.after(took, partial(self._end, [then for _, then, _ in taken]))

    def _end(self, done: list[Act]) -> None:
        self._busy -= 1
        self.served += len(done)
        # Who waits here is next, before anything that this one's end sets off.
        self._begin()
        for then in done:
            then()
        for follower in self._followers:
            follower._begin()
