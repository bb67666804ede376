"""Values of earlier orders, by which an old record is told from a foreign one."""

from app.acme.challenge import DnsRecord, WebFile
from app.acme.identifier import Identifier
from app.issuance.issuance import Issuance, Proof
from app.issuance.old_values import MAX_OLD_VALUES, old_values
from tests.unit.records import record


def order(id_: str, *values: str, created: float = 1000.0, name: str = "_acme-challenge.shop.example") -> Issuance:
    identifier = Identifier("dns", "shop.example")
    proofs = tuple(Proof(identifier, "", "", DnsRecord(name, (value,)), "pending") for value in values)
    return record("shop.example", id=id_, created=created, proofs=proofs)


def test_values_of_all_orders_but_the_open_one_by_name() -> None:
    orders = [order("1", "a", "b"), order("2", "c"), order("3", "d"), order("4", "e", name="_acme-challenge.www.example")]
    assert old_values(orders, "3") == {
        "_acme-challenge.shop.example": frozenset("abc"),
        "_acme-challenge.www.example": frozenset("e"),
    }


def test_only_dns_records_count() -> None:
    file = Proof(Identifier("dns", "shop.example"), "", "", WebFile("http://shop.example/x", "body"), "valid")
    assert old_values([record("shop.example", id="1", proofs=(file,))], "2") == {}


def test_the_newest_are_kept_where_there_are_many() -> None:
    many = [order(str(n), *map(str, range(100 * n, 100 * n + 100)), created=1000.0 + n) for n in range(60)]
    (values,) = old_values(many, "").values()
    assert len(values) == MAX_OLD_VALUES
    assert "5999" in values
    assert "0" not in values
