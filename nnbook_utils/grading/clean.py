"""What students wrote, made harmless where nbgrader's own pages show it."""

from nbconvert.filters import clean_html, strip_files_prefix

__all__ = ["harmless"]


def harmless(html: str) -> str:
    """Return HTML without scripts and whatever else could act.

    nbgrader's pages, formgrader's among them, put Markdown through one filter last. In
    ``nbgrader_config.py`` this function takes the place of that filter.

    Parameters
    ----------
    html : str
        What Markdown was turned into.

    Returns
    -------
    str
        The same as nbgrader's filter gives, and harmless.

    Source: nbconvert's filters, of which this is two.
    """
    return str(clean_html(strip_files_prefix(html)))
