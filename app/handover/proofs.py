"""How a program on a server proves control when it renews: what a person chooses, and what programs call the DNS providers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import InputError

Method = Literal["webroot", "standalone", "nginx", "apache", "dns"]
"""By files in the folder of a website, by answering on port 80 itself, by the settings of nginx or Apache, by DNS records."""

DNS_PREFIX: Final = "dns-"
OWN_WAY: Final = "other"
"""Stands for a DNS provider that the program does not know: a script or a plugin of one's own adds the records."""

DEFAULT_WEBROOT: Final = "/var/www/html"

FOLDER_ERROR: Final = "move-out-odd-folder"

_FOLDER: Final = re.compile(r"/[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True)
class Proof:
    """The way to prove control: for `dns` with the id of a DNS provider or `OWN_WAY`, for `webroot` with a folder."""

    method: Method
    provider: str = ""
    webroot: str = ""


def read_proof(value: str, webroot: str, offered: tuple[str, ...]) -> Proof:
    """The proof that a person chose: `value` is one of those `offered`, `webroot` the folder that they typed.

    Raises `InputError`: `FOLDER_ERROR` is the code of the one about the folder.
    """
    if value not in offered:
        raise InputError("move-out-no-proof")
    if value.startswith(DNS_PREFIX):
        return Proof("dns", provider=value.removeprefix(DNS_PREFIX))
    folder = webroot.strip()
    if value == "webroot" and (not _FOLDER.fullmatch(folder) or ".." in folder):
        raise InputError(FOLDER_ERROR)
    for method in ("webroot", "standalone", "nginx", "apache"):
        if value == method:
            return Proof(method, webroot=folder.rstrip("/") if method == "webroot" else "")
    raise InputError("move-out-no-proof")


@dataclass(frozen=True)
class DnsCodes:
    """What programs call a DNS provider, "" where they do not know it: certbot its plugin, acme.sh its hook, lego its code."""

    certbot: str = ""
    acme_sh: str = ""
    lego: str = ""


def _codes(*, acme_sh: str = "", lego: str = "", certbot: str = "") -> DnsCodes:
    return DnsCodes(certbot, acme_sh, lego)


DNS_CODES: Final[Mapping[str, DnsCodes]] = {
    "cloudflare": _codes(certbot="cloudflare", acme_sh="dns_cf", lego="cloudflare"),
    "godaddy": _codes(acme_sh="dns_gd", lego="godaddy"),
    "namecheap": _codes(acme_sh="dns_namecheap", lego="namecheap"),
    "ionos": _codes(acme_sh="dns_ionos", lego="ionos"),
    "ovh": _codes(certbot="ovh", acme_sh="dns_ovh", lego="ovh"),
    "hostinger": _codes(lego="hostinger"),
    "route53": _codes(certbot="route53", acme_sh="dns_aws", lego="route53"),
    "gcloud": _codes(certbot="google", acme_sh="dns_gcloud", lego="gcloud"),
    "azure": _codes(acme_sh="dns_azure", lego="azuredns"),
    "digitalocean": _codes(certbot="digitalocean", acme_sh="dns_dgon", lego="digitalocean"),
    "hetzner-cloud": _codes(acme_sh="dns_hetznercloud", lego="hetzner"),
    "gandi": _codes(acme_sh="dns_gandi_livedns", lego="gandiv5"),
    "porkbun": _codes(acme_sh="dns_porkbun", lego="porkbun"),
    "dreamhost": _codes(acme_sh="dns_dreamhost", lego="dreamhost"),
    "namecom": _codes(acme_sh="dns_namecom", lego="namedotcom"),
    "linode": _codes(certbot="linode", acme_sh="dns_linode_v4", lego="linode"),
    "vultr": _codes(acme_sh="dns_vultr", lego="vultr"),
    "cpanel": _codes(acme_sh="dns_cpanel", lego="cpanel"),
    "plesk": _codes(acme_sh="dns_pleskxml", lego="plesk"),
    "directadmin": _codes(acme_sh="dns_da", lego="directadmin"),
    "ispconfig": _codes(acme_sh="dns_ispconfig", lego="ispconfig"),
    "infomaniak": _codes(acme_sh="dns_infomaniak", lego="infomaniak"),
    "inwx": _codes(acme_sh="dns_inwx", lego="inwx"),
    "netcup": _codes(acme_sh="dns_netcup", lego="netcup"),
    "all-inkl": _codes(acme_sh="dns_kas", lego="allinkl"),
    "desec": _codes(acme_sh="dns_desec", lego="desec"),
    "duckdns": _codes(acme_sh="dns_duckdns", lego="duckdns"),
    "dynu": _codes(acme_sh="dns_dynu", lego="dynu"),
    "freedns": _codes(acme_sh="dns_freedns"),
    "he": _codes(acme_sh="dns_he", lego="hurricane"),
    "njalla": _codes(acme_sh="dns_njalla", lego="njalla"),
    "ns1": _codes(certbot="nsone", acme_sh="dns_nsone", lego="ns1"),
    "netlify": _codes(acme_sh="dns_netlify", lego="netlify"),
    "vercel": _codes(acme_sh="dns_vercel", lego="vercel"),
    "dnsimple": _codes(certbot="dnsimple", acme_sh="dns_dnsimple", lego="dnsimple"),
    "cloudns": _codes(acme_sh="dns_cloudns", lego="cloudns"),
    "alidns": _codes(acme_sh="dns_ali", lego="alidns"),
    "huawei": _codes(acme_sh="dns_huaweicloud", lego="huaweicloud"),
    "westcn": _codes(acme_sh="dns_west_cn", lego="westcn"),
    "gcore": _codes(acme_sh="dns_gcore", lego="gcore"),
    "bunny": _codes(acme_sh="dns_bunny", lego="bunny"),
    "regru": _codes(acme_sh="dns_regru", lego="regru"),
    "transip": _codes(acme_sh="dns_transip", lego="transip"),
    "onecom": _codes(acme_sh="dns_one"),
    "loopia": _codes(acme_sh="dns_loopia", lego="loopia"),
    "simply": _codes(acme_sh="dns_simply", lego="simply"),
    "1984": _codes(acme_sh="dns_1984hosting"),
    "easydns": _codes(acme_sh="dns_easydns", lego="easydns"),
    "dnsmadeeasy": _codes(certbot="dnsmadeeasy", acme_sh="dns_me", lego="dnsmadeeasy"),
    "ultradns": _codes(acme_sh="dns_ultra", lego="ultradns"),
    "uniteddomains": _codes(lego="uniteddomains"),
    "spaceship": _codes(lego="spaceship"),
}
"""By the provider's id in dns_providers.json: as certbot 5.8's own plugins, acme.sh 3.1.4, and lego 4.35 and 5.6 name it."""
