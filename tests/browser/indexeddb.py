"""Looks into the page's IndexedDB past the page: what is really there."""

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


def stored(page: Page, store: str) -> dict[str, Any]:
    """What stands in the object store "keys" (name → extractable) or "records" (key → JSON text)."""
    return dict(page.evaluate(_LOOK, store))
