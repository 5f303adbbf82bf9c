"""Another folder of words: only what it holds differs, and nothing in it can go unread."""

from pathlib import Path

import pytest

from app.briefing import briefing_of
from app.desk import templates_of
from app.desk_settings import read_desk
from app.rules import rules_of
from app.settings import ROOT, load
from casefile.base import Role
from casefile.errors import BadInput
from policies.limits import Cutoff, Limits
from prompts.pack import LIMIT_WORDS, ROLES, prompt_parts, role_prompt
from prompts.variant import check_variant

SCHOOL = ROOT / "desks" / "school"
CONFIG = read_desk(SCHOOL / "desk.yaml")
WORDS = {name: f"<{name}>" for name in LIMIT_WORDS}


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_md", ".md").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_prompt_of_the_folder_wins_and_the_others_are_as_shipped(tmp_path: Path) -> None:
    folder = written(
        tmp_path, tasks__draft_md="---\nversion: 9\nreturns: words\n---\nSay it in {language}.\n"
    )
    tried = role_prompt("B", WORDS, "", folder, task="draft", language="en")
    shipped = role_prompt("B", WORDS, "", task="draft", language="en")
    assert tried.endswith("Say it in English.")
    assert tried.removesuffix("Say it in English.") == shipped[: shipped.index("# Your task:")]
    assert prompt_parts("B", "draft", folder)[-1] == "draft@9"
    assert role_prompt("A", WORDS, "", folder) == role_prompt("A", WORDS, "")


def test_a_template_of_the_folder_goes_over_the_desks_own(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "kinder",
        templates__id_yaml='thanks_reply: {version: 7, text: "Sama-sama, Kak!"}\n',
        templates__en_yaml='thanks_reply: {version: 7, text: "Any time!"}\n',
    )
    tried, shipped = templates_of(SCHOOL, CONFIG, folder), templates_of(SCHOOL, CONFIG, None)
    assert tried.render("thanks_reply", "id", {}).text == "Sama-sama, Kak!"
    assert tried.render("thanks_reply", "en", {}).template == "thanks_reply@7-kinder"
    changed = {key for key, template in tried.templates.items() if template != shipped.templates[key]}
    assert changed == {("thanks_reply", "id"), ("thanks_reply", "en")}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"roles__frontline_md": "x"}, r"roles/frontline\.md: no such words; there may be tone\.yaml, "),
        ({}, "no words there"),
    ],
)
def test_a_folder_that_would_change_nothing_is_refused(
    tmp_path: Path, files: dict[str, str], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        check_variant(written(tmp_path, **files))


def test_the_settings_name_the_folder_beside_their_file(tmp_path: Path) -> None:
    assert load(ROOT / "config.yaml", {}).alone("school").words is None
    config = tmp_path / "config.yaml"
    config.write_text(f"desks: [{SCHOOL}]\nprompts: {{folder: kinder}}\n", encoding="utf-8")
    assert load(config, {}).words == tmp_path / "kinder"
    assert load(config, {}).worded(tmp_path / "other").words == tmp_path / "other"


@pytest.mark.parametrize("role", ROLES)
def test_every_limit_a_model_is_told_is_the_one_that_is_enforced(role: Role) -> None:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    limits = Limits(
        free_reschedules=41, quota_month="session", cutoff=Cutoff(calendar_days=43), questions_per_turn=44,
        clarifications_per_case=45, max_turns=46, snapshot_ttl_minutes=47, verification_attempts=48,
        verification_lock_minutes=49, message_chars=950,
    )  # fmt: skip
    config = settings.desks[0][1].model_copy(update={"limits": limits})
    told = briefing_of(config, rules_of(config, 2026), None).system(role)
    for words in (
        "41 per student", "the month of the moved session", limits.cutoff.words("en"), "At most 44 questions",
        "at most 45 rounds", "after 46 turns", "good for 47 minutes", "48 tries", "pause of 49 minutes",
        "at most 950 characters", "48 failed attempts lock it for 49 minutes",
    ):  # fmt: skip
        assert words in told


def test_a_text_worded_in_one_language_only_is_refused_with_the_file_that_is_missing(tmp_path: Path) -> None:
    folder = written(tmp_path, templates__id_yaml="greeting: {version: 9, text: Halo}")
    with pytest.raises(BadInput, match=r"templates/en\.yaml is missing"):
        check_variant(folder)
