"""Step 2 while the page looks into DNS: the heading, the list on top, and which button comes first."""

from dataclasses import replace

from app.ca.catalog import CertificateAuthority
from app.text import dns_check as text
from app.ui.steps.dns_check_models import DnsCheckModel
from app.ui.steps.prove_models import ProveProgress, Standing


def checked_progress(
    progress: ProveProgress, check: DnsCheckModel, authority: CertificateAuthority, most: int, *, only_records: bool
) -> ProveProgress:
    """`progress` of an order that waits for a person, with what `check` has seen, at most `most` lines of it.

    `only_records` tells that nothing but DNS records is published for it.
    """
    standing = Standing(
        lines=check.lines[:most],
        more=text.more_lines(len(check.lines) - most) if len(check.lines) > most else "",
        seen=(check.there, check.count) if check.was_looked and check.count else None,
        look=check.look,
    )
    progress = replace(progress, standing=standing if check.lines or check.look else None)
    if not check.count:
        return replace(progress, check=text.check_words(0, added=True, there=False) if _has_trouble(check) else "")
    if not check.is_added:
        return _before(progress, check, authority)
    return _after(progress, check, authority, only_records=only_records)


def progress_after_trouble(progress: ProveProgress, check: DnsCheckModel) -> ProveProgress:
    """`progress` after the CA did not find something: this page may look, too, before the CA does again."""
    return replace(progress, check=text.check_words(check.count, added=True, there=check.is_all_there) if check.count else "")


def progress_at_work(progress: ProveProgress, check: DnsCheckModel, authority: CertificateAuthority) -> ProveProgress:
    """`progress` while the CA looks itself: its button is off."""
    return replace(progress, verify=text.get_certificate(authority.name)) if check.count else progress


def _has_trouble(check: DnsCheckModel) -> bool:
    """Whether something is known that a person may correct, so that it makes sense to look again."""
    return check.caa_state == "warn" or any(note.mark == "bad" for note in check.addresses)


def _before(progress: ProveProgress, check: DnsCheckModel, authority: CertificateAuthority) -> ProveProgress:
    return replace(
        progress,
        verify=text.go_on_unchecked(),
        hint="",
        check=text.check_words(check.count, added=False, there=False),
        check_first=True,
        saved=text.saved_title(check.count),
        why=text.why_check(authority.name, authority.failed_validations),
    )


def _after(
    progress: ProveProgress, check: DnsCheckModel, authority: CertificateAuthority, *, only_records: bool
) -> ProveProgress:
    title, ca = _title(check), authority.name
    words = text.check_words(check.count, added=True, there=check.is_all_there)
    if check.is_all_there and only_records:
        verify, hint = text.get_certificate(ca), text.ca_looks_itself(ca)
        return replace(progress, title=title, lead="", verify=verify, hint=hint, check=words, complete=True)
    if check.is_all_there:  # the rest is for a person to see
        return replace(progress, title=title, check=words)
    return replace(
        progress,
        title=title,
        lead="",
        verify=text.go_on_anyway() if check.was_looked else text.go_on_unchecked(),
        hint=text.cost_of_going_on(ca, authority.failed_validations) if check.was_looked else "",
        check=words,
        check_first=True,
    )


def _title(check: DnsCheckModel) -> str:
    if not check.was_looked:
        return text.looking_title(check.count)
    return text.not_checked_title(check.count) if check.unknown == check.count else text.seen_title(check.there, check.count)
