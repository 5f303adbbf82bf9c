"""The proof sheet: every customer text with sample values, to be read aloud (`python -m prompts.proof`)."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from casefile.base import Language
from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES, PENDING_ONLY
from prompts.files import read_mapping
from prompts.render import Rendered, Templates

HERE = Path(__file__).parent


def load_samples(path: Path) -> Mapping[Language, Mapping[str, str]]:
    """Load the sample values of every language."""
    data = read_mapping(path)
    if set(data) != set(LANGUAGES):
        raise BadInput(f"{path}: must hold exactly {', '.join(LANGUAGES)}")
    return {language: data[language] for language in LANGUAGES}


def sample(
    templates: Templates,
    template_id: str,
    language: Language,
    samples: Mapping[Language, Mapping[str, str]],
    pending: bool = False,
) -> Rendered:
    """Render one template with its sample values."""
    wanted = templates.variables[template_id] | (PENDING_ONLY if pending else frozenset())
    values = {name: samples[language][name] for name in wanted}
    return templates.render(template_id, language, values, pending=pending)


def sheet(templates: Templates, samples: Mapping[Language, Mapping[str, str]]) -> Iterator[str]:
    """Yield the sheet line by line: each template in both languages, pending forms after it."""
    for template_id in templates.variables:
        yield f"== {template_id}"
        for pending in (False, True) if templates.has_pending(template_id) else (False,):
            for language in LANGUAGES:
                rendered = sample(templates, template_id, language, samples, pending)
                yield f"[{language}{', pending' if pending else ''}; {rendered.template}]"
                yield rendered.text
        yield ""


def main(desk: Path | None) -> None:
    """Print the sheet of the shared templates, or of a desk's (its folder)."""
    templates = Templates.load(HERE / "templates", desk / "templates" if desk else None)
    sys.stdout.write("\n".join(sheet(templates, load_samples(HERE / "samples.yaml"))) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
