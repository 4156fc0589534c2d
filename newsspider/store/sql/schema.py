"""The tables of a ledger, as the steps from each version to the next, in the SQL of SQLite.

The n-th script leads from version n (PRAGMA user_version) to n + 1; a new ledger runs them all. A
published one is never changed. Version 0 may be a ledger from before versions were counted.
"""

STEPS = (
    """
CREATE TABLE IF NOT EXISTS links (
  site TEXT, listing TEXT, key TEXT,
  url TEXT NOT NULL, link TEXT NOT NULL,      -- the Link, as JSON
  seen TEXT NOT NULL,                         -- title and time as the listing last had them
  state TEXT NOT NULL,                        -- pending, published, dropped, failed
  reason TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '', published TEXT NOT NULL DEFAULT '',  -- learnt when fetched
  found TEXT NOT NULL,
  PRIMARY KEY (site, listing, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_open ON links (site, listing, found)
  WHERE state IN ('pending', 'failed');
CREATE TABLE IF NOT EXISTS articles (
  key TEXT PRIMARY KEY,
  site TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL, tag TEXT NOT NULL, date TEXT NOT NULL, link TEXT NOT NULL,
  state TEXT NOT NULL,                        -- promised, published, gone
  hash TEXT NOT NULL DEFAULT '', intended TEXT NOT NULL DEFAULT '', run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings (
  site TEXT, listing TEXT, definition TEXT NOT NULL DEFAULT '',
  etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
  finished INTEGER NOT NULL DEFAULT 0,        -- paged to where an earlier run had been, or the end
  PRIMARY KEY (site, listing)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS categories (slug TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT);
""",
    """
-- The shares of an article, learnt when it is fetched: `1.600941 0.000002`; NULL: not fetched.
ALTER TABLE links ADD COLUMN stocks TEXT;
-- When the run that paged to the end began to look.
ALTER TABLE listings ADD COLUMN looked TEXT NOT NULL DEFAULT '';
""",
    """
-- Pages of a site that came as empty shells: a category, or the name of a page of its articles.
CREATE TABLE shells (
  site TEXT, page TEXT, seen TEXT NOT NULL, PRIMARY KEY (site, page)
) WITHOUT ROWID;
""",
    """
-- What each run counted of each source: `found`, `dropped/NoDate`, `seconds`, `finish/finished` …
CREATE TABLE runs_of_source (
  source TEXT, run INTEGER, name TEXT, count INTEGER NOT NULL, PRIMARY KEY (source, run, name)
) WITHOUT ROWID;
""",
    """
-- Other identities of an article: the address that its own redirects to, its canonical address.
CREATE TABLE aliases (alias TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
""",
    """
-- The section of each listing, as its first crawl settled it.
CREATE TABLE sections (
  site TEXT, listing TEXT, name TEXT NOT NULL, slug TEXT NOT NULL, PRIMARY KEY (site, listing)
) WITHOUT ROWID;
""",
    """
-- The fields of an article but its text, as JSON ('': an earlier newsspider published it), and
-- whether its record in _newsspider has all that this row has.
ALTER TABLE articles ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_unsaved ON articles (saved) WHERE saved = 0;
""",
    """
-- When a link last failed; `tries` counts the failures for the same reason since it last succeeded.
ALTER TABLE links ADD COLUMN tried TEXT NOT NULL DEFAULT '';
""",
    """
-- When each article with a post was last asked for, the validators of its pages (JSON), since when
-- it has been missing at its site, and whether a second look confirmed that.
CREATE TABLE checks (
  key TEXT PRIMARY KEY, checked TEXT NOT NULL, pages TEXT NOT NULL DEFAULT '[]',
  missing TEXT NOT NULL DEFAULT '', taken_down INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
""",
    """
-- The posts of a day: an article is compared with those of some days before and after its own.
CREATE INDEX articles_dates ON articles (date);
""",
)
