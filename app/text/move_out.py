"""Moving to a program on a server, in words: the ways to prove control, what to do there, and what comes of a click."""

from collections.abc import Mapping
from typing import Final

from app.handover.client import StepKind
from app.text.catalog import N_, _
from app.text.message import Question

_METHODS: Final[Mapping[str, str]] = {
    "webroot": N_("Files in the folder of the website"),
    "nginx": N_("By the nginx that runs there"),
    "apache": N_("By the Apache that runs there"),
    "standalone": N_("It answers on port 80 itself"),
    "dns-other": N_("Records in the DNS, by a script or plugin of your own"),
}

_ON_CADDY: Final = N_("Caddy answers on ports 80 and 443 itself")


def method_name(client: str, value: str) -> str:
    """What the way to prove control with this `value` is called; "" for the records at one of the page's DNS providers."""
    if client == "caddy" and value == "standalone":
        return _(_ON_CADDY)
    return _(_METHODS[value]) if value in _METHODS else ""


def by_dns_of() -> str:
    """Above the DNS providers in the list of ways."""
    return _("Records in the DNS, which it writes at")


# ---- what to do on the server ----

Words = tuple[str, str]
"""A title, and what to know."""

_UNPACK: Final = N_("Copy the file to the server and unpack it")
_FIRST: Final = N_("Try it")
_USE: Final = N_("Let the server use these files")
_DAILY: Final = N_("See that it runs every day")

_KEPT: Final = N_(
    "A file that is there already stays as it is, and tar says so. That is fine for the account’s files; of the certificate’s, "
    "it means that the program has one of that name already. Delete the archive when you are done: it holds private keys."
)
_LEGO_CREDENTIALS: Final = N_("This command says which variables lego wants. Set them where the commands below run.")
_LEGO_TRY: Final = N_(
    "It must find the certificate and say that it is not due. If it asks for an account or starts an order, the folder is not "
    "the right one."
)
_LEGO_DAILY: Final = N_(
    "Add this line to the crontab (crontab -e). lego renews when it is time, and reloads no server by itself."
)

_STEPS: Final[Mapping[tuple[str, StepKind], Words]] = {
    ("certbot", "unpack"): (_UNPACK, _KEPT),
    ("certbot", "credentials"): (
        N_("Let certbot into your DNS"),
        N_(
            "Install the certbot plugin of your DNS provider, and put what its page asks for into this file. For Route 53, "
            "certbot takes what Amazon’s own tools use."
        ),
    ),
    ("certbot", "check"): (
        _FIRST,
        N_("A dry run proves control once and changes nothing. With Let’s Encrypt it asks the CA for trials."),
    ),
    ("certbot", "use"): (
        _USE,
        N_(
            "These names stay the same after each renewal. “certbot reconfigure” sets a --deploy-hook, which makes the server "
            "read the new files."
        ),
    ),
    ("certbot", "schedule"): (
        _DAILY,
        N_("The packages of certbot usually bring a timer. If the list is empty, call “certbot renew” once a day."),
    ),
    ("acme.sh", "unpack"): (_UNPACK, _KEPT),
    ("acme.sh", "credentials"): (
        N_("Let acme.sh into your DNS"),
        N_(
            "The file of this name in its folder dnsapi says which variables it wants. Export them before the next command; "
            "acme.sh keeps them."
        ),
    ),
    ("acme.sh", "check"): (
        _FIRST,
        N_("acme.sh has no dry run, so this renews once. CAs allow that, but not many times a week."),
    ),
    ("acme.sh", "use"): (
        _USE,
        N_(
            "It copies the files there now and after each renewal, and reloads the server. Change paths and command as you "
            "need."
        ),
    ),
    ("acme.sh", "schedule"): (_DAILY, N_("Not needed where acme.sh was installed by its own installer.")),
    ("lego4", "unpack"): (_UNPACK, _KEPT),
    ("lego4", "credentials"): (N_("Let lego into your DNS"), _LEGO_CREDENTIALS),
    ("lego4", "check"): (_FIRST, _LEGO_TRY),
    ("lego4", "use"): (_USE, N_("The first has the CA’s certificates, too. Both are replaced at each renewal.")),
    ("lego4", "schedule"): (N_("Let it run every day"), _LEGO_DAILY),
    ("lego5", "unpack"): (_UNPACK, _KEPT),
    ("lego5", "credentials"): (N_("Let lego into your DNS"), _LEGO_CREDENTIALS),
    ("lego5", "check"): (_FIRST, _LEGO_TRY),
    ("lego5", "use"): (_USE, N_("The first has the CA’s certificates, too. Both are replaced at each renewal.")),
    ("lego5", "schedule"): (N_("Let it run every day"), _LEGO_DAILY),
    ("caddy", "unpack"): (_UNPACK, _KEPT),
    ("caddy", "settings"): (
        N_("Name the site in the Caddyfile"),
        N_(
            "Put your own settings in place of “respond”. Give no e-mail there: Caddy would look for another account. For "
            "proofs by DNS, Caddy needs a build with the module of your provider. Caddy keeps a certificate for each name: it "
            "takes this one for the first name, and gets the others by itself, with the same account."
        ),
    ),
    ("caddy", "check"): (_FIRST, N_("It must say “Valid configuration”.")),
    ("caddy", "schedule"): (
        N_("Start it"),
        N_("Caddy renews by itself. Its log says “using ACME account” with the account of this page once it does."),
    ),
}

_SCRIPTS: Final[Words] = (
    N_("Put your two scripts there"),
    N_(
        "certbot calls the first to add the TXT record, and the second to remove it, with CERTBOT_DOMAIN and "
        "CERTBOT_VALIDATION. Have a plugin instead? Renew once with its options, and certbot keeps them."
    ),
)
_OWN_HOOK: Final[Words] = (
    N_("Write the hook for your DNS"),
    N_("A file of this name with the ending .sh in its folder dnsapi. acme.sh brings a model of it."),
)
_OWN_PROGRAM: Final[Words] = (
    N_("Name your program for the DNS"),
    N_("lego calls it to add and to remove the record: EXEC_PATH says where it is. The command tells more."),
)


def step_words(client: str, kind: StepKind, *, own_way: bool) -> Words:
    """The title of a step, and what to know. `own_way` tells that a script of the person's own writes to the DNS."""
    words = _STEPS[client, kind]
    if own_way and kind == "credentials":
        words = {"certbot": _SCRIPTS, "acme.sh": _OWN_HOOK}.get(client, _OWN_PROGRAM)
    title, text = words
    return _(title), _(text)


def command_of(title: str) -> str:
    """What a copy button copies, for screen readers."""
    return _(" of “{title}”", title=title)


# ---- the button, and what comes of it ----


def download_words(*, changes_key: bool) -> str:
    """The button that makes the archive."""
    return _("Change the account’s key and download") if changes_key else _("Download its folder (.tar)")


def key_note() -> str:
    """Why the account needs another key first."""
    return _(
        "The account’s key was made so that it can never leave this browser. For the move, the account first gets a new key "
        "that can. You are asked once more."
    )


def key_question(ca: str) -> Question:
    """The question before the account at `ca` gets a key that can be taken out."""
    return Question(
        title=_("Give the account at {ca} a new key?", ca=ca),
        text=_(
            "The new key can be copied out of this browser, and the archive holds it. The old key is deleted. An order that "
            "waits for proof shows new values then."
        ),
        yes=_("Change the key and download"),
        no=_("Keep the key"),
    )


def key_kept() -> str:
    """After a no to that."""
    return _("The account keeps its key. Nothing was downloaded.")


def archive_saved(file: str) -> str:
    """The archive is in the downloads, as `file`."""
    return _(
        "{file} is in your downloads. It holds private keys: whoever has it has the certificate and the account.", file=file
    )
