"""Commands that add the records with a program, and those that remove exactly these records again.

They are for a POSIX shell. Whatever comes from an order is one word of it (`command`), and inside that word quoted as the
program's own language wants it: JSON, a zone file, JMESPath or a filter. What a program needs to know besides (the id of a
zone, of a record), the commands ask it for. Tokens and keys are in variables that the person has set.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.acme.challenge import MAX_STRING
from app.dns.entries import RecordEntry
from app.dns.text_forms.record_sets import TTL, RecordSet, absolute, record_sets, txt_data
from app.dns.text_forms.shell import Syntax, assignment, command, for_each_line, lines, pipeline, variable

Commands = Callable[[str, list[RecordSet]], str]
"""Makes the commands for a zone and its record sets."""


@dataclass(frozen=True)
class RecordTool:
    """A program that manages DNS at `service`, or any (""). `needs_jq` is whether its commands also use the program jq.

    `removes_all` is whether it can remove only all TXT records of a name together.
    """

    id: str
    service: str
    program: str
    add: Commands
    remove: Commands
    needs_jq: bool = False
    removes_all: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.service} ({self.program})" if self.service else self.program

    def commands(self, entries: Iterable[RecordEntry], *, removing: bool = False) -> str:
        """The commands that add the `entries`, or those that are for `removing` them, one a line; "" where there are none."""
        make = self.remove if removing else self.add
        return lines(*(make(zone, in_zone) for zone, in_zone in record_sets(entries).items()))


def _each(sets: list[RecordSet], make: Callable[[RecordSet, str], str]) -> str:
    """A command for each value."""
    return lines(*(make(records, text) for records in sets for text in records.texts))


# ---- nsupdate (BIND 9): RFC 2136, with a TSIG key ----


def _nsupdate(verb: str, *ttl: str) -> Commands:
    def update(records: RecordSet, text: str) -> str:
        return " ".join(("update", verb, absolute(records.name), *ttl, "IN", "TXT", txt_data(text)))

    def script(zone: str, sets: list[RecordSet]) -> str:
        start = command("nsupdate", "-k", variable("TSIG_KEY_FILE"), Syntax("<<'END'"))
        return lines(start, f"zone {absolute(zone)}", _each(sets, update), "send", "END")

    return script


# ---- Cloudflare: its API, because it has no program of its own for DNS ----

_API: Final = "https://api.cloudflare.com/client/v4/zones"
_RECORDS: Final = Syntax(f'"{_API}/$zone_id/dns_records"')
_RECORD: Final = Syntax(f'"{_API}/$zone_id/dns_records/$record_id"')
_BEARER: Final = ("-H", Syntax('"Authorization: Bearer $CLOUDFLARE_API_TOKEN"'))


def _cloudflare_zone(zone: str) -> str:
    found = command("curl", "-sS", "-G", _API, *_BEARER, "--data-urlencode", f"name={zone}")
    return assignment("zone_id", pipeline(found, command("jq", "-r", ".result[0].id")))


def _cloudflare_add(zone: str, sets: list[RecordSet]) -> str:
    def post(records: RecordSet, text: str) -> str:
        body = json.dumps({"type": "TXT", "name": records.name, "content": txt_data(text), "ttl": TTL})
        content_type = ("-H", "Content-Type: application/json")
        return command("curl", "-sS", "-X", "POST", _RECORDS, *_BEARER, *content_type, "--data", body)

    return lines(_cloudflare_zone(zone), _each(sets, post))


def _cloudflare_remove(zone: str, sets: list[RecordSet]) -> str:
    chosen = ".result[] | select(.content == $text or .content == $data) | .id"  # it may have been added without quotes

    def delete(records: RecordSet, text: str) -> str:
        return pipeline(
            command(
                *("curl", "-sS", "-G", _RECORDS, *_BEARER),
                *("-d", "type=TXT", "--data-urlencode", f"name={records.name}"),
            ),
            command("jq", "-r", "--arg", "text", text, "--arg", "data", txt_data(text), chosen),
            for_each_line("record_id", command("curl", "-sS", "-X", "DELETE", _RECORD, *_BEARER)),
        )

    return lines(_cloudflare_zone(zone), _each(sets, delete))


# ---- Amazon Route 53: aws ----


def _route53(action: str) -> Commands:
    """CREATE and DELETE, not UPSERT: neither changes a set that has other values."""

    def change(zone: str, sets: list[RecordSet]) -> str:
        changes = [
            {
                "Action": action,
                "ResourceRecordSet": {
                    "Name": absolute(records.name),
                    "Type": "TXT",
                    "TTL": TTL,
                    "ResourceRecords": [{"Value": txt_data(text)} for text in records.texts],
                },
            }
            for records in sets
        ]
        query = f"HostedZones[?Name=={_jmespath(f'{zone}.')} && Config.PrivateZone==`false`].Id | [0]"
        found = ("--dns-name", zone, "--query", query, "--output", "text")
        change = ("--hosted-zone-id", variable("zone_id"), "--change-batch", json.dumps({"Changes": changes}))
        return lines(
            assignment("zone_id", command("aws", "route53", "list-hosted-zones-by-name", *found)),
            command("aws", "route53", "change-resource-record-sets", *change),
        )

    return change


def _jmespath(text: str) -> str:
    """A raw string literal of JMESPath."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# ---- Google Cloud DNS: gcloud ----


def _gcloud(verb: str) -> Commands:
    """In one transaction, which fails as a whole where a set has other values than these."""

    def transaction(zone: str, sets: list[RecordSet]) -> str:
        gcloud, in_zone = ("gcloud", "dns", "record-sets", "transaction"), Syntax('--zone="$zone_name"')
        condition = f"dnsName={json.dumps(f'{zone}.')} AND visibility=public"
        listed = ("gcloud", "dns", "managed-zones", "list", f"--filter={condition}", "--format=value(name)")
        changes = (
            command(
                *(*gcloud, verb, in_zone, f"--name={absolute(records.name)}", "--type=TXT", f"--ttl={TTL}"),
                *map(txt_data, records.texts),
            )
            for records in sets
        )
        return lines(
            assignment("zone_name", command(*listed)),
            command(*gcloud, "start", in_zone),
            *changes,
            command(*gcloud, "execute", in_zone),
        )

    return transaction


# ---- Azure DNS: az ----


def _azure(verb: str) -> Commands:
    def for_zone(zone: str, sets: list[RecordSet]) -> str:
        def change(records: RecordSet, text: str) -> str:
            place = ("--resource-group", variable("group"), "--zone-name", zone, "--record-set-name", records.relative)
            return command("az", "network", "dns", "record-set", "txt", verb, *place, *_azure_value(text))

        query = f"[?name=={_jmespath(zone)}].resourceGroup | [0]"
        found = command("az", "network", "dns", "zone", "list", "--query", query, "--output", "tsv")
        return lines(assignment("group", found), _each(sets, change))

    return for_zone


def _azure_value(text: str) -> tuple[str, ...]:
    """The value as az takes it: in parts of one string of a TXT record, none of which may look like an option."""
    if len(text) <= MAX_STRING:
        return (f"--value={text}",)
    parts, start = [], 0
    while start < len(text):
        end = min(start + MAX_STRING, len(text))
        while text[end : end + 1] == "-" and end > start + 1:
            end -= 1
        parts.append(text[start:end])
        start = end
    return ("--value", *parts)


# ---- DigitalOcean: doctl ----

_DOCTL: Final = ("doctl", "compute", "domain", "records")


def _digitalocean_add(zone: str, sets: list[RecordSet]) -> str:
    def create(records: RecordSet, text: str) -> str:
        record = ("--record-type=TXT", f"--record-name={records.relative}", f"--record-data={text}", f"--record-ttl={TTL}")
        return command(*_DOCTL, "create", zone, *record)

    return _each(sets, create)


def _digitalocean_remove(zone: str, sets: list[RecordSet]) -> str:
    chosen = '.[] | select(.type == "TXT" and .name == $name and .data == $text) | .id'

    def delete(records: RecordSet, text: str) -> str:
        return pipeline(
            command(*_DOCTL, "list", zone, "--output", "json"),
            command("jq", "-r", "--arg", "name", records.relative, "--arg", "text", text, chosen),
            for_each_line("record_id", command(*_DOCTL, "delete", zone, variable("record_id"), "--force")),
        )

    return _each(sets, delete)


# ---- Hetzner: hcloud; PowerDNS: pdnsutil (5.0) ----


def _hetzner(verb: str) -> Commands:
    def change(records: RecordSet, text: str) -> str:
        return command("hcloud", "zone", verb, f"--record={txt_data(text)}", records.zone, records.relative, "TXT")

    return lambda _zone, sets: _each(sets, change)


def _powerdns_add(zone: str, sets: list[RecordSet]) -> str:
    def add(records: RecordSet, text: str) -> str:
        return command("pdnsutil", "rrset", "add", absolute(zone), absolute(records.name), "TXT", str(TTL), txt_data(text))

    return _each(sets, add)


def _powerdns_remove(zone: str, sets: list[RecordSet]) -> str:
    return lines(*(command("pdnsutil", "rrset", "delete", absolute(zone), absolute(records.name), "TXT") for records in sets))


RECORD_TOOLS: Final = {
    tool.id: tool
    for tool in (
        RecordTool("nsupdate", "", "nsupdate", _nsupdate("add", str(TTL)), _nsupdate("delete")),
        RecordTool("cloudflare", "Cloudflare", "curl", _cloudflare_add, _cloudflare_remove, needs_jq=True),
        RecordTool("route53", "Route 53", "aws", _route53("CREATE"), _route53("DELETE")),
        RecordTool("gcloud", "Google Cloud", "gcloud", _gcloud("add"), _gcloud("remove")),
        RecordTool("azure", "Azure", "az", _azure("add-record"), _azure("remove-record")),
        RecordTool("digitalocean", "DigitalOcean", "doctl", _digitalocean_add, _digitalocean_remove, needs_jq=True),
        RecordTool("hetzner", "Hetzner", "hcloud", _hetzner("add-records"), _hetzner("remove-records")),
        RecordTool("powerdns", "PowerDNS", "pdnsutil", _powerdns_add, _powerdns_remove, removes_all=True),
    )
}
"""Id → program, in the order in which the page offers them. One more is one entry."""
