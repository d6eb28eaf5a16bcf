/**
 * @file Where one way to run a job becomes quicker than another, and how large tiles are. `npm run bench:crossovers` times both sides
 * of each and keeps what it found in bench/results/crossovers.json; only it and tests change these values while they are in use.
 *
 * One more is in assembly/pool3x3.ts, which reads nothing from here: planes that are walked by columns, 16 KiB at most.
 */
export const tuning = {
  /** Elements read by all windows: plain loops up to here, a call into WebAssembly above. 2x2 and 3x3 gain from 300 on, others from 3,000. */
  tinyReads: 1024,
  /** Elements of the input or the output, whichever has more: plain loops up to here, however few of them are read. */
  tinyElements: 2 ** 14,
  /** Taps of a window along an axis: tap by tap below, by blocks as long as the window from here on. */
  vanHerkMinTaps: 5,
  /** Taps of all windows along columns over the inputs: tap by tap below, by blocks from here on. */
  vanHerkMinReads: 4,
  /** Stride along rows of 4-byte elements: tap by tap below, by blocks from here on, however small the window. */
  vanHerkMinStride: 3,
  /** Vectors of taps along rows of other elements, which are turned as a whole for it: tap by tap below, by blocks from here on. */
  transposeMinVectors: 4,
  /** Bytes of a tile, in and out: half of a second-level cache. Less means more calls, more means that tiles leave the cache. */
  tileBytes: 512 * 1024,
  /** Bytes of a tile that is copied, and that one kernel pools without scratch: it may fill the cache. */
  stagedTileBytes: 1024 * 1024,
  /** The same if nothing is copied either: larger ones only save calls. */
  placedTileBytes: 4 * 1024 * 1024,
  /**
   * Bytes of a row, where at least twice as much is read as written and nothing is copied: left to the machine to fetch below, brought
   * into the cache a tile at a time from here on. Rows that are read together lie too far apart then for a prefetcher to go on by itself.
   */
  prefetchMinRowBytes: 512,
  /** Bands are so many times longer than what neighbours both read: less reads more twice, more leaves the cache. */
  minBandHalos: 6,
  /** Bytes of all operands, which lie in the cache: one thread below, all threads from here on. */
  threadsMinBytes: 1024 * 1024,
}
