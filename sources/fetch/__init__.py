"""The one place that talks to the network: ``Fetcher`` gives ``Fetched`` or raises FetchError.

``fetcher`` follows one address: redirects, validators, limits, errors in words. ``wire`` opens the connections: only to
addresses that were checked, each wait cut to one deadline. ``headers`` reads what an answer says about itself.
"""

from sources.fetch.fetcher import Fetched, Fetcher

__all__ = ["Fetched", "Fetcher"]
