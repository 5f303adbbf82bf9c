"""`loket` on the command line beside the server: killed now and then, and typed again."""

import json
from collections import Counter
from pathlib import Path

from tests.chaos.storm.fleet import KILLED, ended
from tests.chaos.storm.plan import Storm
from tests.chaos.storm.world import World, pause

KILLED_AMONG_TEN = 2
ANSWER_SECONDS = 60.0


class Commands:
    """Runs command lines to their end; what came of each is a line of commands.jsonl, for the auditor."""

    def __init__(self, storm: Storm, world: World) -> None:
        self._world = world
        self._chance = storm.chance("commands")
        self._log = world.processes.home / "commands.jsonl"
        self.kills: Counter[str] = Counter()
        self.gentle = False

    async def run(self, *words: str, insist: bool = True) -> tuple[int, str]:
        """Type a command until it has ended by itself; returns its exit code and what it said.

        Without `insist` it is typed once: whoever was cut short has to look anew before they type it again.
        """
        deaths = 0
        while True:
            process, said = self._world.processes.command(words)
            if not self.gentle and self._chance.randrange(10) < KILLED_AMONG_TEN:
                await pause(self._chance, 0.0, 0.8)
                self._world.processes.kill(process)
            if not await ended(process, ANSWER_SECONDS):
                self._world.processes.kill(process)
                self._world.processes.troubles.append(f"loket {' '.join(words)} does not end")
            if process.exitcode == KILLED:
                deaths += 1
                self.kills["command"] += 1
                if insist:
                    continue
            told = _last(said)
            self._note(words, process.exitcode or 0, told, deaths)
            return process.exitcode or 0, told

    def _note(self, words: tuple[str, ...], code: int, told: str, deaths: int) -> None:
        now = self._world.clock.now().isoformat()
        line = {"at": now, "words": list(words), "code": code, "said": told, "killed": deaths}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def _last(said: Path) -> str:
    lines = said.read_text(encoding="utf-8").split("\n") if said.exists() else []
    return next((line for line in reversed(lines) if line), "")
