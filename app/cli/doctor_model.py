"""`loket doctor` on models: what each task is asked of, and whether what carries risk has a strong one."""

from collections.abc import Iterator

from app.cli.doctor import Finding
from app.settings import Settings, Task

# What is asked in cases of R2 and R3 alone, or of what is in doubt.
SENSITIVE: tuple[Task, ...] = ("draft_sensitive", "qa", "review")


def model(settings: Settings) -> Iterator[Finding]:
    """Look whether every task of R2 and above is a strong model's, where there is a model at all."""
    config = settings.shared.model
    if config.provider == "none":
        return
    strengths = {task: config.models[asked.model].strength for task, asked in config.tasks.items()}
    missing = [task for task in SENSITIVE if task not in strengths]
    weak = [task for task in SENSITIVE if strengths.get(task) == "cheap"]
    if missing:
        said = f"nobody is asked for {', '.join(missing)}: cases of R2 and R3 have templates and rules alone"
        yield Finding("model", "note", said, "give the task a model with strength: strong in model.tasks")
    if weak:
        said = f"a cheap model does {', '.join(weak)}, in cases of R2 and R3"
        yield Finding("model", "note", said, "name one with strength: strong there (docs/models.md)")
    asked = ", ".join(f"{task} {config.tasks[task].model} ({strengths[task]})" for task in config.tasks)
    yield Finding("model", "ok", f"{config.base_url}: {asked or 'no task'}")
