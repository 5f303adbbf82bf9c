"""The commands that look after what is kept: knowledge, people, flags, the ledger."""

from app.cli.parser import WHO, command, home, json

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.cli.parser import Group


def keeping(commands: "Group") -> None:
    """Add them."""
    kb = commands.add_parser("kb", help="published knowledge").add_subparsers(required=True, metavar="WHAT")
    parts = {
        "sync": "read and check the folder's pages and say what would change",
        "diff": "what publishing would change, line by line",
        "publish": "make the folder's pages the release in force",
        "rollback": "put an older release's pages in force again",
        "releases": "list the releases",
        "gaps": "questions no page could answer",
        "review": "the pages in force that nobody has read for too long",
    }
    for name, words in parts.items():
        part = command(kb, name, "kb", words)
        if name == "rollback":
            part.add_argument("release", help="such as v2026-11-21.1")
        if name in {"publish", "rollback"}:
            part.add_argument("--by", required=True, metavar="STAFF", help=WHO)
            part.add_argument(
                "--closes", action="append", default=[], metavar="REQUEST", help="a request that this answers"
            )
        else:
            json(part)
        home(part)
    _requests(kb)
    blast = command(
        kb, "blast", "kb_blast", "which past answers and golden conversations publishing would change"
    )
    blast.add_argument(
        "--page", metavar="PAGE", help="instead: who was told of this page what it does not say now"
    )
    blast.add_argument("--days", type=int, default=30, metavar="N", help="look so far back (default: 30)")
    json(blast)
    home(blast)
    hook = command(kb, "webhook", "kb", "the token that Notion asks for when it is to tell us of changes")
    hook.add_argument("--forget", action="store_true", help="let Notion subscribe anew")
    hook.add_argument("--by", metavar="STAFF", help=f"with --forget: {WHO}")
    home(hook)
    look = command(kb, "find", "kb", "what search finds for words, among pages and goods")
    look.add_argument("words", nargs="+", help="what somebody would write")
    look.add_argument("--in-stock", action="store_true", help="of the goods only those that are in stock")
    json(look)
    home(look)
    _contact(commands)
    retention = command(
        commands, "retention", "retention", "remove what is past its limit, as the server does every night"
    )
    retention.add_argument("--dry-run", action="store_true", help="only say what would go")
    json(retention)
    home(retention)
    _degraded(commands)
    _api_key(commands)
    ledger = commands.add_parser("ledger", help="what went out, and what nobody can say arrived")
    actions = ledger.add_subparsers(required=True, metavar="WHAT")
    listed = command(actions, "list", "ledger", "list effects that are not done: unknown, failed, queued")
    listed.add_argument("--state", action="append", help="only in these states (may be given several times)")
    json(listed)
    home(listed)
    for name, words in (
        ("resend", "send an unknown message again"),
        ("drop", "take an unknown message as settled"),
    ):
        part = command(actions, name, "ledger", words)
        part.add_argument("key", help="the effect's key, as `loket ledger list` shows it")
        part.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        home(part)


def _requests(kb: "Group") -> None:
    listed = command(
        kb, "requests", "kb_requests", "what is asked to be changed: gaps, wrong answers, people's words"
    )
    listed.add_argument("--all", action="store_true", dest="every", help="those that are settled as well")
    json(listed)
    asked = command(kb, "request", "kb_requests", "ask for a change of a page")
    asked.add_argument(
        "--page", default="", metavar="PAGE", help="which one, as parking.id (left out: a new one)"
    )
    asked.add_argument("--words", required=True, metavar="TEXT", help="what is to be changed")
    draft = command(kb, "draft", "kb_draft", "draft the change of a page that is asked for")
    draft.add_argument("request", help="its key, as `loket kb requests` shows it")
    draft.add_argument("--page", default="", metavar="PAGE", help="the page, as topic.language")
    draft.add_argument("--text", metavar="TEXT", help="a person's own first paragraph, in place of a model's")
    draft.add_argument("--again", action="store_true", help="have it drafted anew")
    draft.add_argument("--write", action="store_true", help="write the page into the desk's folder")
    draft.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    json(draft)
    home(draft)
    rejected = command(kb, "reject", "kb_requests", "set a request aside")
    rejected.add_argument("request", help="its key, as `loket kb requests` shows it")
    rejected.add_argument("--why", required=True, metavar="TEXT", help="what is kept about it")
    for one in (asked, rejected):
        one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    for one in (listed, asked, rejected):
        home(one)


def _api_key(commands: "Group") -> None:
    made = command(commands, "api-key", "api_key", "make a key with which another system may use the API")
    made.add_argument("name", help="what the system is called in the audit trail, such as crm")
    made.add_argument(
        "--scope", action="append", required=True, help="what for, such as contacts:read (repeat)"
    )


def _degraded(commands: "Group") -> None:
    actions = commands.add_parser("degraded", help="what is out of order").add_subparsers(
        required=True, metavar="WHAT"
    )
    listed = command(actions, "list", "degraded", "list the incidents, the open ones first")
    json(listed)
    shown = command(actions, "show", "degraded", "the post-mortem of an incident, as far as it is known")
    on = command(actions, "on", "degraded", "flag a dependency as down; it stays so until it is taken off")
    off = command(actions, "off", "degraded", "take a flag off: what was held goes on, customers are told")
    for one in (on, off):
        one.add_argument("dependency", help="schedule, payments, knowledge, model, whatsapp or telegram")
    on.add_argument("--why", required=True, metavar="TEXT", help="what people read about it")
    on.add_argument("--level", choices=("minor", "major"), help="how grave it is (default: the rule says)")
    tell = command(actions, "tell", "degraded", "tell the customers an incident touches before it is over")
    wait = command(actions, "wait", "degraded", "let the customers of an incident wait until it is over")
    for one in (shown, tell, wait):
        one.add_argument("incident", help="its id, such as INC-2026-0001, or the dependency that is down")
    for one in (on, off, tell, wait):
        one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    for one in (listed, shown, on, off, tell, wait):
        home(one)


def _contact(commands: "Group") -> None:
    actions = commands.add_parser("contact", help="one person's data").add_subparsers(required=True)
    does = {"export": "all that is held about a contact", "erase": "take a contact out of every store"}
    for name, words in does.items():
        part = command(actions, name, "contact", words)
        part.add_argument("contact", help="their id, phone (E.164), email or other alias")
        part.add_argument("--approval", metavar="ID", help="the privacy request a coach approved")
        part.add_argument("--by", metavar="STAFF", help=f"without an approval: {WHO}")
        part.add_argument("--reason", metavar="TEXT", help="without an approval: why")
        part.add_argument("--to", metavar="DIR", help="where the files go (default: contacts/)")
        home(part)
    shown = command(actions, "show", "people", "who a contact is to us; who looks is written down")
    vip = command(actions, "vip", "people", "make a contact a VIP, or no longer one")
    vip.add_argument("state", choices=("on", "off"))
    merged = command(actions, "merge", "people", "make two contacts one person; it can be taken back")
    merged.add_argument("kept", help="who stays: id, phone, email or other alias")
    apart = command(actions, "unmerge", "people", "take a merge back")
    merged.add_argument("gone", help="whose all goes over to them")
    apart.add_argument("gone", help="the id that was merged")
    for one in (shown, vip):
        one.add_argument("contact", help="their id, phone (E.164), email or other alias")
    for one in (vip, merged, apart):
        one.add_argument("--reason", required=True, metavar="TEXT", help="why")
    for one in (shown, vip, merged, apart):
        one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        home(one)
    json(shown)


def bench(commands: "Group") -> None:
    """Add `bench`, which works on files of its own and so takes no config."""
    made = commands.add_parser(
        "bench", help="measure against the targets, beside a stock build", description="Measure Loket."
    )
    made.set_defaults(module="bench", action="bench")
    made.add_argument("--rounds", type=int, default=3, metavar="N", help="medians of so many (default: 3)")
    made.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="one part only (may be given again); soak runs only so",
    )
    made.add_argument("--json", metavar="PATH", help="where the figures are kept (default: var/bench.json)")
    made.add_argument(
        "--messages", type=int, default=100_000, metavar="N", help="how long a soak is (default: 100000)"
    )
    made.add_argument(
        "--simulate",
        action="store_true",
        help="work out from the figures what more requests a day would need",
    )
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of the simulation (default: 1)")
