"""The parts of pictures that a document crops away: the picture travels whole, so they are painted over."""

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from math import ceil, floor

from PIL import Image

from app.core.cleaning.packages import Element, every, local
from app.core.cleaning.pictures import JPEG_QUALITY

# ISO/IEC 29500-1, 20.1.10.40: sides are cut by thousandths of a percent; below nought the frame is wider than the picture.
WHOLE = 100_000
SIDES = ("l", "t", "r", "b")
# Older drawings have crops of their own, in units that are not read here: their pictures stay whole.
OLDER = ("imagedata", "fill", "stroke")
Seen = tuple[int, int, int, int]


class Crops:
    """What is seen of each picture of one package, wherever it stands in it."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, set[Seen]] = defaultdict(set)

    def note(self, root: Element, targets: Mapping[str, str]) -> None:
        """Note the frames of a part around pictures, `targets` by the ids of its relationships."""
        for one in every(root, {"blip"}):
            cuts = next((beside for beside in one.itersiblings() if local(beside) == "srcRect"), None)
            for target in _named(one, targets):
                self._seen[target].add(_frame(cuts))
        for one in every(root, OLDER):
            for target in _named(one, targets):
                self._seen[target].add((0, 0, WHOLE, WHOLE))

    def paint(self, name: str, picture: bytes) -> bytes:
        """The picture, white where no frame shows it; as it is where a frame shows all of it, or nothing frames it."""
        frames = self._seen[name]
        if not frames or any(left <= 0 >= top and right >= WHOLE <= bottom for left, top, right, bottom in frames):
            return picture
        with Image.open(BytesIO(picture)) as image:
            encoding = image.format or ""
            whole = image.convert("RGBA" if encoding != "JPEG" and "A" in image.getbands() else "RGB")
        blank = Image.new(whole.mode, whole.size, "white")
        for left, top, right, bottom in frames:
            box = (
                max(floor(left * whole.width / WHOLE), 0), max(floor(top * whole.height / WHOLE), 0),
                min(ceil(right * whole.width / WHOLE), whole.width), min(ceil(bottom * whole.height / WHOLE), whole.height),
            )  # fmt: skip
            if box[0] < box[2] and box[1] < box[3]:
                blank.paste(whole.crop(box), box[:2])
        out = BytesIO()
        blank.save(out, encoding, **({"quality": JPEG_QUALITY} if encoding in {"JPEG", "WEBP"} else {}))
        return out.getvalue()


def _named(one: Element, targets: Mapping[str, str]) -> list[str]:
    return [targets[said] for said in one.attrib.values() if said in targets]


def _frame(cuts: Element | None) -> Seen:
    left, top, right, bottom = (_cut(cuts.get(side, "0")) if cuts is not None else 0 for side in SIDES)
    return left, top, WHOLE - right, WHOLE - bottom


def _cut(said: str) -> int:
    """Thousandths of a percent, or percents with their sign, as the stricter edition writes them."""
    try:
        return round(float(said.removesuffix("%")) * (WHOLE // 100 if said.endswith("%") else 1))
    except (ValueError, OverflowError):
        return 0
