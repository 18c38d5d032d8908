"""QR codes: an address as a picture for documents."""

import segno


def qr_picture(address: str) -> str:
    """The code of an address as a data URI of SVG, with the two modules of quiet ground that paper around it adds to."""
    return str(segno.make(address, error="m", boost_error=False, micro=False).svg_data_uri(border=2))
