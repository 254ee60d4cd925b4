"""What the user is told when a case cannot be recorded."""


class Problem(Exception):
    """A case that is not valid, a guest that did something else, or a tool that failed."""
