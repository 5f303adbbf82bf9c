"""The models of one desk: which does what task, at what price, and who asks them."""

from collections.abc import Callable, Iterable

from adapters.openai_model import OpenAIModel, OpenAISettings, TaskModel
from agents.work import Desk
from app.briefing import briefing_of
from app.desk_settings import DeskConfig
from app.second_reader import ModelReader, nameable
from app.settings import ModelTask, PricedModel, Settings
from casefile.errors import BadInput
from ports.models import Model, ModelCall
from services.pages import Page


def model_of(settings: Settings, on_call: Callable[[ModelCall], None]) -> OpenAIModel | None:
    """Return the models behind the endpoint of config.yaml, or None where it names none."""
    model, key = settings.shared.model, settings.secrets.model_api_key
    if model.provider == "none":
        return None
    if key is None:
        raise BadInput("model.provider is openai, but LOKET_MODEL_API_KEY is not set")
    tasks = {str(name): _task(task, model.models[task.model]) for name, task in model.tasks.items()}
    endpoint = OpenAISettings(base_url=model.base_url, api_key=key.get_secret_value(), tasks=tasks)
    return OpenAIModel(endpoint, on_call)


def second_reader_of(
    settings: Settings, config: DeskConfig, desk: Desk, pages: Iterable[Page], model: Model | None
) -> ModelReader | None:
    """Return who reads messages after the rules have; None where no model has that task."""
    if model is None or "understand" not in settings.shared.model.tasks:
        return None
    system = briefing_of(config, desk.rules, settings.words).system("B", "understand")
    return ModelReader(model, system, nameable(pages, sells=desk.rules.sells))


def _task(task: ModelTask, model: PricedModel) -> TaskModel:
    return TaskModel(**task.model_dump(), price=model.price, strength=model.strength)
