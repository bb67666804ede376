"""What reaches the programs: exactly the records of the order, whatever is in their names and values."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.name
import dns.rdata
import dns.rdtypes.ANY.TXT
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices
from app.dns.entries import DnsProof, RecordEntry, record_entries
from app.dns.text_forms.record_sets import TTL
from app.dns.text_forms.tools import RECORD_TOOLS
from tests.unit.dns.text_forms.shells import FOUND, Call, run

Triple = tuple[str, str, str]
"""Zone, full name and value of a record."""

HOSTILE = (
    "$(touch ran)",
    "`touch ran`",
    "'; touch ran; '",
    '"; touch ran; "',
    "a\nEND\ntouch ran\n",
    "&& touch ran",
    "| touch ran",
    "> ran",
    "$HOME ${IFS} !! ~ * ? [a]",
    "\\",
    "\\\\'\"",
    "-rf",
    "--help",
    "",
    " ",
    "tab\tand\rreturn",
    "é 漢字 \u202e",
    "{}[]:,=#%",
    "x" * 254 + '"' + "y" * 300,
    "z" * 255 + "---" + "z" * 300,
)


def entries_of(records: list[Triple]) -> tuple[RecordEntry, ...]:
    proofs = [DnsProof(Identifier("dns", zone), "dns-01", DnsRecord(name, (text,))) for zone, name, text in records]
    return record_entries(proofs, ProviderChoices())


def text_of(data: str) -> str:
    """The value that a name server reads from `data` of a zone file."""
    found = dns.rdata.from_text("IN", "TXT", data)
    assert isinstance(found, dns.rdtypes.ANY.TXT.TXT)
    assert all(len(string) <= 255 for string in found.strings)
    return b"".join(found.strings).decode()


def name_of(absolute: str) -> str:
    """The name that a name server reads in a zone file; a dot inside a label does not come from us."""
    labels = dns.name.from_text(absolute).labels
    assert labels[-1] == b""
    return b".".join(labels[:-1]).decode()


# ---- What each program is told ----


def of_nsupdate(calls: list[Call], verb: str) -> Iterator[Triple]:
    ttl = f"{TTL} " if verb == "add" else ""
    for call in calls:
        assert call.arguments == ("-k", "the key's file")
        first, *updates, last = call.read.splitlines()
        assert last == "send"
        for update in updates:
            words, data = update.split(f" {ttl}IN TXT ", 1)
            yield name_of(first.removeprefix("zone ")), name_of(words.removeprefix(f"update {verb} ")), text_of(data)


def of_cloudflare(calls: list[Call], verb: str) -> Iterator[Triple]:
    zone = ""
    for call in calls:
        if call.program == "curl":
            assert "Authorization: Bearer the token" in call.arguments
            url = next(word for word in call.arguments if word.startswith("https:"))
            if url.endswith("/zones"):
                zone = call.option("--data-urlencode").removeprefix("name=")
            elif verb == "add":
                body = json.loads(call.option("--data"))
                assert (body["type"], body["ttl"], url.split("/")[-2:]) == ("TXT", TTL, [FOUND, "dns_records"])
                yield zone, body["name"], text_of(body["content"])
            elif "DELETE" in call.arguments:
                assert url.endswith(f"/{FOUND}/dns_records/{FOUND}")
            else:
                asked = call.option("--data-urlencode").removeprefix("name=")
        elif "--arg" in call.arguments:
            text, data = call.arguments[3], call.arguments[6]
            assert text_of(data) == text
            yield zone, asked, text


def of_route53(calls: list[Call], verb: str) -> Iterator[Triple]:
    for asked, call in zip(calls[::2], calls[1::2], strict=True):
        assert call.option("--hosted-zone-id") == FOUND
        for change in json.loads(call.option("--change-batch"))["Changes"]:
            assert change["Action"] == {"add": "CREATE", "remove": "DELETE"}[verb]
            records = change["ResourceRecordSet"]
            assert (records["Type"], records["TTL"]) == ("TXT", TTL)
            for record in records["ResourceRecords"]:
                yield asked.option("--dns-name"), name_of(records["Name"]), text_of(record["Value"])


def of_gcloud(calls: list[Call], verb: str) -> Iterator[Triple]:
    zone = ""
    for call in calls:
        if call.arguments[1] == "managed-zones":
            zone = json.loads(call.option("--filter").removeprefix("dnsName=").removesuffix(" AND visibility=public"))[:-1]
            continue
        assert call.option("--zone") == FOUND
        if call.arguments[3] == verb:
            assert call.arguments[6:8] == ("--type=TXT", f"--ttl={TTL}")
            for data in call.arguments[8:]:
                yield zone, name_of(call.option("--name")), text_of(data)


def of_azure(calls: list[Call], verb: str) -> Iterator[Triple]:
    for call in calls:
        if call.arguments[4] != f"{verb}-record":
            continue
        assert call.option("--resource-group") == FOUND
        value = call.arguments[11:]
        parts = value[1:] if value[0] == "--value" else [value[0].removeprefix("--value=")]
        assert all(len(part) <= 255 for part in parts)
        assert len(parts) == 1 or not any(part.startswith("-") for part in parts[1:])
        zone = call.option("--zone-name")
        yield zone, whole(call.option("--record-set-name"), zone), "".join(parts)


def of_digitalocean(calls: list[Call], verb: str) -> Iterator[Triple]:
    zone = ""
    for call in calls:
        if call.program == "jq":
            assert verb == "remove"
            yield zone, whole(call.arguments[3], zone), call.arguments[6]
        else:
            zone = call.arguments[4]
            if call.arguments[3] == "create":
                assert call.option("--record-type") == "TXT"
                yield zone, whole(call.option("--record-name"), zone), call.option("--record-data")
            if call.arguments[3] == "delete":
                assert call.arguments[5:] == (FOUND, "--force")


def of_hetzner(calls: list[Call], verb: str) -> Iterator[Triple]:
    for call in calls:
        assert call.arguments[:2] == ("zone", f"{verb}-records")
        zone, relative, type_ = call.arguments[3:]
        assert type_ == "TXT"
        yield zone, whole(relative, zone), text_of(call.option("--record"))


def of_powerdns(calls: list[Call], verb: str) -> Iterator[Triple]:
    for call in calls:
        zone, name = map(name_of, call.arguments[2:4])
        if verb == "add":
            assert call.arguments[4:6] == ("TXT", str(TTL))
        yield zone, name, text_of(call.arguments[6]) if verb == "add" else ""


def whole(relative: str, zone: str) -> str:
    return zone if relative == "@" else f"{relative}.{zone}"


READERS: dict[str, Callable[[list[Call], str], Iterator[Triple]]] = {
    "nsupdate": of_nsupdate,
    "cloudflare": of_cloudflare,
    "route53": of_route53,
    "gcloud": of_gcloud,
    "azure": of_azure,
    "digitalocean": of_digitalocean,
    "hetzner": of_hetzner,
    "powerdns": of_powerdns,
}
VARIABLES = {"TSIG_KEY_FILE": "the key's file", "CLOUDFLARE_API_TOKEN": "the token"}


def told(tool: str, entries: tuple[RecordEntry, ...], *, removing: bool) -> list[Triple]:
    """The records that the program is told to add or remove, in a shell."""
    script = RECORD_TOOLS[tool].commands(entries, removing=removing)
    with tempfile.TemporaryDirectory() as folder:
        calls = run(script, Path(folder), VARIABLES)
    verb = {"nsupdate": "delete"}.get(tool, "remove") if removing else "add"
    return list(READERS[tool](calls, verb))


@pytest.mark.parametrize("removing", [False, True], ids=["add", "remove"])
@pytest.mark.parametrize("tool", RECORD_TOOLS)
def test_a_program_is_told_exactly_the_records_whatever_is_in_them(tool: str, removing: bool) -> None:  # noqa: FBT001 – a parameter of the test
    records = [("shop.example", f"_acme-challenge.n{number}.shop.example", text) for number, text in enumerate(HOSTILE)]
    records += [("shop.example", "_acme-challenge.shop.example", text) for text in ("one", "two")]
    records.append(("other.example", "_acme-challenge.www.other.example", "three"))
    found = told(tool, entries_of(records), removing=removing)
    if removing and RECORD_TOOLS[tool].removes_all:
        records = [(zone, name, "") for zone, name in dict.fromkeys((zone, name) for zone, name, _ in records)]
    assert sorted(found) == sorted(records)


LABEL = st.text(st.characters(exclude_characters=".\0", exclude_categories=["Cs"]), min_size=1, max_size=15)
VALUE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=6, deadline=None)
@given(label=LABEL, zone=LABEL.filter(lambda label: label != "*"), value=VALUE)  # a star is never part of a zone
@pytest.mark.parametrize("tool", RECORD_TOOLS)
def test_any_name_and_value_reaches_a_program_as_it_is(tool: str, label: str, zone: str, value: str) -> None:
    domain = f"{zone}.example"
    record = (domain, f"_acme-challenge.{label}.{domain}", value)
    assert told(tool, entries_of([record]), removing=False) == [record]


def test_there_is_nothing_to_do_without_records() -> None:
    assert {tool.commands(()) for tool in RECORD_TOOLS.values()} == {""}


def test_programs_have_the_ids_and_names_that_the_page_offers() -> None:
    assert {id_: tool.name for id_, tool in RECORD_TOOLS.items()} == {
        "nsupdate": "nsupdate",
        "cloudflare": "Cloudflare (curl)",
        "route53": "Route 53 (aws)",
        "gcloud": "Google Cloud (gcloud)",
        "azure": "Azure (az)",
        "digitalocean": "DigitalOcean (doctl)",
        "hetzner": "Hetzner (hcloud)",
        "powerdns": "PowerDNS (pdnsutil)",
    }


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
@pytest.mark.parametrize(
    ("tool", "answer"),
    [
        (
            "digitalocean",
            [
                {"id": 1, "type": "TXT", "name": "_acme-challenge", "data": "it's"},
                {"id": 2, "type": "TXT", "name": "_acme-challenge", "data": "it's not"},
                {"id": 3, "type": "TXT", "name": "www", "data": "it's"},
                {"id": 4, "type": "A", "name": "_acme-challenge", "data": "it's"},
            ],
        ),
        ("cloudflare", {"result": [{"id": 1, "content": '"it\'s"'}, {"id": 2, "content": "it's not"}]}),
        ("cloudflare", {"result": [{"id": 1, "content": "it's"}, {"id": 2, "content": '"it\'s not"'}]}),
    ],
)
def test_of_the_records_that_are_there_only_these_are_removed(tool: str, answer: object) -> None:
    """The real jq chooses by name and value."""
    script = RECORD_TOOLS[tool].commands(entries_of([("shop.example", "_acme-challenge.shop.example", "it's")]), removing=True)
    choice = script.splitlines()[-1].partition(" | while")[0]
    program = "curl" if tool == "cloudflare" else "doctl"
    chosen = subprocess.run(
        ["bash", "-c", f"{program}() {{ printf '%s' \"$ANSWER\"; }}\n{choice}"],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "ANSWER": json.dumps(answer)},
        capture_output=True,
        check=True,
    )
    assert chosen.stdout.split() == [b"1"]
