// Says in words why Keystay cannot start in this browser or at this address, before anything modern is asked for.
// A classic script in old JavaScript, so that every browser can run it. It runs before form.mjs and boot.mjs; boot.mjs
// stops when it finds html[data-app] = "failed".

(function () {
    "use strict";

    var root = document.documentElement;

    /** Put a failure into the page's error region; the first one stays. */
    function fail(title, text, detail) {
        var region = document.getElementById("error");
        if (root.getAttribute("data-app") !== "loading" || !region) return;
        root.setAttribute("data-app", "failed");
        region.querySelector(".error-title").textContent = title;
        region.querySelector(".error-text").textContent = text;
        region.querySelector(".error-detail").textContent = detail;
        document.title = "Failed: " + title + " – Keystay";
        var parts = document.querySelectorAll("main > *");
        for (var i = 0; i < parts.length; i += 1) {
            if (parts[i].id !== "messages") parts[i].setAttribute("hidden", ""); // none of it works now
        }
        region.removeAttribute("hidden");
        region.focus();
    }

    function tooOld(detail) {
        fail(
            "This browser is too old for Keystay",
            "Keystay runs Python in the browser, and this one lacks what Python needs. Update it, or open this page in " +
                "another: Chrome, Edge or Firefox from 112 on, Safari from 16.4 on.",
            detail
        );
    }

    /** Return what this browser lacks, or "" if nothing is known to be missing. */
    function missing() {
        if (!("noModule" in HTMLScriptElement.prototype)) return "JavaScript modules";
        if (typeof structuredClone !== "function") return "structuredClone";
        if (typeof WebAssembly.Tag !== "function") return "WebAssembly exceptions";
        try {
            new RegExp("(?<=a)b"); // the last thing that Safari learned before 16.4
        } catch (error) {
            return "lookbehind in regular expressions";
        }
        return "";
    }

    // Scripts that do not arrive or cannot be read say so on themselves or on the window.
    window.addEventListener(
        "error",
        function (event) {
            var source = (event.target && event.target.src) || "";
            if (/\/(boot|form)\.mjs$/.test(source)) {
                fail(
                    "Keystay did not arrive whole",
                    "A part that it cannot do without could not be loaded, or came with another content than it should have. The " +
                        "connection may have broken, or the page was being replaced by a newer one. Reload the page. If that " +
                        "does not help, tell whoever runs this site.",
                    "Not loaded, or not as it should be: " + source
                );
            } else if (event.error && event.error.name === "SyntaxError") {
                tooOld(String(event.message));
            }
        },
        true
    );

    root.setAttribute("data-checked", ""); // boot.mjs sees by this that this script has arrived

    if (window.top !== window.self) {
        fail(
            "Keystay does not run inside another page",
            "A page around this one could lay something over its buttons, or show you a false address. Open Keystay in a tab of " +
                "its own.",
            "This page was put into a frame."
        );
    } else if (window.isSecureContext === false) {
        fail(
            "Keystay needs a secure address",
            "Browsers make keys only on pages that come over https or from this computer itself. Open this page by " +
                "https://, or by http://localhost if it is served here.",
            "This page came from " + location.origin + ", which this browser does not count as secure."
        );
    } else if (typeof WebAssembly !== "object") {
        fail(
            "WebAssembly is switched off",
            "Keystay runs Python in the browser, and Python needs WebAssembly. Some browsers switch it off in a strict " +
                "security mode (Edge: enhanced security; iPhone: lockdown mode; Tor Browser: safest). Allow it for this " +
                "page and reload, or use another browser.",
            "WebAssembly is not defined."
        );
    } else {
        var lacking = missing();
        if (lacking) tooOld("Missing: " + lacking + ".");
    }
})();
