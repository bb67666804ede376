"""The files of the certificate in step 3. Each is made when it is wanted; the key is taken out only for those that hold it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.issuance.issuance import Issuance
from app.pki.certificate import read_chain
from app.pki.formats import format_named, pem_files
from app.pki.formats.file import File, Source
from app.pki.formats.password import check_password
from app.pki.formats.zip_archive import ZIP, zip_files
from app.ports import Ports
from app.text.certificate import all_names, day, extra_names, moment
from app.text.readme import readme
from app.text.untrusted import one_line
from app.ui.steps.certificate import first_name, key_place, ordered_names, renewal_day


async def certificate_file(ports: Ports, issuance: Issuance, id_: str, password: str = "") -> File:
    """The file in the format `id_`, or all files for `ZIP`; `password` is for a format that is locked.

    Raises `FieldError` for a password that cannot be used, `StorageError` where the key cannot be read, and `PackageError`.
    """
    if id_ == ZIP:
        return await certificate_zip(ports, issuance)
    (file,) = await files_in(ports, issuance, [id_], password)
    return file


async def files_in(ports: Ports, issuance: Issuance, ids: Sequence[str], password: str = "") -> tuple[File, ...]:
    """The files in the formats `ids`, without those that need a key that is not here, or one of another kind.

    Raises as `certificate_file`.
    """
    wanted = [format_named(id_) for id_ in ids]
    taken = check_password(password) if any(format_.locked for format_ in wanted) else ""
    source = await _source(ports, issuance, taken, with_key=any(format_.private for format_ in wanted))
    files = [await format_.file(source) for format_ in wanted]
    return tuple(file for file in files if file)


async def certificate_zip(ports: Ports, issuance: Issuance, beside: Sequence[File] = ()) -> File:
    """A zip of the files that certbot writes and a README, and of the files `beside` these. Raises `StorageError`."""
    source = await _source(ports, issuance, with_key=True)
    at = datetime.fromtimestamp(ports.clock.now(), UTC)
    made = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    return zip_files(f"{source.stem}.zip", (*await pem_files(source), *beside), readme_of(issuance), made)


async def _source(ports: Ports, issuance: Issuance, password: str = "", *, with_key: bool) -> Source:
    here = with_key and key_place(issuance) == "here"
    pkcs8 = await ports.keys.export_pkcs8(issuance.certificate_key) if here else None
    chain = read_chain(issuance.certificate_pem)
    ordered, _ = ordered_names(chain.certificate, issuance)
    return Source(chain, pkcs8, first_name(ordered), ports.cipher, ports.packages, password)


def readme_of(issuance: Issuance) -> str:
    """The README that comes with the files of `issuance`. Raises `CertificateError` where the saved chain is damaged."""
    certificate = read_chain(issuance.certificate_pem).certificate
    ordered, extra = ordered_names(certificate, issuance)
    return readme(
        names=all_names(ordered, extra),
        issuer=one_line(certificate.issuer),
        valid_from=moment(certificate.not_before),
        valid_until=moment(certificate.not_after),
        renew_on=day(renewal_day(issuance.window, certificate)),
        warning=extra_names(extra),
        key=key_place(issuance),
        keeps_records=issuance.choices.kinds == ("dns-persist-01",),
    )
