"""Step 2, DNS records: what to know about the form of a provider. Of what nobody has verified, a sentence says “usually”."""

from collections.abc import Sequence

from app.acme.identifier import readable
from app.dns.choices import Shortage
from app.dns.entries import RecordEntry
from app.dns.providers import DOMAIN, DnsProvider
from app.text.catalog import _, ngettext

_STEP = " › "


def zone_title(zone: str, count: int, provider: DnsProvider | None) -> str:
    """The heading above the `count` entries in `zone`, which `provider` manages (None where it is not known)."""
    name = readable(zone)
    if provider is None:
        return ngettext("In {zone}: one record", "In {zone}: {n} records", count, zone=name)
    if provider.panel:
        return ngettext(
            "In {zone}, with {provider}: one record", "In {zone}, with {provider}: {n} records", count, **_names(zone, provider)
        )
    return ngettext(
        "In {zone}, at {provider}: one record", "In {zone}, at {provider}: {n} records", count, **_names(zone, provider)
    )


def host_label(provider: DnsProvider | None) -> str:
    """What the form calls the field for the name."""
    return (provider and provider.host_label) or _("Name")


def zone_notes(zone: str, entries: Sequence[RecordEntry], provider: DnsProvider | None) -> tuple[str, ...]:
    """What to know before one enters the `entries` of `zone`: the way to the form first, one sentence each.

    The provider's trap (`trap_of`) is not among them.
    """
    if provider is None:
        return (_("Some forms add the domain to the name by themselves: those want the short name, all others the full one."),)
    notes = (
        _way(zone, provider),
        _name_note(zone, provider),
        _set_note(provider) if any(len(entry.values) > 1 for entry in entries) else "",
        _quotes_note(provider) if provider.quotes else "",
        _ttl_note(provider) if provider.host_label else "",
        _minutes_note(provider),
    )
    return tuple(filter(None, notes))


def trap_of(provider: DnsProvider | None) -> str:
    """What goes wrong at `provider`, or "". The page's language is in the provider already (`localized`)."""
    return provider.trap if provider else ""


def same_host_note(entry: RecordEntry) -> str:
    """Why an entry has the same name as an earlier one; "" where it has not."""
    if entry.same_host_as is None:
        return ""
    return _("The same name as in record {number}, on purpose. Keep both records.", number=str(entry.same_host_as))


def shortage_note(shortage: Shortage) -> str:
    """Before an order, and beside its records: the provider cannot hold all the values."""
    most = shortage.provider.max_values or 0
    return " ".join(
        (
            ngettext(
                "{provider} can hold only one TXT value at a time, for all names of your account together.",
                "{provider} can hold only {n} TXT values at a time, for all names of your account together.",
                most,
                provider=shortage.provider.name,
            ),
            ngettext(
                "This order needs one.",
                "This order needs {n} at the same time. Order the names one after the other, or a wildcard without the name "
                "itself.",
                shortage.needed,
            ),
        )
    )


def _names(zone: str, provider: DnsProvider) -> dict[str, str]:
    return {"zone": readable(zone), "provider": provider.name}


def _way(zone: str, provider: DnsProvider) -> str:
    path = _STEP.join(readable(zone) if step == DOMAIN else step for step in provider.where)
    if not path:
        return ""
    return _("Under {path}.", path=path) if provider.is_sure_of("where") else _("Usually under {path}.", path=path)


def _name_note(zone: str, provider: DnsProvider) -> str:
    values = {"zone": zone, "provider": provider.name}
    sure = provider.is_sure_of("name_form")
    match provider.name_form:
        case "relative" if sure:
            return _("{provider} adds .{zone} to the name by itself, so enter it exactly as shown.", **values)
        case "relative":
            return _("{provider} usually adds .{zone} to the name by itself, so enter it exactly as shown.", **values)
        case "full" if not provider.host_label:
            return ""
        case "full" if sure:
            return _("{provider} wants the full name, as shown.", **values)
        case "full":
            return _("{provider} usually wants the full name, as shown.", **values)
        case _ if sure:
            return _("{provider} takes the short name as well as the full one.", **values)
    return _("{provider} usually takes the short name as well as the full one.", **values)


def _set_note(provider: DnsProvider) -> str:
    if provider.is_sure_of("one_set"):
        return _(
            "{provider} keeps all values of a name in one record: enter each on a line of its own.", provider=provider.name
        )
    return _(
        "{provider} usually keeps all values of a name in one record: enter each on a line of its own.", provider=provider.name
    )


def _quotes_note(provider: DnsProvider) -> str:
    if provider.is_sure_of("quotes"):
        return _("{provider} wants the quotation marks around the value.", provider=provider.name)
    return _("{provider} usually wants the quotation marks around the value.", provider=provider.name)


def _ttl_note(provider: DnsProvider) -> str:
    if provider.min_ttl is None:
        return _("Leave the TTL as it is.")
    if provider.is_sure_of("min_ttl"):
        return ngettext(
            "Leave the TTL as it is, or choose the lowest: one second.",
            "Leave the TTL as it is, or choose the lowest: {n} seconds.",
            provider.min_ttl,
        )
    return ngettext(
        "Leave the TTL as it is, or choose the lowest: usually one second.",
        "Leave the TTL as it is, or choose the lowest: usually {n} seconds.",
        provider.min_ttl,
    )


def _minutes_note(provider: DnsProvider) -> str:
    if provider.minutes is None:
        return ""
    return ngettext(
        "It can take a minute until the name servers of {provider} have a new record.",
        "It can take up to {n} minutes until the name servers of {provider} have a new record.",
        provider.minutes,
        provider=provider.name,
    )
