"""Scrapy settings of newsspider, each with its reason. A site file may only make it slower."""

from newsspider import __version__
from newsspider.model import EXPORTED
from newsspider.spiders.options import RunOptions

BOT_NAME = "newsspider"
SPIDER_MODULES = ["newsspider.spiders"]

# -- our own ---------------------------------------------------------------------------------------
# NEWS_OUTPUT, NEWS_SITES, NEWS_LIMIT and so on: one for each option that newsspider.spiders.options
# describes, with its default. The commands set them, the spiders read them back.
globals().update(RunOptions().settings())
NEWS_SITES_AT_ONCE = 8  # sites that share no host; those that do take turns
NEWS_TURN = 300  # seconds; a site that needs longer goes on, but keeps no other waiting
NEWS_ALLOW_PRIVATE = False  # connect to private addresses too
NEWS_MAX_WAIT = 300  # seconds a host is waited for at most (Retry-After), else left out
NEWS_BACK_OFF = 5  # seconds of rest after a host's first failure, doubled by each further one
NEWS_MAX_TIME = 24 * 60 * 60  # seconds that a run may take; 0: no limit
NEWS_BROWSER = ""  # Chromium for `render` of site files; "": the system's
NEWS_BROWSER_PAGES = 2  # pages at once; one takes 100 to 300 MB
NEWS_BROWSER_RECYCLE = 50  # pages after which the browser, which grows, is replaced
NEWS_BROWSER_TIMEOUT = 30  # seconds for a page; after half of them it is read, quiet or not
NEWS_BROWSER_REQUESTS = 100  # of one page, so that none can make us press a third party

# -- manners ---------------------------------------------------------------------------------------
USER_AGENT = f"newsspider/{__version__} (+https://github.com/newsspider/newsspider)"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsspider"
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # news sites block what asks faster than people read
DOWNLOAD_DELAY = 2  # seconds; raised by `delay` of a site file
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_ENABLED = True  # a slow answer means: ask less often
AUTOTHROTTLE_START_DELAY = 2
AUTOTHROTTLE_MAX_DELAY = 60
# What a page in the browser is made of: with 2 s between its scripts it would not be there in time.
# One request at a time of each host is kept by newsspider.fetch.politeness.
DOWNLOAD_SLOTS = {"@browser": {"concurrency": 8, "delay": 0}}
RETRY_TIMES = 2  # each after a rest of the whole host
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spiders tell it, with what it means for the article
COOKIES_ENABLED = False  # no article needs a session; a session is how visitors are told apart
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # a refresh of a news page is a reload or an advertisement

# -- limits ----------------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# Threads that look names up. With Scrapy's 10, one page of links to hosts whose name server is mute
# takes them all, and no other site finds its own.
REACTOR_THREADPOOL_MAXSIZE = 200
# Paging is limited per listing, and long addresses are refused by the handler: there it can be told
# and counted; Scrapy's own limits leave requests out without a word.
DEPTH_LIMIT = 0
URLLENGTH_LIMIT = 0

DOWNLOADER = "newsspider.fetch.downloader.Downloader"  # a run that ends calls its requests back

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
HTTPPROXY_ENABLED = False  # a proxy of the environment would go round the address guard
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsspider.fetch.robots.Robots": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newsspider.fetch.limits.Unpack": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newsspider.fetch.limits.Redirect": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "newsspider.fetch.site_meta.SiteProxy": 750,
    # Behind robots.txt, before what counts requests: those of a page are counted one by one.
    "newsspider.fetch.browser.render.Render": 800,
}
EXTENSIONS = {
    "newsspider.fetch.politeness.Hosts": 0,
    "newsspider.fetch.limits.RunTime": 0,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 runs Python that is posted to it; not here

# -- the way of an article -------------------------------------------------------------------------
ITEM_PIPELINES = {
    "newsspider.pipelines.Clean": 100,
    "newsspider.pipelines.Sanitise": 200,
    "newsspider.pipelines.Metadata": 300,
    "newsspider.pipelines.Validate": 400,
    "newsspider.pipelines.Publish": 500,
    "newsspider.pipelines.Remember": 600,
}
# Scrapy's default of 100 makes 101 asyncio tasks for each response: 0.65 of the CPU time with 1.
CONCURRENT_ITEMS = 1
# First in, first out: the newest article of a listing is asked for first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# -- logs and feeds --------------------------------------------------------------------------------
# Scrapy reads the source of each callback to warn of a mistake that no callback here makes.
WARN_ON_GENERATOR_RETURN_VALUE = False
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"lines": "newsspider.crawling.feeds.Lines"}  # what `-o` writes
# The fields of an article in a feed; docs/output-format.md is the contract.
FEED_EXPORT_FIELDS = list(EXPORTED)
