"""The list of CAs in another language."""

from app.ca.catalog import CertificateAuthority
from app.text.ca_list import localized, option_text
from app.text.catalog import translated

CA = CertificateAuthority(
    "x",
    "Example CA",
    "https://ca.example/dir",
    external_account="Ask.",
    warning="Mind {the} price.",
    notes=("One.", "Two."),
    closed="closed in 2026",
    failed_validations="Five tries.",
)


def test_sentences_are_translated_and_the_name_is_not() -> None:
    there = localized(CA, str.upper)
    assert (there.name, there.directory) == (CA.name, CA.directory)
    assert (there.external_account, there.warning, there.closed) == ("ASK.", "MIND {THE} PRICE.", "CLOSED IN 2026")
    assert (there.notes, there.failed_validations) == (("ONE.", "TWO."), "FIVE TRIES.")


def test_what_is_not_said_of_a_ca_is_not_translated() -> None:
    plain = CertificateAuthority("y", "Plain CA", "https://plain.example/dir")
    assert localized(plain, lambda text: f"header before {text}") == plain


def test_a_sentence_that_is_in_no_catalogue_stays_as_it_is() -> None:
    assert localized(CA, translated) == CA


def test_options_are_whole_messages() -> None:
    def translate(text: str) -> str:
        return {"{ca}: {closed}": "{closed} – {ca}", "{ca} (test certificates)": "({ca})"}.get(text, text)

    assert option_text(CA, translate) == "(closed in 2026 – Example CA)"
