"""Names that attack a terminal: none of them may reach one as it is."""

HOSTILE = (
    "\x1b[2J\x1b[31mred",  # CSI: clears the screen
    "\x1b]0;title\x07",  # OSC: the window's title
    "\x1b]52;c;cm0gLXJmIH4=\x07",  # OSC 52: the clipboard
    "\x1b]8;;http://example.org\x1b\\link",
    "\x1bPq#0\x1b\\",  # DCS: a picture
    "\x9b31mred",  # CSI as a C1 control
    "\x9d52;c;eA==\x9c",  # OSC as C1 controls
    "bell\x07",
    "back\b\b\bspace",
    "two\nlines",
    "over\rwritten",
    "tab\tstop",
    "null\x00byte",
    "\x7fdelete",
    "abc\u202egnp.exe",  # the writing direction
    "\u2066isolate\u2069",
    "\u200e\u200f\u061c",
    "line\u2028separator\u2029",
    "zero\u200bwidth\ufeff",
    "\U000e0041\U000e007f",  # tag characters
    "lone\ud800surrogate",
    "byte\udcff",
    "private\ue000use",
)
