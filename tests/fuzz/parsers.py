"""Every parser of untrusted input: its samples, how they are corrupted, and which results are allowed.

A parser gives something back, or raises the errors that its docstring promises. Any other exception is a fault of ours.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from app.accounts.stored_account import StoredAccount, read_account
from app.acme.account import Account, order_urls
from app.acme.authorization import Authorization
from app.acme.challenge import ChallengeContext, Progress, publication
from app.acme.directory import Directory
from app.acme.identifier import Identifier
from app.acme.order import Order
from app.acme.problem import ProblemError, parse_problem
from app.acme.renewal_info import read_window
from app.acme.response import MAX_WAIT, AcmeResponse, parse_retry_after
from app.acme.urls import check_same_origin, safe_link
from app.backup.browser_content import BrowserContent
from app.backup.content import Backup
from app.backup.file_format import open_file
from app.backup.restore_plan import plan_restore
from app.ca.catalog import find_ca, parse_catalog
from app.dns.checks.caa_policy import CaaPolicy, judge
from app.dns.checks.persist import persist_match
from app.dns.lookup.messages import MAX_RECORDS, MAX_SECONDS, UnreadableAnswerError, read_answer
from app.dns.lookup.question import Caa, Question
from app.dns.lookup.sent_question import CODES, question_in
from app.dns.lookup.shown_answer import rcode_in, text_of
from app.dns.providers import parse_providers
from app.dns.resolvers import parse_resolvers
from app.dns.services.catalog import parse_services
from app.encoding.base64url import b64url, b64url_decode
from app.encoding.decodings import TooDeepError
from app.encoding.strict_json import read_json
from app.errors import BackupError, CertificateError, InputError, PassphraseError, ProtocolError, RecordFaultError, StorageError
from app.install.targets import parse_targets
from app.issuance.authorizations import ordered_names
from app.issuance.issuance import Issuance
from app.issuance.record import read_issuance
from app.issuance.record_checks import check_restored, read_checked
from app.network.request_log import Entry, RequestLog
from app.network.secret_scanner import SecretScanner
from app.pki.certificate import check_chain, read_chain, read_validity, renewal_id
from app.pki.certification_request import parse_request, read_request
from app.pki.formats import FORMATS
from app.pki.formats.file import Source
from app.pki.jwk import read_key
from app.pki.pem import to_pem
from app.pki.private_key_detection import looks_like_private_key
from app.pki.public_key import is_pair, read_public_key
from app.pki.viewer.decryption import FileTools
from app.pki.viewer.findings import inspect
from app.pki.viewer.reader import read_certificate_files
from app.ports import Request, Response, Sealing
from app.text.accounts import account_words
from app.text.backup import restoring_question
from app.text.ca import profile_words
from app.text.error_messages import message_for
from app.text.proof_failure import failed_message
from app.text.untrusted import escape_invisible, isolate_bidi, linkify, one_line
from app.ui.form.account import read_contact
from app.ui.form.external_account import read_hmac_key
from app.ui.form.names import read_names
from app.ui.form.order import read_persist_until
from app.ui.form.profiles import _usable
from app.ui.page import order_facts
from app.ui.panels.viewer import viewer_model
from app.ui.steps.certificate import certificate_view
from app.ui.steps.certificate_files import readme_of
from app.ui.steps.progress import prove_progress
from app.ui.steps.prove import prove_view
from app.ui.views import STEP_OF
from tests.adapters import InstalledPackages, NativeCipher, NativeVerifier
from tests.fuzz import samples
from tests.fuzz.mutate import Mutate, of_bytes, of_der, of_dns, of_json, of_pem
from tests.unit.chains import NOW
from tests.unit.keys import native_key
from tests.unit.records import CA
from tests.unit.scripted_ca import NoonClock
from tests.unit.visit import Visit

T = TypeVar("T")

HOME: Final = "https://ca.example/new-order"
SEEN: Final = NOW.timestamp()


@dataclass(frozen=True)
class Parser:
    """`read` takes the bytes of a case; `allowed` are the errors that it may raise. `mutate` corrupts `samples`."""

    name: str
    samples: list[bytes]
    mutate: Mutate
    allowed: tuple[type[Exception], ...]
    read: Callable[[bytes], object]


def _finish(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits for something")


def _answer(body: bytes = b"", **headers: str) -> AcmeResponse:
    return AcmeResponse(HOME, Response(200, headers, body), SEEN)


def _header(data: bytes) -> str:
    """A header's value as a browser gives it: one character a byte."""
    return data.decode("latin-1")


def _text(data: bytes) -> str:
    """What stands in a field of a form, or comes out of JSON: half characters, too."""
    return data.decode("utf-8", "surrogateescape")


def _authorization(data: bytes) -> None:
    read = Authorization.parse("u", read_json(data, "authorization"))
    prover = ChallengeContext(native_key().public_jwk, "https://ca.example/account/1", "https://ca.example/hash/", 5)
    for challenge in read.challenges:
        publication(challenge, read.identifier, prover, wildcard=True)
    with suppress(ProtocolError):
        ordered_names(read.identifier.canonical, [Identifier("dns", "a.example")])


def _problem(data: bytes) -> None:
    error = ProblemError(parse_problem(AcmeResponse(HOME, Response(400, {}, data), SEEN)))
    message = message_for(error, CA)
    json.dumps(error.problem.to_json()).encode("utf-8")
    assert len(message.title) < 4000
    assert sum(len(piece.text) for piece in message.linkify) < 200_000


def _directory(data: bytes) -> None:
    directory = Directory.parse(data)
    safe_link(directory.terms_of_service)
    for profile in _usable(directory.profiles).items():
        profile_words(*profile)


class _OneAnswer:
    """`Http` that always gives the same."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def send(self, _: Request) -> Response:
        """See `app.ports.Http.send`."""
        return Response(200, {}, self._body)


def _window(data: bytes) -> None:
    directory = Directory("n", "a", "o", None, external_account_required=False, profiles={}, renewal_info=f"{HOME}/i")
    window = _finish(read_window(_OneAnswer(data), NoonClock(), CA, directory, "x"))
    assert window.start < window.end


def _chain(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    validity = read_validity(text)
    assert read_chain(text).certificate.validity == validity
    renewal_id(text)
    check_chain(text, [Identifier("dns", name) for name in samples.NAMES], native_key().public_spki, NOW)


def _show(issuance: Issuance) -> None:
    """All that the page makes of a record."""
    shown = prove_view(issuance, practice=False)
    if STEP_OF[issuance.state] == "prove":
        for working in (True, False):
            prove_progress(issuance, CA, len(shown.cards), working=working)
    order_facts(issuance, CA)
    failed_message(issuance, CA)
    if issuance.state == "issued":
        certificate_view(issuance, CA)
        readme_of(issuance)
        _make_files(issuance.certificate_pem)


def _make_files(pem: str) -> None:
    """All files that need no key."""
    source = Source(read_chain(pem), None, "certificate", _OpenCipher(), InstalledPackages())
    for format_ in FORMATS:
        _finish(format_.file(source))


def _certificate_file(data: bytes) -> None:
    """Whatever is in it, something can be said of it. The password is right, so that what is within is read, too."""

    async def look() -> None:
        contents = await read_certificate_files([data], "word", FileTools(NativeCipher(), InstalledPackages(), lambda _: None))
        viewer_model(await inspect(contents, NativeVerifier(), NOW))

    work = look()
    with suppress(StopIteration):
        while True:
            work.send(None)  # it waits only to let others have a turn


def _saved(data: bytes) -> Any:
    """A record as the store gives it: it reads what it wrote itself, so only JSON is tried."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StorageError("no JSON") from error


def _record(data: bytes) -> None:
    value = _saved(data)
    if isinstance(value, dict):
        _show(read_issuance(value))
        with suppress(StorageError, RecordFaultError, ValueError, ProtocolError):
            check_restored(read_checked(value), SEEN)


def _account(data: bytes) -> None:
    value = _saved(data)
    if isinstance(value, dict):
        account_words(StoredAccount.from_json(value))
        with suppress(StorageError):
            account_words(read_account(value))


class _OpenCipher:
    """`Cipher` without a cipher: what is sealed stands there in the open."""

    def random(self, count: int) -> bytes:
        """See `app.ports.Cipher.random`."""
        return bytes(count)

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.seal`."""
        raise NotImplementedError

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.open`."""
        assert sealed
        assert passphrase
        if len(sealing.salt) != 16 or len(sealing.iv) != 12 or not 600_000 <= sealing.rounds <= 10_000_000:
            raise AssertionError("the header was not checked")
        raise PassphraseError

    async def pbkdf2_sha256(self, password: bytes, salt: bytes, rounds: int, count: int) -> bytes:
        """See `app.ports.Cipher.pbkdf2_sha256`."""
        raise NotImplementedError

    async def encrypt_cbc(self, plain: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.encrypt_cbc`."""
        raise NotImplementedError

    async def decrypt_cbc(self, encrypted: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.decrypt_cbc`."""
        raise NotImplementedError


def _backup_file(data: bytes) -> None:
    with suppress(BackupError):
        _finish(open_file(_OpenCipher(), data, "word"))
    _finish(open_file(_OpenCipher(), data + hashlib.sha256(data).digest(), "word"))  # what the checksum cannot tell


def _backup_content(data: bytes) -> None:
    value = _saved(data)
    if isinstance(value, dict):
        backup = Backup.from_json(value)
        for issuance in backup.issuances:
            _show(issuance)
        workflow = Visit().workflow
        restoring_question(workflow, plan_restore(workflow, backup, BrowserContent()))


def _public_key(data: bytes) -> None:
    is_pair(data, samples.KEYS_DER[0])
    is_pair(samples.PUBLIC_KEYS[0], data)
    spec, jwk = read_public_key(data)
    assert spec.startswith("ec-" if jwk["kty"] == "EC" else "rsa-")


def _foreign(data: bytes) -> None:
    text = _text(data)
    for shown in (
        escape_invisible(text),
        one_line(text),
        isolate_bidi(text).strip("\u2068\u2069"),
        *(piece.text for piece in linkify(text)),
    ):
        assert not any(character in shown for character in "\u202e\u2066\u200b\x00\x1b\ud800\ufeff")
    for link in (piece.text for piece in linkify(text) if piece.link):
        assert link.isascii()
        assert link == safe_link(link)


class _Echo:
    """Answers with `body`."""

    def __init__(self, body: bytes) -> None:
        self.response = Response(200, {"x-echo": _header(body[:200])}, body)

    async def send(self, _: Request) -> Response:
        """See `app.ports.Http.send`."""
        return self.response


def _kept(data: bytes) -> None:
    """No private key is in what the ledger keeps."""
    request_log = RequestLog(_Echo(data), NoonClock())
    _finish(request_log.send(Request("GET", HOME)))
    (entry,) = request_log.entries
    assert isinstance(entry, Entry)
    assert entry.response
    assert not SecretScanner().found_in(entry.response.body, 2)
    assert entry.redacted or entry.response.body == data[: len(entry.response.body)]


def _own(data: bytes) -> None:
    text = _text(data)
    check_same_origin(text, HOME)
    assert text.isascii()


def _location(data: bytes) -> None:
    check_same_origin(_answer(location=_header(data)).location, HOME)


def _wait(data: bytes) -> None:
    seconds = parse_retry_after(_header(data), SEEN)
    assert seconds is None or 0 <= seconds <= MAX_WAIT


def _nonce(data: bytes) -> object:
    return AcmeResponse(HOME, Response(200, {"replay-nonce": _header(data)}, b""), SEEN).nonce


def _logged_dns(data: bytes) -> None:
    """What the request log makes of an answer, and the gate of a question."""
    assert isinstance(rcode_in(data), str)
    assert isinstance(text_of(data), str)
    sent = question_in(f"https://dns.example/?dns={b64url(data)}")
    assert sent is None or sum(map(len, sent.labels)) < 255


def _dns_answer(data: bytes) -> None:
    """What a resolver sends, whatever it was asked: the type is where it stands in the samples."""
    type_at = 12 + len(samples.DNS_NAME) + 1
    question = Question(samples.DNS_NAME[:-1], CODES.get(int.from_bytes(data[type_at : type_at + 2]), "TXT"))
    answer = read_answer(question, data)
    names = (question.name, answer.zone, *answer.aliases)
    assert all(name.isascii() and name.isprintable() and not name.endswith("..") for name in names)
    assert f".{answer.aliases[-1] if answer.aliases else question.name}".endswith(f".{answer.zone}" if answer.zone else "")
    assert len(answer.records) <= MAX_RECORDS
    assert all(seconds is None or 0 <= seconds <= MAX_SECONDS for seconds in (answer.ttl, answer.forgotten_in))
    repr(answer).encode("utf-8", "surrogatepass")
    "".join((*answer.texts, *(error.text for error in answer.extended))).encode()


_WEB: Final = (ProtocolError,)


def _issue_value(data: bytes) -> None:
    """What anybody may publish in CAA records and in those of dns-persist-01."""
    text = _text(data)
    policy = CaaPolicy(("ca.example",), "https://ca.example/acct/1", ("dns-01",))
    judgement = judge([Caa(0, "issue", text), Caa(128, "issuewild", text)], policy, wildcard=len(data) % 2 == 0)
    assert judgement.verdict in ("allowed", "forbidden", "other-account", "other-method")
    persist_match(text, [text], SEEN)


_TYPED: Final = (InputError,)

PARSERS: Final = (
    Parser("directory", samples.DIRECTORIES, of_json, _WEB, _directory),
    Parser("account", samples.ACCOUNTS, of_json, _WEB, lambda data: Account.parse("u", _answer(data))),
    Parser("order", samples.ORDERS, of_json, _WEB, lambda data: Order.parse("u", _answer(data))),
    Parser("orders list", samples.ORDERS, of_json, _WEB, lambda data: order_urls(_answer(data))),
    Parser("authorization and challenges", samples.AUTHORIZATIONS, of_json, _WEB, _authorization),
    Parser(
        "answer to a challenge", samples.CHALLENGES, of_json, _WEB, lambda data: Progress.parse(read_json(data, "challenge"))
    ),
    Parser("problem document", samples.PROBLEMS, of_json, _WEB, _problem),
    Parser("renewal information", samples.WINDOWS, of_json, _WEB, _window),
    Parser("any JSON", samples.PROBLEMS + samples.ORDERS, of_bytes, _WEB, lambda data: read_json(data, "answer")),
    Parser("list of CAs", samples.CA_LISTS, of_json, _WEB, lambda data: parse_catalog(data.decode("utf-8", "replace"))),
    Parser(
        "list of DNS providers",
        samples.PROVIDER_LISTS,
        of_json,
        _WEB,
        lambda data: parse_providers(data.decode("utf-8", "replace")),
    ),
    Parser(
        "list of targets",
        samples.TARGET_LISTS,
        of_json,
        _WEB,
        lambda data: parse_targets(data.decode("utf-8", "replace")),
    ),
    Parser(
        "list of resolvers",
        samples.RESOLVER_LISTS,
        of_json,
        _WEB,
        lambda data: parse_resolvers(data.decode("utf-8", "replace")),
    ),
    Parser(
        "list of DNS services",
        samples.SERVICE_LISTS,
        of_json,
        _WEB,
        lambda data: parse_services(data.decode("utf-8", "replace")),
    ),
    Parser("answer of a resolver", samples.DNS_ANSWERS, of_dns, (UnreadableAnswerError,), _dns_answer),
    Parser("DNS message in the log", samples.DNS_ANSWERS, of_dns, (), _logged_dns),
    Parser("saved order", samples.RECORDS, of_json, (StorageError, CertificateError), _record),
    Parser("saved account", samples.SAVED_ACCOUNTS, of_json, (StorageError,), _account),
    Parser("base64url", samples.BASE64, of_bytes, _WEB, lambda data: b64url_decode(_text(data))),
    Parser("PEM chain", samples.CHAINS, of_pem, (CertificateError,), _chain),
    Parser(
        "DER certificate",
        samples.CERTIFICATES,
        of_der,
        (CertificateError,),
        lambda data: _chain(to_pem("CERTIFICATE", data).encode()),
    ),
    Parser("request, PEM", samples.REQUESTS_PEM, of_pem, _TYPED, lambda data: read_request(_text(data))),
    Parser("request, DER", samples.REQUESTS_DER, of_der, _TYPED, parse_request),
    Parser("private key, PEM", samples.KEYS_PEM, of_pem, _TYPED, lambda data: read_key(_text(data))),
    Parser("private key, JWK", samples.KEYS_JWK, of_json, _TYPED, lambda data: read_key(_text(data))),
    Parser("Link header", samples.LINKS, of_bytes, _WEB, lambda data: _answer(link=_header(data)).links("next")),
    Parser("Retry-After", samples.WAITS, of_bytes, (), _wait),
    Parser("Location", samples.LOCATIONS, of_bytes, _WEB, _location),
    Parser(
        "Replay-Nonce",
        samples.NONCES,
        of_bytes,
        (),
        _nonce,
    ),
    Parser("names box", samples.NAME_BOXES, of_bytes, (), lambda data: read_names(_text(data), "dns-01")),
    Parser("value of a CAA record", samples.ISSUE_VALUES, of_bytes, (), _issue_value),
    Parser("directory URL", samples.URLS, of_bytes, _TYPED, lambda data: find_ca((CA,), "custom", _text(data))),
    Parser("address of a CA", samples.URLS + samples.LOCATIONS, of_bytes, _WEB, _own),
    Parser("EAB key", samples.HMAC_KEYS, of_bytes, _TYPED, lambda data: read_hmac_key(_text(data))),
    Parser("contact", samples.CONTACTS, of_bytes, _TYPED, lambda data: read_contact(_text(data))),
    Parser("persistUntil", samples.DAYS, of_bytes, _TYPED, lambda data: read_persist_until(_text(data), SEEN)),
    Parser("backup file", samples.BACKUP_FILES, of_bytes, (BackupError,), _backup_file),
    Parser("backup content", samples.BACKUP_CONTENTS, of_json, (BackupError, StorageError, CertificateError), _backup_content),
    Parser(
        "search for private keys",
        samples.KEYS_PEM + samples.KEYS_JWK + samples.CHAINS,
        of_bytes,
        (TooDeepError,),
        lambda data: (looks_like_private_key(_text(data)), SecretScanner().found_in(data)),
    ),
    Parser("what the ledger keeps", samples.KEYS_PEM + samples.KEYS_JWK + samples.PROBLEMS, of_bytes, (), _kept),
    Parser("certificate file", samples.CERTIFICATE_FILES, of_der, (InputError,), _certificate_file),
    Parser("certificate file, text", samples.CERTIFICATE_TEXTS, of_pem, (InputError,), _certificate_file),
    Parser("public key", samples.PUBLIC_KEYS, of_der, (ValueError,), _public_key),
    Parser("a stranger’s text", samples.TEXTS, of_bytes, (), _foreign),
)
