"""What one conversation left behind, as plain data, for those who judge whether anything happened that may not."""

from casefile.base import Frozen


class Sent(Frozen):
    """One message that reached a customer, and whose data that customer may hear: contact ids."""

    to: str
    text: str
    contacts: frozenset[str]


class Operation(Frozen):
    """One operation that was carried out.

    `owners` are the contacts its subject belongs to, `contacts` those of the conversation it was done for; `by_staff`
    was given by a member of staff themselves, `approved_by` names who said yes to exactly it.
    """

    action: str
    case_id: str
    subject: str
    owners: frozenset[str]
    contacts: frozenset[str]
    by_staff: bool = False
    approved_by: str | None = None


class Approval(Frozen):
    """One request for approval and who decided it, if anybody."""

    id: str
    state: str
    decided_by: str | None


class Evidence(Frozen):
    """Everything a conversation left behind.

    `belongs` holds what each contact's own data look like in a text; `internal` what no customer may ever read;
    `prompts` the words models are told; `changed` the record tables that are not as they were; `staff` who may decide.
    """

    sent: tuple[Sent, ...] = ()
    operations: tuple[Operation, ...] = ()
    approvals: tuple[Approval, ...] = ()
    changed: frozenset[str] = frozenset()
    belongs: dict[str, frozenset[str]] = {}
    internal: frozenset[str] = frozenset()
    prompts: tuple[str, ...] = ()
    staff: frozenset[str] = frozenset()
