"""What each kind of request means, for a person who sees ACME for the first time: in the ledger, and in the tour through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.acme.resource_kind import ResourceKind

RequestKind = ResourceKind | Literal["list", "records", "probe", "held"]
"""Beside the CA’s resources: this page’s own list, the practice CA’s record server, a blind request, one that was held back."""


@dataclass(frozen=True)
class Words:
    """One kind of request: what the page `says`, what the CA `answers`, and what that `proves`, of the keys above all.

    It is written in `section` of `rfc`; "" for nowhere.
    """

    title: str
    says: str
    answers: str
    proves: str
    rfc: int = 8555
    section: str = ""

    @property
    def source(self) -> str:
        """Where it is written, for a person; "" for nowhere."""
        return f"RFC {self.rfc}, section {self.section}" if self.section else ""

    @property
    def link(self) -> str:
        """That as an address; "" for nowhere."""
        return f"https://www.rfc-editor.org/rfc/rfc{self.rfc}#section-{self.section}" if self.section else ""


WORDS: Final[Mapping[RequestKind, Words]] = {
    "list": Words(
        "This page’s list of CAs",
        "The page reads its own list of CAs, from the place that it came from itself.",
        "The list, as whoever hosts this page has it.",
        "Nothing of you is in this request.",
    ),
    "directory": Words(
        "The directory",
        "Where do you keep what? This address of the CA is the only one that the page has to know beforehand.",
        "The addresses of everything else, and where the CA’s terms can be read.",
        "Nothing is signed yet. No name, no key and no account is in this request.",
        section="7.1.1",
    ),
    "newNonce": Words(
        "A nonce",
        "Give me a number that counts once.",
        "The number, in a header. Later every answer brings the next one.",
        "Each signed request uses up one such number, so nobody can copy a request and send it again.",
        section="7.2",
    ),
    "newAccount": Words(
        "The account",
        "Here is my public key, and I agree to your terms: please make an account for it. A known key gets its account back.",
        "The account’s address. From now on requests name this address in place of the key.",
        "The signature shows that whoever asks holds the private key. To check it the CA needs the public key only, and that "
        "is all it gets.",
        section="7.3",
    ),
    "findAccount": Words(
        "The account of a key",
        "Which account does this public key belong to? Do not make a new one.",
        "The account’s address, or that there is none.",
        "Only who holds the private key can sign this, so nobody else can look up your account.",
        section="7.3.1",
    ),
    "account": Words(
        "The account, read back",
        "How does my account stand?",
        "Its state and its contact, as the CA has them.",
        "It is read with a signed, empty request, so the CA shows it to nobody but the holder of its key.",
        section="7.1.2",
    ),
    "updateAccount": Words(
        "A change to the account",
        "Change this in my account.",
        "The account as it is now.",
        "The signature by the account’s key is all that the CA goes by: no password, no e-mail.",
        section="7.3.2",
    ),
    "closeAccount": Words(
        "The end of the account",
        "Close my account for good.",
        "The account, closed. Its key counts for nothing from now on.",
        "Only the holder of the account’s key can say this.",
        section="7.3.6",
    ),
    "orders": Words(
        "The account’s orders",
        "Which orders does my account have?",
        "Their addresses.",
        "It is read with a signed, empty request: the list is shown to the holder of the key only.",
        section="7.1.2.1",
    ),
    "newOrder": Words(
        "The order",
        "I would like a certificate for these names.",
        "An address for each name, where it is written how to prove control, and one for the certificate request later.",
        "It is this account that asks, and no other: the signature covers the names, the nonce and the address. No "
        "key for the certificate is needed yet.",
        section="7.4",
    ),
    "authorization": Words(
        "What the CA wants to see",
        "How can I prove control of this name?",
        "Some kinds of proof to choose from, each with a random token.",
        "What you publish is made of the token and of the fingerprint of the account’s public key, so it helps nobody with "
        "another account. It is no secret.",
        section="7.5",
    ),
    "authorizationState": Words(
        "What the CA has seen",
        "How did the proof of this name go?",
        "Whether the name counts as proven, and if not, what the CA found in its place.",
        "The CA looked by itself, from outside. Nothing that this page says could replace that.",
        section="7.5.1",
    ),
    "challenge": Words(
        "“It is published”",
        "The proof is in its place: please look.",
        "That the CA will look, or is looking already.",
        "The message is empty. The proof stands in the DNS or on the web server, and the CA fetches it from there.",
        section="7.5.1",
    ),
    "order": Words(
        "The order, asked again",
        "How far is it?",
        "“pending” while a proof is missing, “ready” when all names are proven.",
        "The page learns from the order alone that all proofs count.",
        section="7.1.6",
    ),
    "finalize": Words(
        "The certificate request",
        "These names, and this public key: please certify them. The request (CSR) stands in the payload.",
        "That the CA is making the certificate, or has made it.",
        "Two keys sign here. The certificate’s own key signs the request within, which shows that whoever asks holds it; the "
        "account’s key signs the message around it. Both private keys stay in the browser: a CSR holds the public one only.",
        section="7.4",
    ),
    "orderDone": Words(
        "The order, until it is done",
        "Is the certificate made?",
        "“processing” while the CA works, “valid” with the certificate’s address when it is there.",
        "Waiting takes no key. The page only asks again.",
        section="7.1.6",
    ),
    "certificate": Words(
        "The certificate",
        "Please give me the certificate.",
        "The certificate, and behind it those of its issuers, as text.",
        "A certificate is public. It binds the names to the public key, and is of use only with the private key, which never "
        "went anywhere.",
        section="7.4.2",
    ),
    "renewalInfo": Words(
        "When to renew",
        "When should this certificate be renewed?",
        "A span of time in which the CA would like that.",
        "It is not signed: anybody may ask this of any certificate.",
        rfc=9773,
        section="4.1",
    ),
    "revokeCert": Words(
        "The revocation",
        "This certificate shall not count any more.",
        "An empty answer: it is revoked.",
        "The account that ordered it signs this, or the certificate’s own key. The CA checks the signature; the private key "
        "is not in it.",
        section="7.6",
    ),
    "keyChange": Words(
        "A new key for the account",
        "From now on this key counts for my account.",
        "That it does. The old key counts for nothing.",
        "Two signatures: the new key signs within, the old one around it. So nobody can put a foreign key on an account, or "
        "take one that is not theirs. Both private keys stay where they are.",
        section="7.3.5",
    ),
    "records": Words(
        "Publishing in the practice world",
        "Put this proof into the test DNS or onto the test web server.",
        "That it is there.",
        "Only the practice CA has this. For a real name you do it yourself, where your domain is managed. What is published "
        "is no secret.",
    ),
    "probe": Words(
        "Does anything answer there?",
        "Nothing. The request before this one got no answer that could be read, and browsers do not say why. This one is "
        "empty and only finds out whether anything answers.",
        "If something answers, the browser hides what: then only the CA’s CORS headers are missing.",
        "There is nothing in it: no name, no key, no account.",
    ),
    "held": Words(
        "Held back by this page",
        "Nothing: this request was not sent. The gate that all requests pass did not let it through.",
        "Nothing.",
        "What was in it is not kept here, since it may hold a secret.",
    ),
    "other": Words(
        "Another request",
        "Something that this list has no words for. What was sent stands below.",
        "What came back stands below.",
        "Where there is a signature, it shows who asked; a private key is never in it.",
    ),
}
"""In the order in which RFC 8555 tells it."""
