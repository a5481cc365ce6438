"""How fast the program is, always against a baseline that is measured in the same minutes: ``python -m tests.bench``.

Every figure runs the real program in a process of its own against the stand-in for Telegram in another. What is
compared takes turns (A B A B …), each turn gives one ratio, and medians are shown, so that a machine that is busy with
something else slows both sides alike. Nothing here fails because of a time: figures are to be read, not asserted.
"""
