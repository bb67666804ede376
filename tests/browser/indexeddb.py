"""Reads the page's IndexedDB directly, without the page."""

from typing import Any

from playwright.sync_api import Page

_LOOK = """
store => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const database = opening.result;
        const objects = database.transaction(store).objectStore(store);
        const [names, values] = [objects.getAllKeys(), objects.getAll()];
        objects.transaction.oncomplete = () => {
            database.close();
            resolve(names.result.map((name, n) => [name, describe(values.result[n])]));
        };
    };
    const describe = value => typeof value === "string" ? value : value.privateKey.extractable;
})
"""


_SPOIL = """
() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = async () => {
        const database = opening.result;
        const rsa = { name: "RSA-PSS", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
        const [pss, ec] = await Promise.all([
            crypto.subtle.generateKey(rsa, true, ["sign", "verify"]),
            crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]),
        ]);
        const secret = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
        const deep = "[".repeat(10000) + "]".repeat(10000);
        const values = [
            null, undefined, 5, true, "text", "null", "[]", "{}", deep, `{"version": 2, "id": ${deep}}`, [1, [2]], { a: 1 },
            new Date(0), new Uint8Array(8), new Map([[1, 2]]), secret, ec.privateKey,
            { spec: "ec-p256" }, { spec: "ec-p256", privateKey: 1, publicKey: "x" }, { spec: 5, privateKey: ec.privateKey },
            { spec: "rsa-2048", ...halves(pss) }, { spec: "ec-p256", ...halves(ec) }, { spec: "ec-p384", ...swapped(ec) },
        ];
        const names = [5, -0.5, Infinity, new Date(0), [], [1, "a"], new Uint8Array(4), "", "not a name 1", "\u202e<b>x"];
        const transaction = database.transaction(["keys", "records"], "readwrite");
        for (const store of ["keys", "records"]) {
            const prefixes = store === "keys" ? ["certificate bad-", "account bad-"] : ["issuance bad-", "account bad-"];
            for (const prefix of prefixes) values.forEach((value, n) => transaction.objectStore(store).put(value, prefix + n));
            for (const name of names) transaction.objectStore(store).put(5, name);
        }
        transaction.oncomplete = () => { database.close(); resolve(values.length); };
        transaction.onabort = () => reject(transaction.error);
    };
    const halves = pair => ({ privateKey: pair.privateKey, publicKey: pair.publicKey });
    const swapped = pair => ({ privateKey: pair.publicKey, publicKey: pair.privateKey });
})
"""

_COUNT = """
store => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const counting = opening.result.transaction(store).objectStore(store).count();
        counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
    };
})
"""

OTHER_NAMES = 10
"""How many entries `corrupt` adds to each object store beside those that look like ours."""


def corrupt(page: Page) -> int:
    """Put garbage of every kind into both object stores, as another page of the address could.

    Gives how many entries there are now of each of "certificate bad-" and "account bad-" keys, and of "issuance bad-" and
    "account bad-" records. Beside them, each store has some whose names Keystay would never give, or that are no strings.
    """
    return int(page.evaluate(_SPOIL))


def count(page: Page, store: str) -> int:
    """How many entries the object store has."""
    return int(page.evaluate(_COUNT, store))


def stored(page: Page, store: str) -> dict[str, Any]:
    """The content of the object store "keys" (name → extractable) or "records" (key → JSON text)."""
    return dict(page.evaluate(_LOOK, store))


_EVERYTHING = """
() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction(["keys", "records"]);
        const found = ["keys", "records"].map(name => transaction.objectStore(name))
            .flatMap(store => [store.getAllKeys(), store.getAll()]);
        transaction.oncomplete = () => { database.close(); resolve(found.map(request => describe(request.result))); };
    };
    const describe = value => {
        if (value instanceof CryptoKey) return { type: value.type, extractable: value.extractable };
        if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
        if (ArrayBuffer.isView(value)) return describe(value.buffer);
        if (Array.isArray(value)) return value.map(describe);
        if (value && typeof value === "object") return Object.entries(value).map(describe);
        return value;
    };
})
"""


def everything(page: Page) -> Any:
    """All that is stored: names and values, bytes as characters of one byte, keys as what they are."""
    return page.evaluate(_EVERYTHING)
