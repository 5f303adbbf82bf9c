"""What a message would cost: the questions the real graph would ask of models, counted and not sent."""

from dataclasses import dataclass

from app.settings import ModelConfig
from ports.models import Ask, S

# What a token holds of Indonesian and English, on the low side: better to expect too much than too little.
CHARS_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """One question that would be asked; `output_tokens` and `cost` (micro-rupiah) are the most it can come to."""

    task: str
    model: str
    strength: str
    input_tokens: int
    output_tokens: int
    cost: int


class Estimator:
    """Implements ports.models.Model: it writes down what it is asked and has nothing to say."""

    def __init__(self, config: ModelConfig) -> None:
        self._tasks = {str(name): task for name, task in config.tasks.items()}
        self._models = config.models
        self.asked: list[Estimate] = []

    def taken(self) -> list[Estimate]:
        """Return what was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked

    async def text(self, ask: Ask) -> str | None:
        """Take note of a question for words."""
        self._note(ask, 0)
        return None

    async def structured(self, ask: Ask, schema: type[S]) -> S | None:
        """Take note of a question for a shape."""
        self._note(ask, len(str(schema.model_json_schema())))
        return None

    def _note(self, ask: Ask, more: int) -> None:
        task = self._tasks.get(ask.task)
        if task is None:
            return
        model = self._models[task.model]
        tokens = -(-(sum(len(words) for _, words in ask.prompt) + more) // CHARS_PER_TOKEN)
        cost = model.price.of(tokens, 0, task.max_tokens)
        self.asked.append(Estimate(ask.task, task.model, model.strength, tokens, task.max_tokens, cost))


def estimator_of(config: ModelConfig) -> Estimator | None:
    """Return who counts in place of the models of this configuration; None where it has none."""
    return None if config.provider == "none" else Estimator(config)
