"""Tables of competitions and applications."""

from competitions.models.application import Answer, AnswerChange, Application, ApplicationVersion, Check, Document, Note
from competitions.models.check import Appeal
from competitions.models.competition import CalendarDate, Competition, Form, FormEdit, Question, Rules
from competitions.models.search import SavedView, SearchEntry, SearchWord
from competitions.models.upload import Upload, UploadPiece

__all__ = [
    "Answer",
    "AnswerChange",
    "Appeal",
    "Application",
    "ApplicationVersion",
    "CalendarDate",
    "Check",
    "Competition",
    "Document",
    "Form",
    "FormEdit",
    "Note",
    "Question",
    "Rules",
    "SavedView",
    "SearchEntry",
    "SearchWord",
    "Upload",
    "UploadPiece",
]
