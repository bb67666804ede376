// Issues a certificate with the other ACME client as its README shows it: with its own keys, polls and pauses.

import { AcmeClient } from "./000000000000/mod.js";

/**
 * Issue a certificate for `names` at the CA with this directory URL, and publish the records at the practice CA's endpoint.
 * Return the milliseconds from the start to all challenges, and from the wish to verify to the certificate.
 */
globalThis.issue = async (directory, names) => {
    const begun = performance.now();
    const client = await AcmeClient.init(directory);
    const account = await client.createAccount({ emails: ["bench@keystay.example"] });
    const order = await account.createOrder({ domains: names });
    const challenges = order.authorizations.map((authorization) => authorization.findChallenge("dns-01"));
    const records = await Promise.all(challenges.map((challenge) => challenge.getDnsRecordAnswer()));
    const known = performance.now();
    await Promise.all(records.map(publish));
    const published = performance.now();
    await Promise.all(challenges.map((challenge) => challenge.submit()));
    await order.pollStatus({ pollUntil: "ready" });
    await order.finalize();
    await order.pollStatus({ pollUntil: "valid" });
    const certificate = await order.getCertificate();
    const done = performance.now();
    if (!certificate.startsWith("-----BEGIN CERTIFICATE-----")) throw new Error(certificate);
    return { challenges: known - begun, certificate: done - published };
};

async function publish({ name, content }) {
    const response = await fetch("/practice/set-txt", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ host: name, value: content }),
    });
    if (!response.ok) throw new Error(`${response.status} ${response.url}`);
}

document.documentElement.dataset.app = "ready";
