// Sends one request of Python's and reads the answer, for app/browser/ports/fetch.py: nothing else here sends what Python wants
// to send.
//
// It is not Python, because each thing that Python asks of JavaScript or waits for costs as much as ten lines of either, and of
// one request these are two dozen.

const TIMEOUT = 60_000; // milliseconds until an answer that does not come counts as none
const NO_CORS_TIMEOUT = 10_000; // shorter, because any answer comes sooner, and the person has waited once already

const ALWAYS = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
const CORS = { ...ALWAYS, mode: "cors", redirect: "manual" };
const NO_CORS = { ...ALWAYS, mode: "no-cors", redirect: "follow" }; // it takes no other `redirect`

/**
 * Send `body`, a Uint8Array or undefined, and return [type, status, headers, body] of the answer as fetch gives them; the last is
 * undefined where it has more than `limit` bytes. `headers` are an object in JSON. With `noCors`, whatever is there shows only
 * that it answers. Rejects with what fetch rejects with.
 */
globalThis.keystayExchange = async (url, method, headers, body, noCors, limit) => {
    const signal = AbortSignal.timeout(noCors ? NO_CORS_TIMEOUT : TIMEOUT);
    const answer = await fetch(url, { ...(noCors ? NO_CORS : CORS), method, headers: JSON.parse(headers), body, signal });
    return [answer.type, answer.status, Object.fromEntries(answer.headers), await readAtMost(limit, answer.body)];
};

/** Return all bytes of a stream, or undefined where there are more than `limit`; no stream, as to HEAD, has none. */
async function readAtMost(limit, stream) {
    const pieces = [];
    let length = 0;
    const reader = stream?.getReader();
    while (reader) {
        const { value, done } = await reader.read();
        if (done) break;
        pieces.push(value);
        length += value.length;
        if (length > limit) return await reader.cancel(); // an endless one costs no more
    }
    return pieces.length === 1 ? pieces[0] : joined(pieces, length);
}

function joined(pieces, length) {
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
    }
    return whole;
}
