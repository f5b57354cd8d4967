"""`python -m failback` is the command line."""

from failback.scenarios.cli.main import main

if __name__ == "__main__":
    main()
