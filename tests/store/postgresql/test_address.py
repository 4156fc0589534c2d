"""Addresses of PostgreSQL: which can be read, and that none shows a secret."""

from __future__ import annotations

import pytest

from newsspider.store.postgresql.address import check_address, is_address, shown


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://db.example/news",
        "postgres://app:s3cret@db.example:5433/news?sslmode=require",
        "postgresql://app:p%40ss%2Fword@db.example/news",
        "postgresql://app@/news?host=/run/postgresql&options=-csearch_path%3Done",
        "postgresql://a.example:5432,b.example:5433/news?target_session_attrs=read-write",
        "postgresql:///news",
        "postgresql://[::1]:5432/news".replace("[::1]", "localhost"),
        "postgresql://",
    ],
)
def test_an_address_of_libpq_is_taken(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://app:s3@cret@db.example/news",
        "postgresql://app:s3/cret@db.example/news",
        "postgresql://app:s3:cret@db.example/news",
        "postgresql://app:s3#cret@db.example/news",
        "postgresql://app:s3?cret@db.example/news",
        "postgresql://app:s3 cret@db.example/news",
        "mysql://app:s3cret@db.example/news",
        "s3cret",
        "",
    ],
)
def test_an_address_that_is_not_one_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ValueError, match="postgresql://USER:PASSWORD@HOST") as refused:
        check_address(address)
    assert "s3" not in str(refused.value)
    assert "cret" not in str(refused.value) + shown(address)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (
            "postgres://app:s3cret@db.example:5433/news?password=x",
            "postgresql://app@db.example:5433/news",
        ),
        ("postgresql:///news?host=/run", "postgresql:///news"),
        ("postgresql://db.example", "postgresql://db.example"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, text: str) -> None:
    assert shown(address) == text


def test_a_path_is_no_address() -> None:
    assert not is_address("output/ledger.sqlite")
