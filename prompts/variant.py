"""Another folder of words, tried in place of the shipped ones: it holds only the files that differ."""

from pathlib import Path

from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES

SHIPPED = Path(__file__).parent
# Templates stand there as a desk words its own: single ones, over everything else.
TEMPLATES = tuple(f"templates/{language}.yaml" for language in LANGUAGES)


def prompt_files() -> tuple[str, ...]:
    """Return the files a model's words are made of, as a variant may replace them."""
    found = (path for part in ("roles", "tasks") for path in sorted((SHIPPED / part).glob("*.md")))
    return ("tone.yaml", *(path.relative_to(SHIPPED).as_posix() for path in found))


def check_variant(folder: Path) -> None:
    """Refuse a folder that is not there, is empty, or holds a file that nobody would ever read."""
    held = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    allowed = (*prompt_files(), *TEMPLATES)
    if strange := [name for name in held if name not in allowed]:
        raise BadInput(f"{folder}: {', '.join(strange)}: no such words; there may be {', '.join(allowed)}")
    if not held:
        raise BadInput(f"{folder}: no words there; there may be {', '.join(allowed)}")
    there = [name for name in TEMPLATES if name in held]
    if there and len(there) < len(TEMPLATES):
        missing = ", ".join(name for name in TEMPLATES if name not in held)
        raise BadInput(f"{folder}: {missing} is missing: a text is worded in every language, or in none")


def words_in(folder: Path | None, name: str) -> Path:
    """Return where a file of the pack is read: from the variant if it has it, else as shipped."""
    if folder is not None and (folder / name).is_file():
        return folder / name
    return SHIPPED / name


def templates_in(folder: Path | None) -> Path | None:
    """Return the variant's folder of templates, None where it words none."""
    return folder / "templates" if folder is not None and (folder / "templates").is_dir() else None
