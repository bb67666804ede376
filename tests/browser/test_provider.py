"""Whose DNS it is: chosen in the form or by a link, and the records that follow it."""

from playwright.sync_api import ViewportSize, expect

from tests.browser.person import Person

LONG = ".".join(["a-long-label-that-is-wider-than-a-phone"] * 4)
NARROW: ViewportSize = {"width": 320, "height": 640}


def test_records_follow_the_provider_on_a_narrow_phone(person: Person, page_url: str) -> None:
    person.page.set_viewport_size(NARROW)
    person.open(f"{page_url}#domains=bücher.example,*.bücher.example,{LONG}.example&provider=ionos&dns-allow=on")
    provider, record = person.hook("provider"), person.hook("record")
    expect(provider).to_have_value("ionos")
    person.hook("ca").select_option("practice")
    person.hook("challenge").select_option("http-01")
    expect(provider).to_be_hidden()
    person.hook("challenge").select_option("dns-01")
    person.hook("agree-tos").check()
    expect(person.hook("dns-allow")).not_to_be_checked()
    expect(person.page.locator("#question-dns")).to_contain_text("these resolvers: Cloudflare (USA)")
    expect(person.hook("dns-allow-keep")).to_be_hidden()
    person.start()

    expect(person.page.locator("#part-dns")).to_contain_text("In bücher.example (xn--bcher-kva.example), at IONOS")
    expect(record).to_have_count(3)
    expect(record.first.locator("dt").nth(1)).to_have_text("Host name")
    expect(record.first.locator("[data-slot=host]")).to_have_text("_acme-challenge")
    expect(record.last.get_by_test_id("record-name")).to_have_text(f"_acme-challenge.{LONG}.example")
    person.page.locator("#records-as-text > summary").click()
    expect(person.hook("records-zone")).to_contain_text("_acme-challenge.xn--bcher-kva.example. 300 IN TXT")
    assert person.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]

    provider.select_option("route53")
    expect(record).to_have_count(2)
    expect(record.first.get_by_test_id("record-value")).to_have_count(2)
    expect(person.hook("records-command")).to_contain_text("aws route53")
    person.page.locator("#provider-zones > summary").click()
    person.hook("provider-of").select_option("unknown")
    expect(record.last.locator("dt").nth(2)).to_have_text("Full name")
    expect(person.page.locator("#provider-zones")).to_have_attribute("open", "")
    person.hook("dns-allow-now").click()
    expect(person.hook("dns-allow-now")).to_be_hidden()
    expect(person.page.locator("#title-prove")).to_be_focused()
    person.open_panel("ledger-panel")
    question = person.page.locator('[data-testid="ledger-entry"][data-sort="dnsQuestion"]').first
    expect(question).to_contain_text("bücher.example (xn--bcher-kva.example)")
    question.locator("summary").click()
    expect(question.get_by_test_id("ledger-part").last).to_contain_text("opcode QUERY")
    assert person.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]

    person.page.reload()
    person.wait_ready()
    expect(provider).to_have_value("route53")
    expect(person.hook("provider-of")).to_have_value("unknown")
    expect(person.hook("dns-allow")).to_be_checked()
    expect(person.hook("dns-allow-keep")).not_to_be_checked()
