/**
 * @file Thresholds at which one way to run a job becomes faster than another, and tile sizes. `npm run
 * bench:crossovers` times both sides of each and writes bench/results/crossovers.json. At run time only the bench and
 * tests change these values. Strategies have fixed thresholds of their own, in `fits`
 * and `pays`.
 */
const values = {
  /**
   * Elements that all windows read together. Plain loops run up to this number, WebAssembly above it. With 2x2 and 3x3
   * windows WebAssembly is faster from 300 on, with others from 3,000.
   */
  tinyReads: 1024,
  /**
   * Elements of the input or the output, the larger of them. Above this plain loops never run, even if few elements are
   * read.
   */
  tinyElements: 2 ** 14,
  /** The least taps of a window along an axis for which van Herk runs. */
  vanHerkMinTaps: 5,
  /** The least average number of windows that read an input along columns for which van Herk runs. */
  vanHerkMinReads: 4,
  /** The least stride along rows of 4-byte elements for which van Herk runs, for any window. */
  vanHerkMinStride: 3,
  /** The least window along rows of other elements, in vectors and in taps, for which van Herk runs; it then transposes whole planes. */
  transposeMinVectors: 2,
  transposeMinTaps: 8,
  /**
   * Bytes of a tile, input and output together: half of a second-level cache. Smaller tiles cost calls, larger ones
   * spill the cache.
   */
  tileBytes: 512 * 1024,
  /** Bytes of a staged tile that a single kernel pools without scratch. It may fill the cache. */
  stagedTileBytes: 1024 * 1024,
  /** The same for tiles that are used in place. Larger ones only save calls. */
  placedTileBytes: 4 * 1024 * 1024,
  /**
   * Bytes of a row from which tiles are prefetched, if they are used in place, at least twice as much is read as written,
   * and pixels have less than a cache line. Otherwise the hardware prefetcher suffices; longer rows lie too far apart for it.
   */
  prefetchMinRowBytes: 512,
  /** Minimum band height, in multiples of the halo. Smaller bands read more rows twice, larger ones spill the cache. */
  minBandHalos: 6,
  /** Bytes of a window above which maxima are computed in steps instead of tiles, which hold whole windows. */
  windowBytes: 2 ** 24,
  /** Bytes of tables and scratch that an instance keeps for jobs that come again. */
  keptBytes: 4 * 1024 * 1024,
  /** The least bytes of all operands for which threads run, measured with operands in the cache. */
  threadsMinBytes: 1024 * 1024,
}

export type Tuning = Readonly<typeof values>

export const tuning: Tuning = values

let changes = 0

/** Differs from call to call if values changed in between. */
export function tuningVersion(): number {
  return changes
}

/** Calls `run` with other values, then restores these: for the bench, which compares both sides, and for tests. */
export function withTuning<T>(others: Partial<Tuning>, run: () => T): T {
  const inUse = { ...values }
  Object.assign(values, others)
  changes++
  try {
    return run()
  } finally {
    Object.assign(values, inUse)
    changes++
  }
}
