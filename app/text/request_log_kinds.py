"""What each kind of request means, for a person who sees ACME for the first time: in the request log and in its tour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.acme.resource_kind import ResourceKind
from app.text.catalog import N_, _

RequestKind = (
    ResourceKind
    | Literal["list", "providers", "resolvers", "services", "targets", "records", "dnsRead", "dnsWrite"]
    | Literal["dnsQuestion", "dnsPurge", "probe", "held"]
)
"""The CA’s resources, and: this page’s own lists, the practice CA’s record server, a DNS service that is read or written to, a
resolver that is asked or that should forget something, a `no-cors` probe, a blocked request."""


@dataclass(frozen=True)
class KindText:
    """One kind of request: what the page `says`, what the CA `answers`, and what that `proves`, above all about the keys.

    It is specified in `section` of the RFC `rfc`; "" for nowhere.
    """

    title: str
    says: str
    answers: str
    proves: str
    rfc: int = 8555
    section: str = ""

    @property
    def source(self) -> str:
        """Where it is specified, for a person; "" for nowhere."""
        return _("RFC {rfc}, section {section}", rfc=str(self.rfc), section=self.section) if self.section else ""

    @property
    def link(self) -> str:
        """The address of that section; "" for nowhere."""
        return f"https://www.rfc-editor.org/rfc/rfc{self.rfc}#section-{self.section}" if self.section else ""


def kind_text(kind: RequestKind) -> KindText:
    """What to say about requests of this kind, in the language of the page."""
    text = KINDS[kind]
    return replace(text, title=_(text.title), says=_(text.says), answers=_(text.answers), proves=_(text.proves))


KINDS: Final[Mapping[RequestKind, KindText]] = {
    "list": KindText(
        N_("This page’s list of CAs"),
        N_("The page reads its own list of CAs, from the place that it was loaded from."),
        N_("The list, as whoever hosts this page provides it."),
        N_("Nothing about you is in this request."),
    ),
    "providers": KindText(
        N_("This page’s list of DNS providers"),
        N_("The page reads what it knows about the forms of DNS providers, from the place that it was loaded from."),
        N_("The list, as whoever hosts this page provides it."),
        N_("Nothing about you is in this request: it is the whole list, whichever provider is yours."),
    ),
    "resolvers": KindText(
        N_("This page’s list of DNS resolvers"),
        N_("The page reads whom it may ask about DNS, from the place that it was loaded from."),
        N_("The list, as whoever hosts this page provides it."),
        N_("Nothing about you is in this request, and nobody on the list is asked unless you allow it."),
    ),
    "targets": KindText(
        N_("This page’s list of places for certificates"),
        N_("The page reads what servers and devices want of a certificate, from the place that it was loaded from."),
        N_("The list, as whoever hosts this page provides it."),
        N_("Nothing about you is in this request: it is the whole list, wherever your certificate goes."),
    ),
    "services": KindText(
        N_("This page’s list of DNS services"),
        N_("The page reads where it may write DNS records for you, from the place that it was loaded from."),
        N_("The list, as whoever hosts this page provides it."),
        N_("Nothing about you is in this request, and nothing is sent to a service unless you give a token for it."),
    ),
    "directory": KindText(
        N_("The directory"),
        N_("Where is what? This address of the CA is the only one that the page has to know beforehand."),
        N_("The addresses of everything else, and where to read the CA’s terms."),
        N_("Nothing is signed yet. No name, no key and no account is in this request."),
        section="7.1.1",
    ),
    "newNonce": KindText(
        N_("A nonce"),
        N_("Give me a number that can be used once."),
        N_("The number, in a header. From then on every answer brings the next one."),
        N_("Each signed request uses up one such number, so nobody can copy a request and send it again."),
        section="7.2",
    ),
    "newAccount": KindText(
        N_("The account"),
        N_(
            "Here is my public key, and I agree to your terms: please make an account for it. If the key has an account "
            "already, give me that one."
        ),
        N_("The account’s address. From now on requests name this address instead of the key."),
        N_(
            "The signature shows that the sender holds the private key. To check it, the CA needs only the public key, and "
            "that is all it gets."
        ),
        section="7.3",
    ),
    "findAccount": KindText(
        N_("The account of a key"),
        N_("Which account does this public key belong to? Do not make a new one."),
        N_("The account’s address, or that there is none."),
        N_("Only the holder of the private key can sign this, so nobody else can look up your account."),
        section="7.3.1",
    ),
    "account": KindText(
        N_("The account, read back"),
        N_("What do you have about my account?"),
        N_("Its state and its contact addresses, as the CA has them."),
        N_("A signed, empty request reads it, so the CA shows it to nobody but the holder of its key."),
        section="7.1.2",
    ),
    "updateAccount": KindText(
        N_("A change to the account"),
        N_("Change this in my account."),
        N_("The account as it is now."),
        N_("The signature by the account’s key is all that the CA relies on: no password, no e-mail."),
        section="7.3.2",
    ),
    "closeAccount": KindText(
        N_("The end of the account"),
        N_("Close my account for good."),
        N_("The account, closed. From now on the CA accepts nothing that its key signs."),
        N_("Only the holder of the account’s key can ask for this."),
        section="7.3.6",
    ),
    "orders": KindText(
        N_("The account’s orders"),
        N_("Which orders does my account have?"),
        N_("Their addresses."),
        N_("A signed, empty request reads the list, so the CA shows it only to the holder of the key."),
        section="7.1.2.1",
    ),
    "newOrder": KindText(
        N_("The order"),
        N_("I would like a certificate for these names."),
        N_(
            "For each name an address that says how to prove control of it, and one address for the certificate request that "
            "comes later."
        ),
        N_(
            "It is this account that orders, and no other: the signature covers the names, the nonce and the address. No key "
            "for the certificate is needed yet."
        ),
        section="7.4",
    ),
    "authorization": KindText(
        N_("What the CA wants to see"),
        N_("How can I prove control of this name?"),
        N_("The kinds of proof to choose from, each with a random token."),
        N_(
            "What you publish is made from the token and the fingerprint of the account’s public key, so it is of no use to "
            "another account. It is no secret."
        ),
        section="7.5",
    ),
    "authorizationState": KindText(
        N_("What the CA has seen"),
        N_("How did the proof of this name go?"),
        N_("Whether control of the name is proven, and if not, what the CA found instead."),
        N_("The CA looked for itself, from outside. Nothing that this page says could replace that."),
        section="7.5.1",
    ),
    "challenge": KindText(
        N_("“It is published”"),
        N_("The proof is in place: please look."),
        N_("That the CA will look, or is looking already."),
        N_("The message is empty. The proof is in the DNS or on the web server, and the CA fetches it from there."),
        section="7.5.1",
    ),
    "order": KindText(
        N_("The order, asked again"),
        N_("How far is it?"),
        N_("“pending” while a proof is missing, “ready” when control of all names is proven."),
        N_("Only from the order does the page learn that all proofs are accepted."),
        section="7.1.6",
    ),
    "finalize": KindText(
        N_("The certificate request"),
        N_("Please certify these names and this public key. The request (CSR) is in the payload."),
        N_("That the CA is making the certificate, or has made it."),
        N_(
            "Two keys sign here. The certificate’s own key signs the request inside, which shows that the sender holds it; "
            "the account’s key signs the message around it. Both private keys stay in the browser: a CSR contains only the "
            "public one."
        ),
        section="7.4",
    ),
    "orderDone": KindText(
        N_("The order, until it is done"),
        N_("Is the certificate made?"),
        N_("“processing” while the CA works, “valid” with the certificate’s address when it is there."),
        N_("Waiting needs nothing of the certificate’s key. The page only asks again."),
        section="7.1.6",
    ),
    "certificate": KindText(
        N_("The certificate"),
        N_("Please give me the certificate."),
        N_("The certificate, followed by those of its issuers, as text."),
        N_(
            "A certificate is public. It binds the names to the public key, and is of use only with the private key, which "
            "was never sent anywhere."
        ),
        section="7.4.2",
    ),
    "renewalInfo": KindText(
        N_("When to renew"),
        N_("When should this certificate be renewed?"),
        N_("A period in which the CA would like that to happen."),
        N_("It is not signed: anyone may ask this about any certificate."),
        rfc=9773,
        section="4.1",
    ),
    "revokeCert": KindText(
        N_("The revocation"),
        N_("This certificate shall no longer be valid."),
        N_("An empty answer: it is revoked."),
        N_(
            "The account that ordered the certificate signs this, or the certificate’s own key does. The CA checks the "
            "signature; the private key is not in it."
        ),
        section="7.6",
    ),
    "keyChange": KindText(
        N_("A new key for the account"),
        N_("From now on this is the key of my account."),
        N_("That it is. The CA no longer accepts the old key."),
        N_(
            "Two signatures: the new key signs inside, the old one around it. So nobody can put someone else’s key on an "
            "account, or take over an account that is not theirs. Both private keys stay where they are."
        ),
        section="7.3.5",
    ),
    "records": KindText(
        N_("Publishing for the practice CA"),
        N_("Put this proof into the test DNS or onto the test web server."),
        N_("That it is there."),
        N_(
            "Only the practice CA has this. For a real name you do it yourself, where your domain is managed. What is "
            "published is no secret."
        ),
    ),
    "dnsRead": KindText(
        N_("What stands at the DNS service"),
        N_("Which zones do I have, or which records stand in this one?"),
        N_("The zones, or the records."),
        N_("Your token goes with it, and to this service only. Here and in files “(token)” stands in its place."),
    ),
    "dnsWrite": KindText(
        N_("Records for the DNS service"),
        N_("Put these TXT records in place of those at the same names; take away those that have none."),
        N_("The records as they are now."),
        N_(
            "Your token goes with it, and to this service only. Here and in files “(token)” stands in its place. What is "
            "published is no secret, and no key is in it."
        ),
    ),
    "dnsQuestion": KindText(
        N_("A DNS question"),
        N_("Which records are at this name?"),
        N_("The records, or that there are none."),
        N_(
            "It was asked because you allowed it. The resolver learns the name, your internet address and which page asks. No "
            "key, no account, no signature and no cookie is in it."
        ),
        rfc=8484,
        section="4.1",
    ),
    "dnsPurge": KindText(
        N_("A DNS answer to forget"),
        N_("Forget what you remember of this name, and look again when you are asked next."),
        N_("The browser hides it. The next answer shows whether it helped."),
        N_("The resolver learns nothing new: it was asked for this name before."),
    ),
    "probe": KindText(
        N_("Does anything answer there?"),
        N_(
            "Nothing. The request before this one got no answer that could be read, and browsers do not say why. This one is "
            "empty and only finds out whether anything answers."
        ),
        N_("If something answers, the browser hides what: then only the CA’s CORS headers are missing."),
        N_("There is nothing in it: no name, no key, no account."),
    ),
    "held": KindText(
        N_("Blocked by this page"),
        N_("Nothing: this request was not sent. The gate that all requests pass did not let it through."),
        N_("Nothing."),
        N_("What was in it is not kept here, because it may contain a secret."),
    ),
    "other": KindText(
        N_("Another request"),
        N_("A request of a kind that is not known here. What was sent is shown below."),
        N_("What came back is shown below."),
        N_("If it is signed, the signature shows who asked; a private key is never in it."),
    ),
}
"""In the order in which RFC 8555 describes them."""
