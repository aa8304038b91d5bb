"""Text for a table that somebody will open in a spreadsheet."""

_BEGIN_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones of East Asian keyboards are read as the others are


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: an apostrophe before it makes it text, as OWASP advises.

    For texts only; a number of ours, such as -0.5, is written as it is.
    """
    return f"'{text}" if text.lstrip(" \0").startswith(_BEGIN_FORMULAS) else text
