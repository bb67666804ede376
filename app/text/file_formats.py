"""Step 3 in words: the files in other forms than PEM."""

from app.text.catalog import _


def download_pfx(filename: str) -> str:
    """The button for a PFX file; which of the two stands above it."""
    return _("Download {file}", file=filename)


def keytool_command(pfx: str) -> str:
    """What makes a Java keystore of the PFX file with this name. It is typed as it stands, in every language."""
    jks = pfx.removesuffix("pfx") + "jks"
    return f"keytool -importkeystore -srckeystore {pfx} -srcstoretype PKCS12 -destkeystore {jks} -deststoretype JKS"
