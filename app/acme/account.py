"""Accounts (RFC 8555 §7.1.2, §7.3)."""

from app.acme.client import Client


async def register(client: Client, *, terms_agreed: bool) -> str:
    """Make the account of the client's key, or find the one that exists; give its URL to the client and back.

    A person must have agreed to the terms: this function only passes their word on. Asking again with a known key is
    harmless: the CA answers 200 with the same URL and ignores the fields (§7.3.1), and a CA that forgot the account (a
    practice CA that was started anew) gets it again. Raises what `Client.post` raises.
    """
    client.account_url = None
    answer = await client.post(client.directory.new_account, {"termsOfServiceAgreed": terms_agreed})
    client.account_url = answer.location
    return answer.location
