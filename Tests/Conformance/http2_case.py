"""The table that the HTTP/2 cases are written into."""


class Case:
    """One case: its name, what it does in a few words, and the function that does it."""

    def __init__(self, name, title, body, handshake):
        self.name, self.title, self.body, self.handshake = name, title, body, handshake


def table():
    """A list of cases, and the decorator that adds to it."""
    cases = []

    def case(name, title, handshake=True):
        def add(body):
            cases.append(Case(name, title, body, handshake))
            return body
        return add

    return cases, case
