"""`python -m careloop`: the command line."""

from careloop.cli import main

if __name__ == "__main__":
    main()
