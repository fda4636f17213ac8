"""What can go wrong with a job, in words for the person who asked for it."""


class JobError(Exception):
    """Raised by a handler that cannot do its job at any attempt: its message is shown, nothing is retried."""


class UnknownKindError(LookupError):
    """Nothing is registered under this kind of job."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no handler is registered for jobs of the kind {kind!r}")
