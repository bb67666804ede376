"""Fills a browser with saved orders, as a person has them who used the page for years."""

from typing import Final

from tests.bench.issuance import take
from tests.bench.run import Run

NUMBERS: Final = (1, 500)

# Every copy has an id, a name, a key entry and a certificate of its own, with a signature that nobody checks.
# The handle of the key is the same one, which nobody can tell.
_COPY: Final = """
number => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction([...database.objectStoreNames], "readwrite");
        transaction.onabort = () => reject(transaction.error);
        transaction.oncomplete = () => { database.close(); resolve(); };
        const names = transaction.objectStore("records").getAllKeys();
        names.onsuccess = () => {
            const id = names.result.find(name => name.startsWith("issuance ")).slice("issuance ".length);
            for (const store of database.objectStoreNames) copy(transaction.objectStore(store), id);
        };
    };
    function copy(store, id) {
        const [keys, values] = [store.getAllKeys(), store.getAll()];
        values.onsuccess = () => keys.result.forEach((key, entry) => {
            if (typeof key !== "string" || !key.includes(id)) return;
            for (let n = 1; n < number; n++) {
                const digits = String(n).padStart(4, "0");
                const other = text => text.replaceAll(id, id.slice(0, -4) + digits)
                    .replaceAll(/\\border\\d+\\.example\\b/g, `order${n}.example`)
                    .replace(/.{4}(\\\\n[^\\\\-]+\\\\n-----END CERTIFICATE)/g, `${digits}$1`);
                const value = values.result[entry];
                store.put(typeof value === "string" ? other(value) : value, other(key));
            }
        });
    }
})
"""


def with_orders(run: Run, column: str, site: str, number: int) -> None:
    """Leave nothing but `number` orders with their certificates in the browser of `column` at its page `site`.

    The page is then visited once, until the browser has kept what it compiled.
    """
    take(run, column, site, 1)
    url = run.bench.sites[column][site]
    with run.profiles[column].visit(url) as visit:
        visit.time("ready")
        if number > 1:
            visit.page.evaluate(_COPY, number)
    with run.profiles[column].visit(url) as visit:
        visit.page.evaluate("visit.listed()")
        visit.settle()
