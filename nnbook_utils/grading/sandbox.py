"""The bubblewrap command that a submission's code runs in."""


class SandboxMissing(RuntimeError):
    """There is no bubblewrap here, and nobody has accepted the risk of going without.

    Source: issue 6 of this project.
    """
