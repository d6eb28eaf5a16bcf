"""The fixture files: {file name: its cases}."""

from . import adaptive, average, extremes, fractional, lp, maximum, opinfo, unpool

FILES = {
    **opinfo.FILES,
    **maximum.FILES,
    **extremes.FILES,
    **average.FILES,
    **lp.FILES,
    **adaptive.FILES,
    **fractional.FILES,
    **unpool.FILES,
}
