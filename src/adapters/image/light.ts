/**
 * @file The curve of sRGB (IEC 61966-2-1) between stored samples and linear light, for integer samples of a given range.
 */
import type { Rounding } from '../../reducers/rounding.ts'

/** The light of a stored value; both are from 0 to 1. */
function lightOf(stored: number): number {
  return stored <= 0.04045 ? stored / 12.92 : ((stored + 0.055) / 1.055) ** 2.4
}

/** The light of each sample from 0 to `largest`. */
export function lightTable(largest: number): Float64Array {
  return Float64Array.from({ length: largest + 1 }, (_, sample) => lightOf(sample / largest))
}

/** Samples in a cell of light, on average; the curve is nowhere so steep that a cell holds more than two steps. */
const cellsPerSample = 16

/**
 * The sample whose light is nearest, or of the two neighbours the darker one for 'trunc' and 'floor'. Light outside 0 to 1
 * gives 0 or `largest`.
 */
export function sampleOfLight(largest: number, rounding: Rounding): (light: number) => number {
  const share = rounding === 'trunc' || rounding === 'floor' ? 1 : 0.5
  const begins = Float64Array.from({ length: largest }, (_, sample) => lightOf((sample + share) / largest))
  const cells = cellsPerSample * (largest + 1)
  const guesses = new Uint32Array(cells + 1)
  for (let cell = 0, sample = 0; cell <= cells; cell++) {
    while (sample < largest && begins[sample]! <= cell / cells) sample++
    guesses[cell] = sample
  }
  return (light) => {
    let sample = guesses[Math.floor(Math.min(Math.max(light, 0), 1) * cells)]!
    while (sample < largest && begins[sample]! <= light) sample++
    return sample
  }
}
