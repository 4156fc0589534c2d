"""Scrapy settings of newsspider, each with its reason. A site file can only make a crawl slower."""

from scrapy.settings import default_settings

from newsspider import __version__
from newsspider.model import EXPORTED
from newsspider.spiders.options import RunOptions
from newsspider.store.archive import LARGEST, OLDEST

BOT_NAME = "newsspider"
# What `scrapy list` shows; the probe needs the command that starts it.
SPIDER_MODULES = [f"newsspider.spiders.{name}" for name in ("category", "share", "url")]
SPIDER_LOADER_CLASS = "newsspider.spiders.loader.Loader"  # explains a name that it does not know

# -- our own ---------------------------------------------------------------------------------------
# NEWS_OUTPUT, NEWS_SITES, NEWS_LIMIT and so on: one for each option in newsspider.spiders.options,
# with its default. The commands set them, the spiders read them.
globals().update(RunOptions().settings())
NEWS_SITES_AT_ONCE = 8  # sites crawled at once; sites that share a host take turns
NEWS_TURN = 300  # seconds after which a site no longer keeps another waiting; it goes on
NEWS_SCHEDULED = False  # a crawl of newsspider.yml: its first one takes the newest page only
NEWS_CONTRACT: dict[str, object] = {}  # `contract` of a source
NEWS_FRESH: dict[str, float] = {}  # seconds by `warn` and `error`; a source sets them by `fresh`
NEWS_RESPECT_RIGHTS = False  # whether no more is published than the publisher allows
NEWS_RIGHTS_FILES = False  # ask for tdmrep.json and RSL licences also where rights do not count
NEWS_VERSIONS = 0  # earlier texts that are kept of each post; a source sets it by `versions`
NEWS_RETAIN = 0  # seconds for which posts are kept; a source sets them by `retain`; 0: for ever
NEWS_ARCHIVE = None  # whether the answers of articles are kept; None: as the site file says
NEWS_ARCHIVE_SIZE = LARGEST  # MB of them, packed
NEWS_ARCHIVE_AGE = OLDEST  # days for which they are kept
NEWS_CORRECTIONS: dict[str, int] = {}  # `corrections` of a source: words by title, lead and body
NEWS_STORY_DAYS = 3  # between two articles with the same story; see `same_story`
NEWS_ALLOW_PRIVATE = False  # connect to private addresses too
NEWS_MAX_WAIT = 300  # longest wait for a host in seconds (Retry-After); else it is skipped
NEWS_BACK_OFF = 5  # seconds of rest after a host's first failure, doubled by each further one
NEWS_MAX_TIME = 24 * 60 * 60  # longest run in seconds; 0: no limit
NEWS_BROWSER = ""  # Chromium for `render` of site files; "": the system's
NEWS_BROWSER_PAGES = 2  # pages at once; each takes 100 to 300 MB
NEWS_BROWSER_RECYCLE = 50  # pages after which the browser is replaced, because it grows
NEWS_BROWSER_TIMEOUT = 30  # seconds for a page; after half of them it is read, quiet or not
NEWS_BROWSER_REQUESTS = 100  # of one page, so that no page can make us flood a third party

# -- politeness ------------------------------------------------------------------------------------
USER_AGENT = f"newsspider/{__version__} (+https://github.com/newsspider/newsspider)"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsspider"
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # news sites block clients that are faster than readers
DOWNLOAD_DELAY = 2  # seconds; raised by `delay` of a site file
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_ENABLED = True  # slow answers mean: fewer requests
AUTOTHROTTLE_START_DELAY = 2
AUTOTHROTTLE_MAX_DELAY = 60
# The parts of a page in the browser: with 2 s between its scripts it would not load in time.
# newsspider.fetch.politeness keeps the limit of one request at a time to each host.
DOWNLOAD_SLOTS = {"@browser": {"concurrency": 8, "delay": 0}}
RETRY_TIMES = 2  # each after a rest of the whole host
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spiders report it, with its effect on the article
COOKIES_ENABLED = False  # no article needs a session, and a session identifies a visitor
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # a refresh of a news page is a reload or an advertisement

# -- limits ----------------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# Threads for name look-ups. With Scrapy's 10, one page of links to hosts with a dead name server
# occupies them all, and the look-ups of all other sites wait.
REACTOR_THREADPOOL_MAXSIZE = 200
# Each listing limits its paging, and the handler refuses long addresses: both report and count it.
# Scrapy's own limits drop requests silently.
DEPTH_LIMIT = 0
URLLENGTH_LIMIT = 0

DOWNLOADER = "newsspider.fetch.downloader.Downloader"  # cancels the requests of a run that ends

# -- safety ----------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {
    "http": "newsspider.fetch.handler.GuardedHandler",
    "https": "newsspider.fetch.handler.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False  # a proxy of the environment would bypass the address guard
# Scrapy imports a component that is off, even one set to None: this one brings tldextract and
# requests, 170 modules.
DOWNLOADER_MIDDLEWARES_BASE = {
    name: order
    for name, order in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items()
    if not name.endswith(".CookiesMiddleware")
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Before all that concerns a server: it answers requests that need none.
    "newsspider.fetch.reader.ReadElsewhere": 50,
    "newsspider.fetch.robots.Robots": 100,
    "newsspider.fetch.rights.Rights": 110,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newsspider.fetch.limits.Unpack": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newsspider.fetch.limits.Redirect": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "newsspider.fetch.site_meta.SiteProxy": 750,
    # After robots.txt, and before the middlewares that count requests: a page's are counted singly.
    "newsspider.fetch.browser.render.Render": 800,
}
EXTENSIONS = {
    "newsspider.fetch.politeness.Hosts": 0,
    "newsspider.fetch.limits.RunTime": 0,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # with it Scrapy 2.19 runs Python code from POST requests
# For the same reason as above: these two bring aiohttp.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if not name.endswith((".TelnetConsole", ".RemoteControl"))
}

# -- the stages of an article ----------------------------------------------------------------------
ITEM_PIPELINES = {
    "newsspider.pipelines.Clean": 100,
    "newsspider.pipelines.Sanitise": 200,
    "newsspider.pipelines.Metadata": 300,
    "newsspider.pipelines.Validate": 400,
    "newsspider.pipelines.Pictures": 450,
    "newsspider.pipelines.Publish": 500,
    "newsspider.pipelines.Remember": 600,
}
# Scrapy's default of 100 makes 101 asyncio tasks for each response: 0.65 of the CPU time with 1.
CONCURRENT_ITEMS = 1
# First in, first out: the newest article of a listing is requested first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# -- logs and feeds --------------------------------------------------------------------------------
# With it Scrapy parses the source of each callback, to warn of a mistake that none here makes.
WARN_ON_GENERATOR_RETURN_VALUE = False
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"lines": "newsspider.crawling.feeds.Lines"}  # what `-o` writes
# The fields of an article in a feed; docs/output-format.md is the contract.
FEED_EXPORT_FIELDS = list(EXPORTED)
