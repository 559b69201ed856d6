"""`python -m we1web`: the same as the command `we1web`."""

from we1web.cli import main

if __name__ == "__main__":
    main()
