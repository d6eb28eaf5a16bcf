"""Makes the TIFFs of test/fixtures/tiff with GDAL and tifffile, and the first level of their pyramids with numpy.

Debian: apt-get install python3-gdal python3-numpy python3-tifffile
/usr/bin/python3 scripts/golden_tiff.py
"""

import os

import numpy as np
import tifffile
from osgeo import gdal

gdal.UseExceptions()
folder = os.path.join(os.path.dirname(__file__), "../test/fixtures/tiff")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(18)
types = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "int32": gdal.GDT_Int32,
    "uint64": gdal.GDT_UInt64,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
}


def windows(x):
    """All windows of 2 x 2 of [c, y, x], one an output, cut at the ends."""
    c, h, w = x.shape
    for k in range(c):
        for i in range((h + 1) // 2):
            for j in range((w + 1) // 2):
                yield k, i, j, x[k, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].ravel()


def mean(values, nodata, dtype):
    if nodata is not None:
        lost = np.isnan(values) if np.isnan(nodata) else values == nodata
        values = values[~lost]
        if len(values) == 0:
            return nodata
    if np.issubdtype(dtype, np.floating):
        return dtype.type(sum(float(v) for v in values) / len(values))
    total, n = sum(int(v) for v in values), len(values)
    low, rest = divmod(total, n)
    up = 2 * rest > n or (2 * rest == n and low % 2 == 1)
    value = low + int(up)
    return value + 1 if nodata is not None and value == nodata else value


def mode(values, nodata, dtype):
    found, counts = np.unique(values, return_counts=True)
    return found[np.argmax(counts)]


def alpha_mean(x):
    out = np.zeros((4, (x.shape[1] + 1) // 2, (x.shape[2] + 1) // 2), x.dtype)
    for k, i, j, _ in windows(x):
        box = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(4, -1).astype(np.int64)
        weight = np.ones_like(box[3]) if k == 3 else box[3]
        total, n = int((box[k] * weight).sum()), int(weight.sum())
        low, rest = divmod(total, n) if n else (0, 0)
        out[k, i, j] = low + int(n > 0 and (2 * rest > n or (2 * rest == n and low % 2 == 1)))
    return out


def save(name, x, options, nodata=None, driver="GTiff", colours=None, method=mean, level=None):
    x = x if x.ndim == 3 else x[None]
    c, h, w = x.shape
    made = gdal.GetDriverByName("MEM").Create("", w, h, c, types[x.dtype.name])
    for k in range(c):
        band = made.GetRasterBand(k + 1)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        band.WriteArray(x[k])
    if colours:
        table = gdal.ColorTable()
        for i, colour in enumerate(colours):
            table.SetColorEntry(i, colour)
        made.GetRasterBand(1).SetColorTable(table)
        made.GetRasterBand(1).SetColorInterpretation(gdal.GCI_PaletteIndex)
    path = os.path.join(folder, f"{name}.tif")
    if x.dtype == np.uint64:  # GDAL's Python hands 64 bits on as float64.
        tifffile.imwrite(path, x[0], tile=(32, 16), compression="zlib")
    else:
        gdal.GetDriverByName(driver).CreateCopy(path, made, options=options)
    if level is None:
        level = np.zeros((c, (h + 1) // 2, (w + 1) // 2), x.dtype)
        for k, i, j, values in windows(x):
            level[k, i, j] = method(values, nodata, x.dtype)
    np.save(os.path.join(folder, f"{name}.0.npy"), x if c > 1 else x[0])
    np.save(os.path.join(folder, f"{name}.1.npy"), level if c > 1 else level[0])
    for extra in (f"{path}.aux.xml",):
        if os.path.exists(extra):
            os.remove(extra)


def noise(dtype, *shape, few=200):
    return rng.integers(0, few, shape).astype(dtype)


def holes(x, nodata):
    x = x.copy()
    x[rng.random(x.shape) < 0.3] = nodata
    x[..., 4:10, 6:20] = nodata
    return x


tiles = ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32"]
save("strips-uint8", noise("uint8", 37, 53), ["BLOCKYSIZE=5"])
save("strips-int16-big-endian", noise("int16", 37, 53) - 100, ["BLOCKYSIZE=5", "ENDIANNESS=BIG"])
save("strips-packbits-rgb", noise("uint8", 3, 37, 53, few=4), ["COMPRESS=PACKBITS", "PHOTOMETRIC=RGB"])
save("strips-planar-uint16", noise("uint16", 2, 21, 30), ["INTERLEAVE=BAND", "BLOCKYSIZE=4"])
save(
    "tiles-lzw-int16-big-endian-nodata",
    holes(noise("int16", 37, 53) - 100, -9999),
    [*tiles, "COMPRESS=LZW", "PREDICTOR=2", "ENDIANNESS=BIG"],
    nodata=-9999,
)
save("tiles-deflate-uint64", (1 << 60) + noise("uint64", 20, 33), [])
save(
    "tiles-float32-predictor-nan",
    holes(rng.random((37, 53)).astype("float32"), np.nan),
    [*tiles, "COMPRESS=DEFLATE", "PREDICTOR=3"],
    nodata=float("nan"),
)
save("tiles-float64-predictor", rng.random((2, 20, 33)), [*tiles, "COMPRESS=DEFLATE", "PREDICTOR=3"])
save(
    "tiles-float32-big-endian-nodata",
    holes(rng.random((20, 33)).astype("float32"), np.float32(-3.4e38)),
    [*tiles, "COMPRESS=DEFLATE", "PREDICTOR=2", "ENDIANNESS=BIG"],
    nodata=float(np.float32(-3.4e38)),
)
save("tiles-planar-rgb", noise("uint8", 3, 37, 53), [*tiles, "INTERLEAVE=BAND", "COMPRESS=LZW", "PHOTOMETRIC=RGB"])
rgba = noise("uint8", 4, 37, 53)
rgba[3, 5:20, 5:20] = 0
save(
    "tiles-zstd-rgba",
    rgba,
    [*tiles, "COMPRESS=ZSTD", "PREDICTOR=2", "PHOTOMETRIC=RGB", "ALPHA=YES"],
    level=alpha_mean(rgba),
)
save("tiles-lerc-float32", noise("float32", 37, 53), [*tiles, "COMPRESS=LERC", "MAX_Z_ERROR=0"])
save(
    "palette",
    noise("uint8", 37, 53, few=4),
    [*tiles, "COMPRESS=DEFLATE"],
    colours=[(0, 0, 0), (200, 10, 0), (0, 99, 0), (1, 2, 3)],
    method=mode,
)
save(
    "palette-of-2-bits",
    noise("uint8", 20, 33, few=4),
    ["NBITS=2", "COMPRESS=DEFLATE"],
    colours=[(0, 0, 0), (200, 10, 0), (0, 99, 0), (1, 2, 3)],
    method=mode,
)
save(
    "cog-uint16-nodata",
    holes(noise("uint16", 150, 300, few=9), 0),
    ["BLOCKSIZE=128", "COMPRESS=DEFLATE", "PREDICTOR=YES", "OVERVIEW_RESAMPLING=AVERAGE"],
    nodata=0,
    driver="COG",
)
sparse = np.full((64, 64), 7, "uint8")
sparse[:32, :16] = noise("uint8", 32, 16)
save("sparse-nodata", sparse, [*tiles, "SPARSE_OK=TRUE", "COMPRESS=DEFLATE"], nodata=7)
# libtiff turns the bytes of samples before LERC takes them, as for any other compression.
save("tiles-lerc-int16-big-endian", noise("int16", 37, 53) - 100, [*tiles, "COMPRESS=LERC", "ENDIANNESS=BIG"])
# NaN and infinities; a block of NaN alone.
lost = rng.random((37, 53)).astype("float32")
lost[4:10, 6:20] = np.nan
lost[32:, 16:32] = np.nan
lost[20, 3] = np.inf
save("tiles-lerc-float32-nan", lost, [*tiles, "COMPRESS=LERC", "MAX_Z_ERROR=0"], nodata=float("nan"))
