"""What is wrong with a name: typed into the names box, or in a certificate request of one's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.text.catalog import N_, _, ngettext
from app.text.message import lines, sentences
from app.text.names import first_of_wrong


def _requested(place: str, in_common_name: str, in_dns_entry: str, **values: str) -> str:
    """What is wrong with a name in the `place` "CN" or "DNS" of a request."""
    return _(in_common_name if place == "CN" else in_dns_entry, **values)


def _requested_name_refused(place: str, name: str, suggestion: str) -> str:
    refused = _requested(
        place,
        N_("Its common name (CN) “{name}” is not a name that a CA issues for."),
        N_("Its DNS entry “{name}” is not a name that a CA issues for."),
        name=name,
    )
    if suggestion:
        return sentences(refused, _("It should be {name}.", name=suggestion))
    return sentences(refused, _("Leave it empty, or put one of the names there.") if place == "CN" else "")


def _requested_address_as_name(place: str, name: str) -> str:
    return _requested(
        place,
        N_("Its common name (CN) {name} is an IP address, not a name: leave it empty."),
        N_("Its DNS entry {name} is an IP address, not a name: in subjectAltName it must be an IP address (iPAddress)."),
        name=name,
    )


def _requested_name_not_encoded(place: str, name: str, encoded: str) -> str:
    return _requested(
        place,
        N_("Its common name (CN) “{name}” must be written in its encoded form: {encoded}."),
        N_("Its DNS entry “{name}” must be written in its encoded form: {encoded}."),
        name=name,
        encoded=encoded,
    )


def _requested_name_ends_in_dot(place: str, name: str, right: str) -> str:
    return _requested(
        place,
        N_("Its common name (CN) “{name}” ends in a dot. It must be {right}."),
        N_("Its DNS entry “{name}” ends in a dot. It must be {right}."),
        name=name,
        right=right,
    )


def _requested_names_refused(faults: Sequence[str], more: int) -> str:
    return lines(
        _("The request itself must be made again."),
        *faults,
        ngettext("And one more.", "And {n} more.", more) if more else "",
    )


SENTENCES: Final[Mapping[str, str | Callable[..., str]]] = {
    # ---- the whole box ----
    "no-names": N_("Write at least one name, for example shop.example."),
    "too-many-names": lambda n, most: ngettext(
        "This is {n} name; one certificate can have {most}. Order a second one for the rest.",
        "These are {n} names; one certificate can have {most}. Order a second one for the rest.",
        n,
        most=most,
    ),
    "private-key-in-names": N_(
        "This looks like a private key, so it is not sent. Remove it and write names only: Keystay makes the certificate’s "
        "key for you."
    ),
    "names-wrong": first_of_wrong,
    # ---- one word: the list of names and `name_and_reason` put the word in front ----
    "name-far-too-long": N_("It has {n} characters; a name can have at most {most}."),
    "name-too-long": N_("It is too long: it has {n} characters, and a name can have at most {most}."),
    "name-with-at": N_("It has an @, like an e-mail address. If you mean the domain, write only the part after the @."),
    "name-with-colon": N_("It has a colon. Write the name alone, for example shop.example."),
    "name-missing": N_("There is no name in it. Write the name alone, for example shop.example."),
    "name-with-star": N_("A star may only be the whole first part, as in *.shop.example."),
    "name-without-dot": N_("A CA needs a full name with a dot in it, such as shop.example."),
    "wildcard-without-dot": N_("A wildcard needs a domain below the top level, such as *.shop.example."),
    "name-ends-in-number": N_("This is not a name: the last part may not be a number."),
    "address-of-network": N_("This is a whole network. A certificate is for single addresses, such as 192.0.2.1."),
    "address-with-more": N_("It contains more than an IP address. Write only the address: 192.0.2.1 or 2001:db8::1."),
    "address-with-zone": N_("This is an address within one network only (it has a %). No CA can reach it."),
    "address-mapped": N_("This is an IPv4 address in IPv6 form. Write the IPv4 address."),
    "address-with-zeros": N_("This is an IP address with leading zeros, which some programs read as a different address."),
    "address-out-of-range": N_("It looks like an IP address, but the numbers of one go from 0 to 255 only."),
    "address-incomplete": N_("This is neither a name nor a whole IP address such as 192.0.2.1."),
    # ---- one label of a name ----
    "label-empty": N_("It has one dot too many."),
    "label-with-underscore": N_("Certificates allow no underscore in a name."),
    "label-too-long": N_("The part “{part}” has {n} characters; a part can have at most {most}."),
    "label-too-long-in-ascii": N_("The part “{part}” is longer than {most} characters once it is written in ASCII."),
    "label-hyphen-at-edge": N_("The part “{part}” begins or ends with a hyphen, which is not allowed."),
    "label-hyphens-in-third-place": N_(
        "The part “{part}” has hyphens as its third and fourth characters, which only encoded names (xn--) may have."
    ),
    "label-badly-encoded": N_("The part “{part}” is not a name in encoded form ({reason})."),
    "label-not-allowed": N_("The part “{part}” is not allowed in a domain name ({reason})."),
    "character-like-hyphen": N_("It has the character {character}, which looks like a hyphen but is not one."),
    "character-like-dot": N_(
        "It has the character {character}, which looks like a dot but is not one. Domain names may not have it."
    ),
    "character-not-allowed": N_("It has the character {character}, which domain names may not have."),
    # ---- a good name that cannot be had in the way that was chosen ----
    "name-private": N_(
        "No public CA can issue for .{domain} names, which exist only in private networks. Use a name of a domain that you "
        "own, or a CA in your own network."
    ),
    "address-private": N_(
        "No public CA can issue for an address within a network or a computer. Use a name of a domain that you own, or a CA "
        "in your own network."
    ),
    "wildcard-needs-dns": N_(
        "Only a DNS record can prove it. Choose that below (for this name alone: under “More options”), or leave the name out."
    ),
    "address-cannot-use-dns": N_(
        "No DNS record can prove an IP address. Choose another proof below (for this one alone: under “More options”), or "
        "leave the address out."
    ),
    "name-too-long-for-proof": N_(
        "It is too long for this proof: it has {n} characters. With the name of the DNS record in front of it, at most "
        "{most} fit. Choose another proof, or a shorter name."
    ),
    "name-covered": N_("{wildcard} covers it, and this CA refuses an order that has both."),
    # ---- a name in a certificate request ----
    "requested-names-refused": _requested_names_refused,
    "requested-entry-of-other-kind": N_(
        "It asks for more than host names and IP addresses (an entry of the kind {kind}). CAs for web servers refuse that."
    ),
    "requested-address-as-name": _requested_address_as_name,
    "requested-address-length": lambda n: ngettext(
        "One of its IP addresses has {n} byte; an address has 4 or 16.",
        "One of its IP addresses has {n} bytes; an address has 4 or 16.",
        n,
    ),
    "requested-common-name-too-long": N_("Its common name (CN) {name} is longer than {most} characters. Leave it empty."),
    "requested-name-refused": _requested_name_refused,
    "requested-name-not-encoded": _requested_name_not_encoded,
    "requested-name-ends-in-dot": _requested_name_ends_in_dot,
}
