"""What draws in a PDF: its operators, and how content looks that needs no reading (ISO 32000-2, annex A and 7.8.2)."""

import re

_ALL = """b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg
ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""""
OPERATORS = frozenset(_ALL.split())
# Only these show words.
SHOWING = frozenset({"Tj", "TJ", "'", '"'})

_BLANK = rb"[\x00\t\n\f\r ]"
_END = rb"(?=[\x00\t\n\f\r ()<>\[\]/]|\Z)"
_NUMBER = rb"[+-]?+(?:\d++\.?+\d*+|\.\d++)"
_NAME = rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]*+"
_TEXT = rb"(?:\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)|<[0-9A-Fa-f\s]*+>)"
_DRAWS = b"|".join(re.escape(one.encode()) for one in sorted(OPERATORS - SHOWING - {"BI", "ID", "EI"}, key=len, reverse=True))
# Numbers, names, operators, and words that are shown; the one property that is let through is a number. What else there is
# (a comment, a property, a picture between the operators) is read piece by piece.
PLAIN = re.compile(
    rb"(?:" + _BLANK + rb"++|" + _NUMBER + _END + rb"|(?:" + _DRAWS + rb")" + _END + rb"|" + _NAME
    + rb"|" + _TEXT + _BLANK + rb"*+(?:Tj|'|\")" + _END
    + rb"|\[(?:" + _BLANK + rb"++|" + _NUMBER + rb"|" + _TEXT + rb")*+\]" + _BLANK + rb"*+TJ" + _END
    + rb"|\[(?:" + _BLANK + rb"++|" + _NUMBER + rb")*+\]"
    + rb"|<<" + _BLANK + rb"*+/MCID" + _BLANK + rb"++\d++" + _BLANK + rb"*+>>)*+",
    re.DOTALL,
)  # fmt: skip
