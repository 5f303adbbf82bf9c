"""Customer templates: loaded once from YAML and checked whole, rendered purely."""

from collections.abc import Mapping
from pathlib import Path

from casefile.base import Frozen, Language
from casefile.errors import BadInput
from prompts.catalogue import (
    LANGUAGES,
    PENDING_ONLY,
    Template,
    added_variables,
    check_alike,
    check_same,
    listed,
    load_labels,
    load_templates,
    load_variables,
)
from prompts.names import NAME_CHARS, WRITER, addressed, clean_name

# values that customers chose themselves, with the length they may have
PEOPLE: Mapping[str, int] = {
    "name": NAME_CHARS,
    "student": NAME_CHARS,
    "child": NAME_CHARS,
    "names": 4 * NAME_CHARS,
}


class Rendered(Frozen):
    """A finished text, the template it came from (`id@version`) and everything factual that it states."""

    text: str
    template: str
    facts: tuple[str, ...] = ()


class Templates(Frozen):
    """All customer templates of one desk, in every language."""

    variables: Mapping[str, frozenset[str]]
    templates: Mapping[tuple[str, Language], Template]
    labels: Mapping[tuple[str, Language], str]

    @classmethod
    def load(cls, shared_dir: Path, *own_dirs: Path | None) -> "Templates":
        """Load `customer.<language>.yaml`, and over it what each further folder words in `<language>.yaml`.

        `customer.variables.yaml` says which templates there are and what each may mention, a folder's own
        `variables.yaml` which there are besides; such a folder is `desks/<desk>/templates`, or a variant's. Raises
        BadInput naming file, key and what is allowed.
        """
        folders = [folder for folder in own_dirs if folder is not None]
        variables = load_variables(shared_dir / "customer.variables.yaml")
        templates: dict[tuple[str, Language], Template] = {}
        labels: dict[tuple[str, Language], str] = {}
        owned: dict[Path, set[str]] = {}
        general = set(variables)
        variables |= added_variables(folders, general)
        for language in LANGUAGES:
            shared = load_templates(shared_dir / f"customer.{language}.yaml", variables, {}, "")
            check_same(general, set(shared), f"{shared_dir / f'customer.{language}.yaml'}: templates")
            for folder in folders:
                path = folder / f"{language}.yaml"
                own = load_templates(path, variables, shared, f"-{folder.parent.name}")
                check_same(owned.setdefault(folder, set(own)), set(own), f"{path}: templates")
                shared |= own
            templates |= {(name, language): template for name, template in shared.items()}
            labels |= load_labels(shared_dir / f"labels.{language}.yaml", language)
        check_alike(templates, variables, [shared_dir, *folders][-1])
        keys = [{key for key, spoken in labels if spoken == language} for language in LANGUAGES]
        check_same(keys[0], keys[1], f"{shared_dir / 'labels.en.yaml'}: labels")
        return cls(variables=variables, templates=templates, labels=labels)

    def render(
        self,
        template_id: str,
        language: Language,
        values: Mapping[str, "str | Rendered"],
        pending: bool = False,
    ) -> Rendered:
        """Render a template; `pending` takes its "pending verification" form.

        A value may itself be a Rendered: its text goes in and its facts come along. An empty value drops the
        optional part it stands in. Raises BadInput for an unknown template, a missing value or a strange one.
        """
        template = self.templates.get((template_id, language))
        if template is None:
            raise BadInput(f"there is no template {template_id!r} in {language!r}")
        if pending and template.pending is None:
            raise BadInput(f"template {template_id!r} has no pending form; use 'pending_verification'")
        text = template.pending if pending and template.pending is not None else template.text
        allowed = self.variables[template_id] | (PENDING_ONLY if pending else frozenset())
        place = f"template {template_id!r} ({language})"
        if strange := set(values) - allowed:
            raise BadInput(f"{place}: unknown value {listed(strange)}; it takes {listed(allowed) or 'none'}")
        if missing := text.names - set(values):
            raise BadInput(f"{place}: missing value {listed(missing)}")
        plain = {name: _plain(name, values[name]) for name in text.names}
        if empty := {name for name in text.required if not plain[name]}:
            raise BadInput(f"{place}: empty value {listed(empty)}")
        you = self.labels.get(("word.you", language), "")
        spoken = plain | {"student": WRITER} if you and plain.get("student") == you else plain
        words, used = text.fill(spoken)
        words = addressed(words, you)
        facts: dict[str, None] = {}
        for name in sorted(used):
            value = values[name]
            inner = value.facts if isinstance(value, Rendered) else ()
            facts |= dict.fromkeys(inner or ((plain[name],) if name in template.facts else ()))
        facts |= dict.fromkeys(said for said in template.states if said in words)
        return Rendered(text=words, template=f"{template_id}@{template.label}", facts=tuple(facts))

    def has_pending(self, template_id: str) -> bool:
        """Say whether a template has a "pending verification" form of its own."""
        return self.templates[(template_id, "id")].pending is not None

    def literals(self, template_id: str, language: Language) -> tuple[str, ...]:
        """Return the words of a template that state something of their own, those of its reasons included."""
        names = (template_id, *(name for name in self.variables if name.startswith("reason_")))
        found = (self.templates.get((name, language)) for name in names)
        return tuple(words for template in found if template for words in template.states)

    def label(self, key: str, language: Language) -> str:
        """Return a short phrase to put into a value, such as `payment.PENDING`; BadInput when unknown."""
        words = self.labels.get((key, language))
        if words is None:
            raise BadInput(f"there is no label {key!r} in {language!r}")
        return words


def _plain(name: str, value: str | Rendered) -> str:
    text = value.text if isinstance(value, Rendered) else value
    return clean_name(text, PEOPLE[name]) if name in PEOPLE else text
