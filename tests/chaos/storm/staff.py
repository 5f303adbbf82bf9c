"""The school's people: coaches who decide, operators who answer, confirm payments and settle what is in doubt."""

import asyncio
import json
import random
from collections.abc import Coroutine
from typing import Any

from tests.chaos.auditor.evidence import words_of
from tests.chaos.storm.commands import Commands
from tests.chaos.storm.plan import Customer, Storm
from tests.chaos.storm.world import Json, World, pause

SINTA, BIMA, LARAS, TARI, STRANGER = 710001, 710002, 710003, 710011, 799999
STAFF = ("sf_sinta", "sf_bima", "sf_laras")
# So many posts in doubt are settled side by side.
HANDS = 4
CONDITION = "APPROVE ditransfer setelah tanggal 5"
EDIT = "EDIT Halo Kak, permintaannya sudah kami pelajari ya. Kami kabari lagi secepatnya."
# Of a hundred posts: below which number of the dice who does what, (person, button, words) one after another.
DECIDING: tuple[tuple[int, tuple[tuple[int, str, str], ...]], ...] = (
    (8, ()),
    (45, ((SINTA, "Approve", ""),)),
    (62, ((LARAS, "Deny", ""),)),
    (72, ((BIMA, "", CONDITION),)),
    (80, ((SINTA, "", EDIT),)),
    (90, ((SINTA, "Approve", ""), (BIMA, "Deny", ""), (SINTA, "Approve", ""))),
    (100, ((STRANGER, "Approve", ""), (LARAS, "Approve", ""))),
)
REPLY = "Halo Kak, dengan Tari. Sudah kami cek ya, terima kasih sudah menunggu."


class Staff:
    """Acts on what shows in the lanes, now and then by several at once, now and then not at all until closing time."""

    def __init__(self, storm: Storm, world: World, commands: Commands, people: dict[str, Customer]) -> None:
        self._chance = storm.chance("staff")
        self._world = world
        self._commands = commands
        self._claiming = {person.key: person for person in people.values() if person.kind == "claims"}
        self._seen: set[tuple[str, int]] = set()
        self._acting: set[asyncio.Task[None]] = set()
        self._confirmed: set[str] = set()
        self.off_duty = False

    def heard(self, receipt: Json) -> None:
        """Take notice of a receipt; whoever it concerns acts when they get to it."""
        if receipt["kind"] in ("telegram.send", "telegram.edit"):
            place = (receipt["lane"], receipt["message"])
            if place not in self._seen and self._concerns(receipt):
                self._seen.add(place)
                self._begin(self._decide(receipt) if receipt["lane"] == "coach" else self._reply(receipt))
        elif receipt["kind"] == "whatsapp.inbound" and receipt["chat"] in self._claiming:
            person = self._claiming[receipt["chat"]]
            if person.invoice not in self._confirmed:
                self._confirmed.add(person.invoice)
                self._begin(self._confirm(person))

    @property
    def busy(self) -> bool:
        """Whether somebody is still about to act."""
        return bool(self._acting)

    async def operate(self) -> None:
        """Settle lane posts in doubt, a few at a time, until the day is over."""
        while not self.off_duty:
            await pause(self._chance, 0.5, 1.5)
            await self.settle_posts()

    async def settle_posts(self) -> bool:
        """Look into the group for each post in doubt: what is there is settled, what is not goes again."""
        rows = self._world.tables.rows(
            "SELECT key, body FROM outbox WHERE state = 'unknown' AND kind = 'post_to_lane' ORDER BY seq DESC LIMIT ?",
            (HANDS,),
        )
        await asyncio.gather(*(self._settle_post(row["key"], json.loads(row["body"])) for row in rows))
        return bool(rows)

    async def _settle_post(self, key: str, post: Json) -> None:
        shown = (await self._world.get(f"telegram/chat/{post['lane']}"))["messages"]
        there = any(words_of(message["text"]) == words_of(post["html"]) for message in shown)
        words = ("ledger", "drop" if there else "resend", key, "--by", "sf_tari")
        await self._commands.run(*words, insist=False)

    async def close(self) -> bool:
        """Decide, by command, everything that still waits for a coach."""
        rows = self._world.tables.rows("SELECT case_id FROM approvals WHERE state = 'pending' ORDER BY id")
        for row in rows:
            await self._commands.run("deny", row["case_id"], "--by", self._chance.choice(STAFF))
        return bool(rows)

    def _concerns(self, receipt: Json) -> bool:
        buttons = [str(button) for button in receipt["buttons"]]
        if receipt["lane"] == "coach":
            return any("Approve" in button for button in buttons)
        return receipt["lane"] == "ops" and "Perlu orang" in receipt["text"]

    def _begin(self, acting: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(acting)
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def _decide(self, receipt: Json) -> None:
        dice = self._chance.randrange(100)
        acts = next(acts for limit, acts in DECIDING if dice < limit)
        await pause(self._chance, 0.2, 3.0)
        for user_id, button, words in acts:
            if button:
                await self._press(receipt, user_id, button)
            else:
                await self._say(receipt, user_id, words)

    async def _press(self, receipt: Json, user_id: int, button: str) -> None:
        words = next((b for b in receipt["buttons"] if button in str(b)), button)
        post = {"chat": receipt["lane"], "message_id": receipt["message"]}
        await self._world.do("telegram/press", **post, user_id=user_id, button=words)

    async def _say(self, receipt: Json, user_id: int, text: str) -> None:
        post = {"chat": receipt["lane"], "reply_to": receipt["message"]}
        await self._world.do("telegram/say", **post, user_id=user_id, text=text)

    async def _reply(self, receipt: Json) -> None:
        await pause(self._chance, 0.5, 3.0)
        await self._say(receipt, TARI, REPLY)

    async def _confirm(self, person: Customer) -> None:
        """Confirm a payment, often twice and in other hands at once: the books take it once."""
        chance = random.Random(person.number)
        await pause(chance, 0.0, 4.0)
        words = ("confirm-payment", person.invoice, "--evidence", f"mutasi bank SK-{person.number}")
        hands = ("sf_agus", "sf_tari")[: chance.randint(1, 2)]
        await asyncio.gather(*(self._commands.run(*words, "--by", by) for by in hands))
