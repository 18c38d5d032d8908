"""Fields of the pages about certificates."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from app.core.forms import Form, at_most

PDF_BEGINS = b"%PDF-"


class LookUpForm(Form):
    """The code as printed on paper."""

    class Meta(Form.Meta):
        """Asked by GET: nothing is changed."""

        csrf = False

    code = StringField(_l("Code on the certificate"), [DataRequired(_l("Type the code printed below the QR code."))])


class CompareForm(Form):
    """A file to compare with the one that was issued."""

    document = FileField(_l("The PDF you were given"), [FileRequired(_l("Choose the file."))])

    def validate_document(self, field: FileField) -> None:
        """What is no PDF is called so: a photo of a real paper is not a forged one."""
        begins = field.data.stream.read(len(PDF_BEGINS))
        field.data.stream.seek(0)
        if not begins:
            raise ValidationError(_("The file is empty. Choose the PDF you were given."))
        if begins != PDF_BEGINS:
            raise ValidationError(
                _("This is not a PDF. Only the PDF itself can be compared; a paper or a photo of it is checked by its code.")
            )


class CorrectForm(Form):
    """What the corrected certificate says of its holder, and why it is issued."""

    name = StringField(_l("Name on the certificate"), [DataRequired(_l("Write the name.")), at_most(320)])
    reason = TextAreaField(
        _l("What is corrected?"),
        [DataRequired(_l("Give the reason: it stays in the record.")), at_most(500)],
    )


class RevokeForm(Form):
    """Why a certificate becomes invalid."""

    reason = TextAreaField(
        _l("Why is it revoked?"),
        [DataRequired(_l("Give the reason: it stays in the record.")), at_most(500)],
    )
