"""``python -m ecosystem_iq``."""

from ecosystem_iq.cli import main

main()
