"""The list of DNS providers in another language, and as options of the form."""

from app.dns.providers import DnsProvider
from app.text.provider_list import localized
from tools.provider_options import provider_options

IONOS = DnsProvider("ionos", "IONOS", host_label="Host name", where=("Menu",), trap="Mind it.")


def test_the_trap_is_translated_and_what_the_provider_calls_things_is_not() -> None:
    there = localized(IONOS, str.upper)
    assert (there.trap, there.name, there.host_label, there.where) == ("MIND IT.", "IONOS", "Host name", ("Menu",))


def test_what_is_not_said_is_not_translated() -> None:
    plain = DnsProvider("p", "P")
    assert localized(plain, lambda text: f"header before {text}") == plain


def test_options_are_sorted_panels_apart_and_no_provider_first() -> None:
    providers = (DnsProvider("z", "zeta & Co"), IONOS, DnsProvider("plesk", "Plesk", panel=True), DnsProvider("a", "Alpha"))
    assert provider_options(providers, "") == (
        '<option value="">Not in the list, or not sure</option>\n'
        '<option value="a">Alpha</option>\n'
        '<option value="ionos">IONOS</option>\n'
        '<option value="z">zeta &amp; Co</option>\n'
        '<optgroup label="Hosting panels and DNS servers">\n'
        '  <option value="plesk">Plesk</option>\n'
        "</optgroup>"
    )


def test_options_are_translated_and_a_list_without_panels_has_no_group() -> None:
    options = provider_options((IONOS,), "", str.upper)
    assert options == '<option value="">NOT IN THE LIST, OR NOT SURE</option>\n<option value="ionos">IONOS</option>'
