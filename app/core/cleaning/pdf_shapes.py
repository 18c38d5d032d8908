"""What may stand in a PDF: for each role an object plays on the way from the catalogue to a drawn page, its keys.

A key leads to another role; to None where only a plain value may stand (a number, a name, a text, an array of them); or to
`*role`: a dictionary whose keys are names of the document's own, and whose values play the role. What is not named here does
not pass: information, XMP, private data of programs, actions, scripts, attached files, fields, notes, bookmarks, signatures.
"""

from collections.abc import Mapping

Shape = Mapping[str, str | None]


def _plain(keys: str) -> dict[str, str | None]:
    return dict.fromkeys(f"/{key}" for key in keys.split())


def _roles(**keys: str) -> dict[str, str | None]:
    return {f"/{key}": role for key, role in keys.items()}


# Every stream has these, whatever it is.
STREAM: Shape = _plain("Length Filter") | _roles(DecodeParms="parameters")

_FUNCTION = _plain("FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds") | _roles(
    Functions="function"
)
_CONTENT = _roles(Resources="resources")

SHAPES: Mapping[str, Shape] = {
    "catalogue": _plain("Type Version Lang PageLayout")
    | _roles(Pages="pages", StructTreeRoot="structure", OCProperties="layers", MarkInfo="marks"),
    "marks": _plain("Marked"),
    # Both a page and a node of their tree: keys of pages may be inherited.
    "pages": _plain("Type MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit StructParents Tabs Count")
    | _roles(Parent="pages", Kids="pages", Contents="content", Group="group")
    | _CONTENT,
    "content": {},
    "resources": _plain("ProcSet")
    | _roles(ExtGState="*graphics", ColorSpace="*colour", Pattern="*pattern", Shading="*shading")
    | _roles(XObject="*xobject", Font="*font", Properties="*properties"),
    "graphics": _plain("Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK")
    | _roles(Font="font", SMask="mask", BG="function", BG2="function", UCR="function", UCR2="function")
    | _roles(TR="function", TR2="function"),
    "mask": _plain("Type S BC") | _roles(G="xobject", TR="function"),
    "group": _plain("Type S I K") | _roles(CS="colour"),
    "colour": _plain("WhitePoint BlackPoint Gamma Matrix Subtype Components")
    | _roles(Alternate="colour", Colorants="*colour", Process="colour", ColorSpace="colour")
    | _FUNCTION,
    "function": _FUNCTION,
    "pattern": _plain("Type PatternType PaintType TilingType BBox XStep YStep Matrix")
    | _roles(Shading="shading", ExtGState="graphics")
    | _CONTENT,
    "shading": _plain("ShadingType Background BBox AntiAlias Domain Matrix Coords Extend")
    | _plain("BitsPerCoordinate BitsPerComponent BitsPerFlag Decode VerticesPerRow")
    | _roles(ColorSpace="colour", Function="function"),
    "xobject": _plain("Type Subtype FormType BBox Matrix StructParent StructParents Width Height BitsPerComponent Intent")
    | _plain("ImageMask Decode Interpolate SMaskInData Matte")
    | _roles(ColorSpace="colour", Mask="xobject", SMask="xobject", Group="group", OC="properties")
    | _CONTENT,
    "font": _plain("Type Subtype BaseFont FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix")
    | _roles(FontDescriptor="descriptor", Encoding="encoding", ToUnicode="encoding", DescendantFonts="font")
    | _roles(CIDSystemInfo="system", CIDToGIDMap="data", CharProcs="*glyph")
    | _CONTENT,
    "descriptor": _plain("Type FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent")
    | _plain("Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang")
    | _roles(FontFile="data", FontFile2="data", FontFile3="data", CIDSet="data"),
    "encoding": _plain("Type BaseEncoding Differences CMapName WMode") | _roles(CIDSystemInfo="system", UseCMap="encoding"),
    "system": _plain("Registry Ordering Supplement"),
    "glyph": {},
    "data": _plain("Subtype Length1 Length2 Length3"),
    "parameters": _plain("Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock")
    | _plain("BlackIs1 DamagedRowsBeforeError ColorTransform")
    | _roles(JBIG2Globals="data"),
    # Marked content and layers; a layer needs a name, and gets one of ours.
    "properties": _plain("Type Name Intent MCID Lang ActualText Alt E P VE") | _roles(OCGs="properties"),
    "layers": _roles(OCGs="properties", D="view"),
    "view": _plain("BaseState Intent") | _roles(ON="properties", OFF="properties"),
    # How the document is read aloud.
    "structure": _plain("Type S Lang Alt E ActualText MCID ParentTreeNextKey")
    | _roles(K="structure", P="structure", Pg="pages", A="attributes", ParentTree="numbers", RoleMap="*plain"),
    "numbers": _plain("Limits") | _roles(Nums="structure", Kids="numbers"),
    "attributes": _plain("O Placement WritingMode TextAlign BBox Width Height ListNumbering RowSpan ColSpan Scope"),
    "plain": {},
}
# What a stream may be; elsewhere it is one that lost its place.
STREAMS = frozenset({"content", "colour", "function", "pattern", "shading", "xobject", "encoding", "glyph", "data"})
# Keys under which words stand; elsewhere a plain value is a number or a name.
TEXTS = frozenset(_plain("Lang ActualText Alt E Registry Ordering FontFamily CharSet"))
# Streams that draw: their operators may carry comments and properties of their own.
DRAWING = frozenset({"content", "pattern", "glyph"})
# What an operator for marked content may say inline.
MARKED = frozenset({"/MCID", "/Lang", "/ActualText", "/Alt", "/E"})
# Fields whose picture is drawn: text, buttons, choices.
DRAWN_FIELDS = frozenset(_plain("Tx Btn Ch"))
# Notes that are seen when the page is printed: they are drawn onto it. Of the rest nothing is.
DRAWN_NOTES = frozenset(
    _plain("Widget FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Ink")
)
