"""What a CA found on a server in place of a proof, and the probable cause, by cause: for files and for certificates."""

from typing import Final, Literal

from app.text.catalog import N_

FileCause = Literal[
    "unsaid",
    "elsewhere",
    "nameless",
    "redirect",
    "tls",
    "silent-https",
    "silent",
    "slow",
    "nothing",
    "denied",
    "broken",
    "guarded",
    "page",
    "empty",
    "ours",
    "earlier",
    "wrong",
    "unreached",
    "unknown",
]
"""What was found in place of a file, each as its sentences in `FILE` say it."""

TlsCause = Literal["unsaid", "elsewhere", "nameless", "silent", "plain", "other", "earlier", "unknown"]
"""What was found in place of a certificate on port 443."""

_NAMELESS: Final = (
    N_("{ca} found no address for {name} in the DNS."),
    N_(
        "Probably the name has no A or AAAA record yet, its address is inside a private network, or its name servers did not "
        "answer."
    ),
)
_ELSEWHERE_WHY: Final = N_(
    "Probably a firewall or a protection against bots blocks some countries or networks, or the name leads to several servers "
    "and not all of them have it."
)

FILE: Final[dict[FileCause, tuple[str, str]]] = {
    "unsaid": (
        N_("{ca} did not accept the file at {place}, and does not say what it found."),
        N_(
            "Probably the file is not there, port 80 is closed, or a login or a “checking your browser” page stands before it. "
            "Open the address in a private window: it must show the line and nothing else."
        ),
    ),
    "elsewhere": (N_("{ca} looks from several places in the world. Not all of them got the file at {place}."), _ELSEWHERE_WHY),
    "nameless": _NAMELESS,
    "redirect": (
        N_("{place} redirects to where {ca} does not follow."),
        N_(
            "Probably the redirects go round in a circle, lead to another port than 80 and 443, or lead to a name without a "
            "slash behind it."
        ),
    ),
    "tls": (
        N_("{place} redirects to https, and {ca} could not make a secure connection there."),
        N_("Probably https is not set up for this name yet. Let the address answer over http, without a redirect."),
    ),
    "silent-https": (
        N_("{place} redirects to https, and {ca} could not connect there."),
        N_("Probably port 443 is closed. Let the address answer over http, without a redirect, or open the port."),
    ),
    "silent": (
        N_("{ca} could not connect to the web server of {name} on port 80."),
        N_(
            "Probably a firewall or router keeps port 80 closed, or the name leads to another computer: also look at its IPv6 "
            "address (AAAA)."
        ),
    ),
    "slow": (
        N_("The web server of {name} took the connection from {ca}, but gave no answer in time."),
        N_("Probably a firewall or a protection against bots holds it back, or the server is overloaded."),
    ),
    "nothing": (
        N_("{ca} found no file at {place}."),
        N_(
            "Probably it is in another folder, its name got an extension such as .txt, or another server answers for the "
            "name: does the name have an IPv6 address (AAAA) that leads elsewhere? IIS needs the web.config from the zip."
        ),
    ),
    "denied": (
        N_("The web server did not let {ca} read {place}."),
        N_(
            "Probably a login, a firewall, a “checking your browser” page or a rule against folders whose names start with a "
            "dot blocks it."
        ),
    ),
    "broken": (
        N_("At {place}, the web server answered {ca} with an error of its own."),
        N_(
            "Probably the server behind a proxy or content network is down, or a setting for this folder breaks it, such as an "
            ".htaccess or a web.config."
        ),
    ),
    "guarded": (
        N_("At {place}, {ca} met a page that checks whether a browser is there."),
        N_(
            "Probably a protection against bots stands before the website. Turn it off for /.well-known/acme-challenge/, or "
            "altogether until you have the certificate."
        ),
    ),
    "page": (
        N_("At {place}, {ca} found a web page in place of the file."),
        N_(
            "Probably the website answers with its own page, or a login, at addresses that it does not know, or the name leads "
            "to another server, such as one that shows a parking page."
        ),
    ),
    "empty": (
        N_("At {place}, {ca} found an empty file."),
        N_("Probably the upload broke off. Download the file here and upload it again."),
    ),
    "ours": (
        N_("At {place}, {ca} found the file, but not exactly its one line."),
        N_(
            "Probably only a part of the line was copied, or an editor added something. Upload the file as you download it "
            "here."
        ),
    ),
    "earlier": (
        N_("At {place}, {ca} found the line of another file."),
        N_("Probably the file is from an earlier order, or two files were mixed up. A cache may also still hold the old one."),
    ),
    "wrong": (
        N_("At {place}, {ca} found something other than the file."),
        N_(
            "Probably the server answers with a page of its own for addresses that it does not know, or the file is from an "
            "earlier order."
        ),
    ),
    "unreached": (
        N_("{ca} did not get the file at {place}."),
        N_(
            "Probably the file is not there, or a firewall or router keeps port 80 closed, or the name leads to another "
            "computer: also look at its IPv6 address (AAAA)."
        ),
    ),
    "unknown": (
        N_("{ca} did not find what it wanted at {place}."),
        N_("Probably the file is not there, or another server answers for the name. The CA’s own words below say more."),
    ),
}
"""By cause: what was found at the URL `place`, and why probably."""

TLS: Final[dict[TlsCause, tuple[str, str]]] = {
    "unsaid": (
        N_("{ca} did not accept what {name} shows on port 443, and does not say what it found."),
        N_("Probably the port is closed, or another program, such as a web server, still answers there."),
    ),
    "elsewhere": (
        N_("{ca} looks from several places in the world. Not all of them got the certificate from {name} on port 443."),
        _ELSEWHERE_WHY,
    ),
    "nameless": _NAMELESS,
    "silent": (
        N_("{ca} could not connect to {name} on port 443."),
        N_(
            "Probably a firewall or router keeps the port closed, the command is no longer running, or the name leads to "
            "another computer."
        ),
    ),
    "plain": (
        N_("On port 443 of {name}, something answered {ca} without TLS."),
        N_("Probably a web server is set up for http on this port. Stop it, and run the command there."),
    ),
    "other": (
        N_("On port 443 of {name}, another program answered {ca}."),
        N_("Probably a web server or proxy still uses the port. Stop it while the CA looks, and run the command."),
    ),
    "earlier": (
        N_("On port 443 of {name}, {ca} found a certificate, but not the right one."),
        N_("Probably the file is from an earlier order or for another name, or a web server still answers there."),
    ),
    "unknown": (
        N_("{ca} did not get the right certificate from {name} on port 443."),
        N_("Probably another program, such as a web server, still answers there, or the file is from an earlier order."),
    ),
}
"""By cause: what was found on port 443, and why probably."""
