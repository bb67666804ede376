"""The files of the certificate in step 3. Each is made when it is wanted; the key is taken out only for those that hold it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from app.install.guide import Guide
from app.install.targets import Target
from app.issuance.issuance import Issuance
from app.issuance.renewal import when_to_renew
from app.pki.certificate import read_chain
from app.pki.formats import format_named, pem_files
from app.pki.formats.file import File, Source, file_stem
from app.pki.formats.password import check_password
from app.pki.formats.pem_files import PEM_FORMATS
from app.pki.formats.zip_archive import ZIP, zip_files
from app.ports import Ports
from app.text.certificate import all_names, day, extra_names, moment
from app.text.install import guide_text
from app.text.readme import readme, target_note
from app.text.untrusted import one_line
from app.ui.form.fields import at_field
from app.ui.steps.certificate import first_name, key_place
from app.ui.steps.install import guide_for, ordered_names

TARGET: Final = "target"
"""Stands for what the target wants, where files are named."""

PASSWORD_FIELD: Final = "pfx-password"  # noqa: S105 – a field’s name
"""The field with the password of all files that have one."""


async def certificate_file(
    ports: Ports, issuance: Issuance, id_: str, password: str = "", target: Target | None = None
) -> File:
    """The file in the format `id_`, or all files for `ZIP`; `password` is for a format that is locked.

    For `TARGET` it is what `target` wants: one file by the name that it wants, or a zip of several with a note. All files are
    with those of the `target`, too, if there is one. Raises `FieldError` for a password that cannot be used, `StorageError`
    where the key cannot be read, and `PackageError`.
    """
    if id_ == ZIP:
        beside = await _beside(ports, issuance, target, password) if target else ()
        return await certificate_zip(ports, issuance, beside, target)
    if id_ == TARGET and target:
        return await _for_target(ports, issuance, target, password)
    (file,) = await files_in(ports, issuance, [id_], password)
    return file


async def files_in(ports: Ports, issuance: Issuance, ids: Sequence[str], password: str = "") -> tuple[File, ...]:
    """The files in the formats `ids`, without those that need a key that is not here, or one of another kind.

    Raises as `certificate_file`.
    """
    wanted = [format_named(id_) for id_ in ids]
    taken = read_file_password(password) if any(format_.locked for format_ in wanted) else ""
    source = await _source(ports, issuance, taken, with_key=any(format_.private for format_ in wanted))
    files = [await format_.file(source) for format_ in wanted]
    return tuple(file for file in files if file)


def read_file_password(password: str) -> str:
    """The password for files as it was typed. Raises `FieldError` for `PASSWORD_FIELD`."""
    with at_field(PASSWORD_FIELD):
        return check_password(password)


async def certificate_zip(ports: Ports, issuance: Issuance, beside: Sequence[File] = (), target: Target | None = None) -> File:
    """A zip of the files that certbot writes and a README, and of the files `beside` these for `target`.

    Raises `StorageError`.
    """
    source = await _source(ports, issuance, with_key=True)
    return zip_files(f"{source.stem}.zip", (*await pem_files(source), *beside), readme_of(issuance, target), _moment(ports))


async def _for_target(ports: Ports, issuance: Issuance, target: Target, password: str) -> File:
    files = await _wanted(ports, issuance, target, password)
    if len(files) == 1:
        return files[0]
    name = f"{file_stem(first_name(_ordered(issuance)))}-{target.id}.zip"
    return zip_files(name, files, note_of(issuance, target), _moment(ports))


async def _beside(ports: Ports, issuance: Issuance, target: Target, password: str) -> tuple[File, ...]:
    """What `target` wants, in a folder of its name; nothing where it wants files of certbot by the names that they have."""
    if _is_usual(_guide(issuance, target)):
        return ()
    return tuple(replace(file, name=f"{target.id}/{file.name}") for file in await _wanted(ports, issuance, target, password))


def _is_usual(guide: Guide) -> bool:
    """Whether the target wants files of certbot by the names that they have."""
    usual = {(format_.id, format_.name) for format_ in PEM_FORMATS}
    return all((file.format, file.name) in usual for file in guide.files)


async def _wanted(ports: Ports, issuance: Issuance, target: Target, password: str) -> tuple[File, ...]:
    """The files that `target` wants, by the names that it wants, without those whose key is not here."""
    names = {file.format: file.name for file in _guide(issuance, target).files}
    spec, has_key = issuance.choices.key_spec, key_place(issuance) == "here"
    here = [id_ for id_ in names if format_named(id_).applies(spec, has_key=has_key)]
    files = await files_in(ports, issuance, here, password)
    return tuple(replace(file, name=names[id_]) for id_, file in zip(here, files, strict=True))


def _guide(issuance: Issuance, target: Target) -> Guide:
    return guide_for(target, issuance, read_chain(issuance.certificate_pem))


def _moment(ports: Ports) -> tuple[int, int, int, int, int, int]:
    at = datetime.fromtimestamp(ports.clock.now(), UTC)
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _ordered(issuance: Issuance) -> tuple[str, ...]:
    return ordered_names(read_chain(issuance.certificate_pem).certificate, issuance)[0]


async def _source(ports: Ports, issuance: Issuance, password: str = "", *, with_key: bool) -> Source:
    here = with_key and key_place(issuance) == "here"
    pkcs8 = await ports.keys.export_pkcs8(issuance.certificate_key) if here else None
    chain = read_chain(issuance.certificate_pem)
    ordered, _ = ordered_names(chain.certificate, issuance)
    return Source(chain, pkcs8, first_name(ordered), ports.cipher, ports.packages, password)


def note_of(issuance: Issuance, target: Target) -> str:
    """The README beside the files of `issuance` for `target` alone. Raises `CertificateError` where the chain is damaged."""
    return target_note(target.name, guide_text(target, _guide(issuance, target)))


def _install_part(issuance: Issuance, target: Target) -> str:
    guide = _guide(issuance, target)
    return target_note(target.name, guide_text(target, guide), "" if _is_usual(guide) else target.id)


def readme_of(issuance: Issuance, target: Target | None = None) -> str:
    """The README that comes with the files of `issuance`, with the steps for `target` if there is one.

    Raises `CertificateError` where the saved chain is damaged.
    """
    certificate = read_chain(issuance.certificate_pem).certificate
    ordered, extra = ordered_names(certificate, issuance)
    return readme(
        names=all_names(ordered, extra),
        issuer=one_line(certificate.issuer),
        valid_from=moment(certificate.not_before),
        valid_until=moment(certificate.not_after),
        renew_on=day(when_to_renew(issuance.window, certificate.validity)),
        warning=extra_names(extra),
        key=key_place(issuance),
        keeps_records=issuance.choices.kinds == ("dns-persist-01",),
        install=_install_part(issuance, target) if target else "",
    )
