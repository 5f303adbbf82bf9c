"""Where in a YAML file something stands, so that a person finds what is said of it."""

from collections.abc import Sequence

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def line_of(text: str, place: Sequence[str | int], document: int = 0) -> int | None:
    """Return the line, from 1 up, of the value at a path of keys and list places; of what holds it where it is missing.

    `document` counts from 0 where the text holds several. None where the text is not YAML, or has no such document.
    """
    try:
        documents = [node for node in yaml.compose_all(text, Loader=LOADER) if node is not None]
    except yaml.YAMLError:
        return None
    if document >= len(documents):
        return None
    node = documents[document]
    line: int = node.start_mark.line + 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
