"""What is wrong with a list, in words, row by row and column by column."""

from dataclasses import dataclass

from handlers.conversation.texts import N_, Texts

SENTENCES = {
    "empty_file": N_("the file is empty"),
    "unreadable": N_("I can't read this file: save it as CSV in UTF-8, or as an Excel workbook (.xlsx)"),
    "no_workbooks": N_("this installation reads no Excel files: save it as CSV in UTF-8"),
    "too_many": N_("the file is too large"),
    "several_sheets": N_("the workbook has several sheets that could be meant: leave one"),
    "no_column": N_("there is no column “{value}”"),
    "twice": N_("the column is there twice"),
    "formula": N_("a formula: write its value instead"),
    "empty": N_("this is needed and empty"),
    "too_long": N_("too long"),
    "no_email": N_("“{value}” is not an e-mail address"),
    "no_vat": N_("“{value}” is not a VAT number"),
    "no_domain": N_("“{value}” is not a domain like example.org"),
    "no_sector": N_("there is no sector “{value}”"),
    "no_category": N_("there is no category “{value}”"),
    "no_language": N_("“{value}” is none of our languages: write it or en"),
    "no_organisation": N_("there is no organisation “{value}”: import the organisations first"),
    "no_key": N_("an e-mail address or an external code is needed, or the person would come in twice next time"),
    "unknown_id": N_("there is nobody and nothing with the number “{value}”; leave it empty for new ones"),
    "same_as": N_("the same as row {value}"),
    "disagree": N_("“{value}” belongs to another one than the rest of the row"),
}
"""By code; ``{value}`` is what stood in the cell."""


@dataclass(frozen=True, slots=True, order=True)
class ListFault:
    """One thing that is wrong.

    Attributes:
        row: as a spreadsheet counts, the header included; 0 for the file as a whole.
        column: the column's title in the file; empty for the whole row.
        code: one of :data:`SENTENCES`.
        value: what stood there.
    """

    row: int
    column: str
    code: str
    value: str = ""

    def words(self, t: Texts) -> str:
        """What is wrong, in words."""
        return t(SENTENCES[self.code], value=self.value[:60])

    def text(self, t: Texts) -> str:
        """The same, with where it is."""
        if not self.row:
            return self.words(t)
        if not self.column:
            return t("Row {row}: {what}", row=self.row, what=self.words(t))
        return t("Row {row}, {column}: {what}", row=self.row, column=self.column, what=self.words(t))
