"""The directory: where a CA keeps its resources (RFC 8555 §7.1.1)."""

from dataclasses import dataclass

from app.encoding.strict_json import read_json


@dataclass(frozen=True)
class Directory:
    """A CA's addresses and what it says of itself. All are absolute URLs as the CA wrote them.

    `profiles` maps a profile's name to its description (draft-ietf-acme-profiles §3). `revoke_cert` (RFC 8555 §7.6),
    `key_change` (§7.3.5) and `renewal_info` (RFC 9773 §4.1) are None at CAs that have no such thing. `account_hash_prefix`
    is for dns-persist-01 (draft-ietf-acme-dns-persist-02 §3.1), "" where the CA has none.
    """

    new_nonce: str
    new_account: str
    new_order: str
    terms_of_service: str | None
    external_account_required: bool
    profiles: dict[str, str]
    revoke_cert: str | None = None
    renewal_info: str | None = None
    account_hash_prefix: str = ""
    key_change: str | None = None

    @classmethod
    def parse(cls, body: bytes) -> "Directory":
        """Read a directory from JSON. Raises `ProtocolError` where a member that every order needs is missing.

        Any other member that is odd counts as absent.
        """
        fields = read_json(body, "directory")
        members = fields.optional
        meta = members.child("meta").optional
        return cls(
            new_nonce=fields.text("newNonce"),
            new_account=fields.text("newAccount"),
            new_order=fields.text("newOrder"),
            terms_of_service=meta.text("termsOfService") or None,
            external_account_required=meta.flag("externalAccountRequired"),
            profiles=meta.described("profiles"),
            revoke_cert=members.text("revokeCert") or None,
            renewal_info=members.text("renewalInfo") or None,
            key_change=members.text("keyChange") or None,
            account_hash_prefix=meta.text("accountHashPrefix"),
        )
