"""What an exam is played with instead of what is shipped: other words, limits, knowledge, or another model."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from app.database import backend_of
from app.desk import Loaded, load_desk
from app.desk_settings import DeskConfig
from app.settings import ModelConfig, ModelTask, PricedModel, Settings, Task
from app.stage import cache_of, overridden
from casefile.base import Frozen
from casefile.errors import BadInput
from prompts.variant import check_variant
from sandbox.model import Mood
from services.knowledge import KnowledgeBase
from services.pages import Page, read_pages
from store.database import Database

NO_MODEL = "none"
# The sandbox's model, and behind a colon its mood; a price like that of a small hosted one.
SANDBOX = "sandbox"
SANDBOX_MODELS = {SANDBOX: PricedModel(input=2_500, output=10_000)}


class Variant(Frozen):
    """One variant: a folder of words, `key=value` limits, a release (or a folder of pages), a model for every task.

    `model` is one of config.yaml, `none`, or `sandbox:MOOD`.
    """

    prompts: Path | None = None
    limits: tuple[str, ...] = ()
    release: str | None = None
    model: str | None = None

    @property
    def words(self) -> dict[str, str]:
        """What is otherwise than shipped, for people."""
        said = {
            "prompts": str(self.prompts) if self.prompts else "",
            "limits": ", ".join(self.limits),
            "release": self.release or "",
            "model": self.model or "",
        }
        return {name: value for name, value in said.items() if value}

    @property
    def mood(self) -> Mood | None:
        """The mood of the sandbox's model, None where it is not asked; raises BadInput for one it cannot be in."""
        name, _, mood = (self.model or "").partition(":")
        if name != SANDBOX:
            return None
        for known in get_args(Mood):
            if known == (mood or "honest"):
                found: Mood = known
                return found
        raise BadInput(f"--model {self.model!r}: the sandbox's model is {', '.join(get_args(Mood))}")

    def settings(self, settings: Settings) -> Settings:
        """Return the settings of this variant; raises BadInput for what there is not, or what is not allowed."""
        home, config = settings.desks[0]
        settings = settings.model_copy(update={"desks": ((home, self._limited(config)),)})
        if self.prompts is not None:
            check_variant(self.prompts)
            settings = settings.worded(self.prompts)
        if self.model is None:
            return settings
        shared = settings.shared.model_copy(update={"model": self._modelled(settings.shared.model)})
        return settings.model_copy(update={"shared": shared})

    def loaded(self, settings: Settings) -> Loaded:
        """Return what the desk of these settings reads from files, with this variant's knowledge."""
        loaded = load_desk(settings, cache_of(settings))
        return replace(loaded, pages=_pages(settings, self.release)) if self.release else loaded

    def _limited(self, config: DeskConfig) -> DeskConfig:
        changed: dict[str, Any] = {}
        for one in self.limits:
            key, given, value = one.partition("=")
            if not given:
                raise BadInput(f"--limits {one!r}: write key=value, such as free_reschedules=1")
            changed[key.strip()] = yaml.safe_load(value)
        try:
            return overridden(config, {"limits": changed})
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput(f"--limits {'.'.join(map(str, first['loc']))}: {first['msg']}") from error

    def _modelled(self, model: ModelConfig) -> ModelConfig:
        if self.model == NO_MODEL:
            return ModelConfig()
        if self.mood is not None:
            every: dict[Task, ModelTask] = {task: ModelTask(model=SANDBOX) for task in get_args(Task)}
            return ModelConfig(provider="openai", models=SANDBOX_MODELS, tasks=every)
        if self.model not in model.models:
            known = ", ".join((*model.models, NO_MODEL, SANDBOX))
            raise BadInput(f"--model {self.model!r} is not among the models of config.yaml: {known}")
        tasks = {
            name: ModelTask.model_validate(task.model_dump() | {"model": self.model})
            for name, task in model.tasks.items()
        }
        return model.model_copy(update={"tasks": tasks})


def _pages(settings: Settings, release: str) -> tuple[Page, ...]:
    if Path(release).is_dir():
        return read_pages(Path(release))
    backend = backend_of(settings)
    if not backend.exists():
        raise BadInput(
            f"--release {release!r}: there is no such folder, and no database here to look it up in"
        )
    config = settings.desks[0][1]
    opened = Database.of(backend)
    try:
        return KnowledgeBase(opened, config.limits, ZoneInfo(config.hours.zone), config.pay_to).pages_of(
            release
        )
    finally:
        opened.close()
