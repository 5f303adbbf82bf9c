"""A script that cannot be played says which file, which step and what is allowed, before anything plays."""

import json
from pathlib import Path

import pytest

from app.play import play
from app.script import find_scripts, load_scripts
from app.settings import ROOT, load
from casefile.errors import BadInput

HEAD = "title: A try\nlanguage: en\nas: ct_rina\n"
GOOD = HEAD + "steps:\n  - say: hello\n    expect: {reply: {count: 1}}\n"


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["mine.yaml", "is empty"]),
        ("title: [", ["mine.yaml", "is not YAML"]),
        ("- a list", ["mine.yaml", "no mapping", "title"]),
        ("title: A try\nlanguage: en\nas: ct_rina\n", ["steps", "is missing"]),
        (HEAD + "steps: []\n", ["steps", "at least 1"]),
        (HEAD + "steps:\n  - say: hello\n", ["no step expects anything"]),
        (HEAD + "steps:\n  - sya: hello\n", ["step 1", "no key sya", "say", "press"]),
        (HEAD + "steps:\n  - say: hi\n    advance: 5m\n", ["step 1 ('hi')", "one thing happens"]),
        (HEAD + "steps:\n  - note: nothing\n", ["step 1", "nothing happens here"]),
        (HEAD + "steps:\n  - advance: soon\n", ["step 1", "advance", "no duration", "45m"]),
        (HEAD + "steps:\n  - say: yes\n", ["step 1", "say", "put the word in quotes"]),
        (
            HEAD + "steps:\n  - break: internet\n",
            ["step 1", "break", "'internet' is not allowed", "schedule"],
        ),
        (HEAD + "steps:\n  - coach: {by: sf_sinta}\n", ["step 1", "coach", "either press"]),
        (
            HEAD + "steps:\n  - say: a\n    expect: {replies: 1}\n",
            ["step 1 ('a')", "expect", "no key replies"],
        ),
        (HEAD + "steps:\n  - say: a\n    expect: {case: {tier: R4}}\n", ["expect.case.0.tier", "'R4'", "R3"]),
        (HEAD + "steps:\n  - say: a\n    expect: {none: true, reply: {count: 1}}\n", ["contradict"]),
        (
            HEAD + "steps:\n  - say: a\n    expect: {reply: {matches: '('}}\n",
            ["matches", "regular expression"],
        ),
        (HEAD + "steps:\n  - expect: {record: {table: secrets}}\n", ["record", "'secrets'", "sessions"]),
        (HEAD + "clock: tomorrow\nsteps:\n  - say: a\n    expect: {none: true}\n", ["clock", "local time"]),
        (GOOD.replace("en", "fr", 1), ["language", "'fr'", "id"]),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(BadInput) as error:
        load_scripts([written(tmp_path, text)])
    for words in said:
        assert words in str(error.value)


def test_a_word_that_yaml_takes_for_true_is_explained(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="in quotes"):
        load_scripts([written(tmp_path, HEAD + "steps:\n  - press: Yes\n    expect: {none: true}\n")])


def test_every_problem_of_every_file_is_said_at_once(tmp_path: Path) -> None:
    one = written(tmp_path, HEAD + "steps:\n  - sya: a\n", "one.yaml")
    two = written(tmp_path, GOOD + "---\n" + HEAD, "two.yaml")
    with pytest.raises(BadInput) as error:
        load_scripts([one, two])
    assert "one.yaml: step 1" in str(error.value)
    assert "two.yaml, script 2: steps" in str(error.value)


def test_a_file_of_two_languages_holds_two_names(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "---\n" + GOOD.replace("language: en", "language: id"))
    assert [named.name for named in load_scripts([path])] == ["mine.en", "mine.id"]


def test_one_name_is_one_script(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"two scripts are called mine\.en"):
        load_scripts([written(tmp_path, f"{GOOD}---\n{GOOD}")])


def test_scripts_are_found_by_name_path_and_folder(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert find_scripts(tmp_path, "all") == (path,)
    assert find_scripts(tmp_path, "mine") == (path,)
    assert find_scripts(Path("elsewhere"), str(path)) == (path,)
    assert find_scripts(Path("elsewhere"), str(tmp_path)) == (path,)
    with pytest.raises(BadInput, match=r"no script 'yours'.*mine"):
        find_scripts(tmp_path, "yours")


async def test_a_desk_that_cannot_be_is_refused_before_anything_plays(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    for change, said in (("{mod: pilot}", "no key 'mod'"), ("{mode: fast}", "production")):
        path = written(tmp_path, GOOD + f"desk: {change}\n")
        with pytest.raises(BadInput, match=said):
            await play([path], settings=settings, json=False, out=print)


async def test_a_script_that_ends_otherwise_fails_and_says_what_was_seen(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    wrong = HEAD + (
        "forbid: [Suara Kita]\nsteps:\n  - say: good morning\n    expect:\n"
        "      reply: {contains: goodbye, count: 2, template: faq_answer, language: id, buttons: Yes please}\n"
        "      case: {tier: R3, rules: R3.refund, roles: [B, C], state: closed}\n"
        "      effects: {run_operation RESCHEDULE: 1, send_message: 0}\n"
        "      coach: {contains: anything}\n      cases: 4\n      told: Approved\n      ledger: {unknown: 1}\n"
        "      record: [{table: refunds, count: 1}, {table: students, where: {id: st_rina}, is: {sessions_left: 9}}]\n"
    )
    lines: list[str] = []
    assert await play([written(tmp_path, wrong)], settings=settings, json=True, out=lines.append) == 1
    told = json.loads(lines[0])
    assert (told["name"], told["ok"], told["steps"]) == ("mine", False, 1)
    for expected in (
        "forbidden 'Suara Kita'", "'goodbye'", "2 replies", "template faq_answer", "replies in id", "button",
        "tier R3", "rule R3.refund", "roles B C", "state closed", "run_operation RESCHEDULE", "0 send_message",
        "coach lane", "4 case(s)", "'Approved'", "1 unknown", "1 row(s) in refunds", "sessions_left 9",
    ):  # fmt: skip
        assert any(expected in failure for failure in told["failures"]), (expected, told["failures"])


async def test_a_step_that_cannot_be_done_fails_its_script(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    steps = {
        "press: Sure": "no button 'Sure'",
        "coach: {press: Approve}": "there is no post with buttons",
        "command: {do: approve, by: sf_sinta}": "no case waits",
        "command: {do: approve, by: sf_nobody}": "no staff member 'sf_nobody'",
        "say: hi\n    from: nobody": "neither a sample customer nor a number",
        "expect: {record: {table: students, where: {colour: red}}}": "no column 'colour'",
    }
    documents = [
        HEAD.replace("A try", said) + f"steps:\n  - {step}\n  - expect: {{none: true}}\n"
        for step, said in steps.items()
    ]
    paths = [written(tmp_path, text, f"s{n}.yaml") for n, text in enumerate(documents)]
    lines: list[str] = []
    assert await play(paths, settings=settings, json=True, out=lines.append) == 1
    for line, said in zip(lines, steps.values(), strict=True):
        assert said in json.loads(line)["failures"][0]


async def test_the_example_of_the_documentation_plays(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    lines: list[str] = []
    settings = load(ROOT / "config.yaml", {}).alone("school")
    code = await play([written(tmp_path, example)], settings=settings, json=True, out=lines.append)
    assert (code, json.loads(lines[0])["failures"]) == (0, [])


async def test_people_read_a_transcript(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    lines: list[str] = []
    assert await play([written(tmp_path, GOOD)], settings=settings, json=False, out=lines.append) == 0
    shown = "\n".join(lines)
    assert "mine — A try" in shown
    assert "R0 ANSWER · R0.small_talk · B" in shown
    assert "1 of 1 scripts as expected" in shown


async def test_what_a_script_says_of_pages_and_records_has_to_be_there(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    for change, said in (
        ("pages: {moon.en: Hello}", "no page 'moon.en'"),
        ("records: {moons: {m: {name: x}}}", "no table 'moons'"),
        ("records: {contacts: {ct_moon: {notes: x}}}", "no 'ct_moon'"),
        ("records: {contacts: {ct_rina: {nots: x}}}", "nots"),
    ):
        path = written(tmp_path, f"{HEAD}{change}\n{GOOD.removeprefix(HEAD)}")
        with pytest.raises(BadInput, match=said):
            await play([path], settings=settings, json=False, out=print)


async def test_pages_and_records_are_as_the_script_has_them(tmp_path: Path) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    text = HEAD + (
        "pages: {parking.en: Bring a bicycle.}\n"
        "records: {students: {st_rina: {package: {name: Pop, sessions_left: 9, expires_day_offset: 30}}}}\n"
        "steps:\n  - say: is there parking?\n    expect: {reply: {contains: Bring a bicycle}}\n"
        "  - expect: {record: {table: students, where: {id: st_rina}, is: {sessions_left: 9}}}\n"
    )
    lines: list[str] = []
    code = await play([written(tmp_path, text)], settings=settings, json=True, out=lines.append)
    assert (code, json.loads(lines[0])["failures"]) == (0, [])
