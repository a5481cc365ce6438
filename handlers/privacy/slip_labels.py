"""What the fields of a slip are called."""

from handlers.conversation.texts import Texts
from storage.enums import SlipField


def field(which: SlipField, t: Texts) -> str:
    """A field, as forms, cards and the heads of tables name it."""
    match which:
        case SlipField.NAME:
            return t("Name")
        case SlipField.ORGANISATION:
            return t("Organisation")
        case SlipField.JOB_TITLE:
            return t("Role")
        case SlipField.SECTORS:
            return t("Sectors")
        case SlipField.LANGUAGES:
            return t("Languages")
        case SlipField.OFFERS:
            return t("Offers")
        case SlipField.SEEKS:
            return t("Seeks")
        case SlipField.PHONE:
            return t("Phone")
        case SlipField.EMAIL:
            return t("E-mail")
        case SlipField.DIET:
            return t("Food: what you don't eat")
