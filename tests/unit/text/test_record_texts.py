"""The records as a text to send, and the notes beside commands."""

from collections.abc import Sequence

import pytest

from app.dns.providers import DnsProvider
from app.dns.text_forms.tools import RECORD_TOOLS, RecordTool
from app.text.record_texts import text_to_send, tool_notes
from tests.unit.dns.forms import entries_at, proof

TWO = proof("xn--bcher-kva.example", "a"), proof("*.xn--bcher-kva.example", "b")


def test_text_says_what_goes_where_and_when_it_may_go() -> None:
    assert text_to_send(entries_at(None, *TWO), "Let’s Encrypt", 1_800_000_000.0) == (
        "For a TLS certificate from Let’s Encrypt, these DNS records must prove control of bücher.example "
        "(xn--bcher-kva.example) and *.bücher.example (*.xn--bcher-kva.example).\n\n"
        "Add each of them as a new record. Leave the records that are there as they are.\n\n"
        "Record 1, in bücher.example (xn--bcher-kva.example)\nType: TXT\n"
        "Name: _acme-challenge.xn--bcher-kva.example\nValue: a\n\n"
        "Record 2, in bücher.example (xn--bcher-kva.example)\nType: TXT\n"
        "Name: _acme-challenge.xn--bcher-kva.example\nValue: b\n"
        "The same name as in record 1, on purpose. Keep both records.\n\n"
        "They must be there by 15 January 2027, 08:00 UTC.\n\n"
        "They can be removed once the certificate is issued.\n\n"
        "The values are no secret.\n"
    )


def test_values_of_one_record_stand_together_and_without_the_quotes_of_a_form() -> None:
    text = text_to_send(entries_at(DnsProvider("p", "P", one_set=True, quotes=True), *TWO), "Test CA")
    assert "Value: a\nValue: b\n" in text
    assert "by 20" not in text


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["dns-01"], "They can be removed"),
        (["dns-persist-01"], "They are to stay"),
        (["dns-01", "dns-persist-01"], "begins with _validation-persist are to stay"),
    ],
)
def test_records_that_stay_are_not_said_to_be_removable(kinds: Sequence[str], words: str) -> None:
    proofs = [proof(f"{kind}.example", "v", kind) for kind in kinds]
    assert words in text_to_send(entries_at(None, *proofs), "Test CA")


@pytest.mark.parametrize("tool", RECORD_TOOLS.values(), ids=lambda tool: tool.id)
def test_variables_and_programs_that_the_commands_need_are_named(tool: RecordTool) -> None:
    entries = entries_at(None, *TWO)
    for removing in (False, True):
        notes, commands = " ".join(tool_notes(tool, removing=removing)), tool.commands(entries, removing=removing)
        assert ("jq must be installed" in notes) == ("| jq " in commands)
        for variable in ("TSIG_KEY_FILE", "CLOUDFLARE_API_TOKEN"):
            assert (variable in notes) == (f"${variable}" in commands)
    assert ("all TXT records" in " ".join(tool_notes(tool, removing=True))) == tool.removes_all
