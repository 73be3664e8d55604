"""If these fail, someone sees an enterprise or a person that is none of their business."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared.access.scope import ALL_ENTERPRISES, ActorKind, AllEnterprises, Role, Scope

NUMBERS = st.frozensets(st.text("0123456789", min_size=10, max_size=10), max_size=5)


def test_an_employer_user_is_kept_to_the_own_enterprises() -> None:
    """Knowing another enterprise's number opens nothing."""
    scope = Scope(ActorKind.PERSON, "a", frozenset({"1999010347"}))
    assert scope.allows_enterprise("1999010347")
    assert not scope.allows_enterprise("1999010444")


def test_an_inspector_sees_every_enterprise() -> None:
    """Also those registered tomorrow."""
    assert Scope(ActorKind.PERSON, "a", ALL_ENTERPRISES).allows_enterprise("1999010444")


def test_a_citizen_sees_the_own_account_only() -> None:
    """And someone without an account of their own sees none."""
    assert Scope(ActorKind.PERSON, "a", person="a").allows_person("a")
    assert not Scope(ActorKind.PERSON, "a", person="a").allows_person("b")
    assert not Scope(ActorKind.CLIENT, "a").allows_person("a")


def test_one_role_of_several_is_enough() -> None:
    """A page for readers opens for those who may write too."""
    scope = Scope(ActorKind.PERSON, "a", roles=frozenset({Role.EMPLOYER_WRITE}))
    assert scope.has_role(Role.EMPLOYER_READ, Role.EMPLOYER_WRITE)
    assert not scope.has_role(Role.OPERATOR)


@given(allowed=st.one_of(st.just(ALL_ENTERPRISES), NUMBERS), wanted=NUMBERS)
def test_narrowing_never_widens(allowed: frozenset[str] | AllEnterprises, wanted: frozenset[str]) -> None:
    """Acting for one enterprise must never open one that was closed."""
    scope = Scope(ActorKind.PERSON, "a", allowed)
    narrowed = scope.narrowed_to(wanted)
    assert isinstance(narrowed.enterprises, frozenset)
    assert all(scope.allows_enterprise(number) for number in narrowed.enterprises)
    assert narrowed.enterprises <= wanted


def test_narrowing_opens_nobody_who_left() -> None:
    """A page about one enterprise must not show the people of it whom the reader may not see any more."""
    scope = Scope(ActorKind.PERSON, "a", frozenset({"1999010347"}), open_since=date(2026, 1, 31))
    assert scope.narrowed_to({"1999010347"}).open_since == date(2026, 1, 31)


def test_a_gateway_of_an_earlier_release_closes_nobody() -> None:
    """While a release is rolled out, a service that knows the end of access must answer a gateway that does not."""
    claims = Scope(ActorKind.PERSON, "a", frozenset({"1999010347"})).as_claims()
    del claims["openSince"], claims["reopened"]
    assert Scope.from_claims(claims).open_since is None
