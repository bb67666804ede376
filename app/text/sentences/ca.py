"""What goes wrong in `app.ca`: with the CA that a person chose, and with the file that lists CAs."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "unknown-ca": N_("This copy of Keystay does not know that CA. Choose another one."),
    "ca-closed": N_("{ca}: {closed}."),
    "ca-needs-relay": N_(
        "{ca} does not let browsers read its responses (it sends no usable CORS headers), so it needs a relay: a few lines on "
        "a web server that add them. This copy of Keystay has none. Whoever hosts it can set one up; the README says how, "
        "under “A relay”. With “make run” on your own computer there is one."
    ),
    "directory-url-private-key": N_("This contains what looks like a private key. Paste the directory URL alone."),
    "directory-url-invalid": N_("A directory URL starts with https:// and a host, like https://ca.example/dir."),
    "directory-url-not-allowed": N_(
        "This copy of Keystay may not connect to {origin}: its security policy lists the CAs that it may reach. Whoever hosts "
        "it can add this one: an entry in static/data/cas.json, then “make dist” again."
    ),
    # static/data/cas.json
    "ca-list-directory-not-https": N_("“cas.json” has a directory for “{id}” that is not https."),
    "ca-list-not-a-domain": N_("“cas.json” has something other than a domain name in “caa” of “{id}”."),
    "ca-list-url-without-slash": N_("“cas.json” has a relay or record server for “{id}” that does not end in “/”."),
    "ca-list-not-yes-no-unknown": N_("“cas.json” has a “{member}” that is neither yes, no nor unknown."),
}
