"""`python -m noc` is `noc`."""

from noc.cli.main import main

main()
