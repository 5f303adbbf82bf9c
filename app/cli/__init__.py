"""The command `loket`: one module per command, imported only when that command runs."""
