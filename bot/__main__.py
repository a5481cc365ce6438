"""``python -m bot`` is ``community-bot``."""

if __name__ == "__main__":
    # Not where a process that is started for planning looks in here.
    from bot.cli import main

    main()
