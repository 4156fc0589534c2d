"""What a site file says of a page that has changed, mended: listings and fields of articles.

In: the text of a site file, today's pages, and what was last read well. Out: the new text, with the
selectors that read today's pages. Called by `newsspider check --fix` and, for the listing, by the
probe spider, which goes on with the mended site. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from newsspider import listing as listings
from newsspider.authoring.edit import Place, with_values
from newsspider.authoring.mend_fields import new_picks
from newsspider.authoring.replay import Fixture, Replayed, replay
from newsspider.authoring.yaml_text import listing_values, short_picks
from newsspider.discover import discover, list_listing
from newsspider.discover.candidates import listing_candidates
from newsspider.errors import NotReadable, SiteError
from newsspider.listing import READERS
from newsspider.model import Page
from newsspider.sites.listings import HtmlListing, HtmlPick, JsonListing, JsonPick, Listing
from newsspider.sites.schema import Site
from newsspider.text.budget import budget
from newsspider.text.selectors import html_field

_LISTING: TypeAdapter[Listing] = TypeAdapter(Listing)
_FEWEST = 3  # links of a list that is worth a change
_FEW = 2  # times the links that a page gives, that the last good one gave
_SAME = 0.9  # of the entries, whose values must be the same for a selector to stay
# Keys that stay when a listing becomes one of another kind: the first two of every listing, the
# others where its address counts pages or names the category.
_OF_ALL = ("headers", "max_pages")
_OF_PAGES = ("url", "next_url", "first_page", "step")


class Mending:
    """A site file and the changes of it. `known` are addresses of links that its listing had when
    it last read well, `names` the authors and sources of its articles, by field; `faults` say what
    cannot be changed."""

    def __init__(
        self,
        site: Site,
        text: str,
        known: frozenset[str] = frozenset(),
        names: Mapping[str, Sequence[str]] = {},
    ) -> None:
        self.site = site
        self.before = self.text = text
        self.known = known
        self.names = names
        self.faults: list[str] = []

    @property
    def is_changed(self) -> bool:
        return self.text != self.before

    def copy(self) -> Mending:
        """Return a copy, for a task that may be interrupted and begun again."""
        new = copy(self)
        new.faults = [*self.faults]
        return new

    def mend_listing(self, category: str, at: int, page: Page, links: int) -> bool:
        """Return whether the listing at the index `at` of a category's was mended by this page, of
        which it reads so many links: none, or far fewer than it last had."""
        if self.is_changed or _FEW * links > len(self.known):
            return False
        place = _listing_place(yaml.safe_load(self.text), category, at)
        try:
            with budget():
                changes = new_listing(self.site, category, at, page, self.known)
        except NotReadable:
            return False
        return self._change({(*place, *key): value for key, value in changes.items()})

    def mend_articles(self, fixture: Fixture, before: Replayed | None) -> bool:
        """Return whether selectors that find nothing in these articles were mended. `before` is
        what was read from the saved pages."""
        try:
            with budget():
                now = replay(self.site, fixture)
                picks = list(new_picks(self.site, fixture, now, before, self.names))
        except NotReadable:
            return False
        changed = [
            self._change({("pages", page, "fields", name): short_picks([_values(pick)])})
            for page, name, pick in picks
        ]
        return any(changed)

    def _change(self, values: Mapping[Place, Any]) -> bool:
        """Change the text; return whether the site can be loaded from it and anything changed."""
        try:
            text = with_values(self.text, values)
            site = Site.model_validate({"name": self.site.name, **yaml.safe_load(text)})
        except SiteError as error:
            self.faults.append(str(error))
            return False
        except ValidationError:  # the new keys do not go with those that stay
            return False
        self.text, self.site = text, site
        return bool(values)


def _values(pick: HtmlPick | JsonPick) -> dict[str, str]:
    return pick.model_dump(exclude_defaults=True)


def _listing_place(values: Mapping[str, Any], category: str, at: int) -> Place:
    """Return where the listing of a category is: its own, or that of the site."""
    own = (values.get("categories") or {}).get(category) or {}
    place: Place = ("listing",)
    if "listing" in own:
        values, place = own, ("categories", category, "listing")
    return (*place, at) if isinstance(values.get("listing"), list) else place


def new_listing(
    site: Site, category: str, at: int, page: Page, known: frozenset[str]
) -> dict[Place, Any]:
    """Return what is to change in a listing so that it reads a page; {} if nothing does. The place
    of a value is that in the listing; the empty one stands for all of it.

    Of the lists of the page, the one with the most `known` links counts, then the one that
    `newsspider add` would choose."""
    old = site.listings_of(category)[at]
    best: tuple[int, Listing] | None = None
    for new in _candidates(page):
        try:
            links = listings.read(page, site, category, new, number=0).links
        except NotReadable:
            continue
        shared = sum(link.url in known for link in links)
        if len(links) >= _FEWEST and (best is None or shared > best[0]):
            best = (shared, new)
    if best is None:
        return {}
    new = best[1]
    if isinstance(old, HtmlListing | JsonListing) and old.kind == new.kind:
        return dict(_selectors(old, new, page))
    return {(): _replaced(old, new)}


def _replaced(old: Listing, new: Listing) -> dict[str, Any]:
    """Return a listing of another kind, with the keys that still hold of the page it reads."""
    values = listing_values(old)
    kept: tuple[str, ...] = _OF_ALL
    if any("{" in values.get(key, "") for key in ("url", "next_url")):
        kept += _OF_PAGES
    return {**listing_values(new), **{key: values[key] for key in kept if key in values}}


def _candidates(page: Page) -> Iterator[Listing]:
    """Yield the listings that read the page itself, each once, the best first."""
    seen: list[Listing] = []
    offers: list[Any] = [*listing_candidates(page)]
    offer = discover(page)
    offers += [list_listing(offer, links) for links in offer.lists]
    for values in offers:
        try:
            new = _LISTING.validate_python(values)
        except ValidationError:  # a selector built from the page's own words may be invalid
            continue
        if new not in seen:
            seen.append(new)
            yield new


def _selectors(
    old: HtmlListing | JsonListing, new: Listing, page: Page
) -> Iterator[tuple[Place, Any]]:
    """Yield the selectors of a listing that change, with their places in it; one that reads the new
    entries stays."""
    assert isinstance(new, HtmlListing | JsonListing)
    values, reader = listing_values(new), READERS[old.kind]
    for key in ("items", "script"):
        if getattr(new, key, None) not in (None, getattr(old, key, None)):
            yield (key,), values[key]
    now, by_old = (
        reader(page, new).records,
        reader(page, new.model_copy(update={"fields": old.fields})).records,
    )
    for name, picks in old.fields.items():
        pairs = [
            (each.get(name, ""), other.get(name, ""))
            for each, other in zip(by_old, now, strict=True)
        ]
        if name in ("url", "title"):
            good = sum(one == other for one, other in pairs) >= _SAME * len(pairs)
        else:
            good = any(one for one, _ in pairs)
        if not good and name in new.fields:
            yield ("fields", name), values["fields"][name]
        elif not good and (moved := _beside_url(picks, old, new)):
            yield ("fields", name), short_picks(moved)
    if isinstance(old, HtmlListing) and isinstance(new, HtmlListing) and old.next and new.next:
        lost = not html_field(page.document.tree, old.next)
        yield from [(("next",), values["next"])] if lost else ()


def _beside_url(
    picks: Sequence[HtmlPick | JsonPick], old: HtmlListing | JsonListing, new: Listing
) -> list[dict[str, str]]:
    """Return the picks of a field that was read from the address of an entry, such as its id, for
    the address as it is read now; [] for another field."""
    assert isinstance(new, HtmlListing | JsonListing)
    places = {pick.select for pick in old.fields.get("url", ())}
    return [
        {"select": new.fields["url"][0].select, "pattern": pick.pattern}
        for pick in picks
        if pick.select in places and pick.pattern
    ]
