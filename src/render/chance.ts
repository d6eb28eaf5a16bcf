/**
 * @file The chances of a random pick: what each element of a window weighs, and the part of 0 to 1 that falls to the picked one.
 */

/** An element that is picked with the probability `weight` / `sum`, by samples from `from` to below `to`. */
export interface Chance {
  readonly value: number
  readonly weight: number
  readonly sum: number
  readonly sample: number
  readonly from: number
  readonly to: number
}

/** Elements weigh as much as they are large, negative ones nothing. Infinite ones weigh the same, and all beside them nothing. */
export function weightsOf(values: readonly number[]): readonly number[] {
  const isInfinite = values.includes(Number.POSITIVE_INFINITY) && !values.some(Number.isNaN)
  return values.map((value) => (isInfinite ? Number(value === Number.POSITIVE_INFINITY) : Math.max(value, 0)))
}

export function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0)
}

/** The chance of the element at `place` of a window, which a sample picked. */
export function chanceOf(values: readonly number[], place: number, sample: number): Chance {
  const weights = weightsOf(values)
  const [weight, sum, before] = [weights[place]!, sumOf(weights), sumOf(weights.slice(0, place))]
  return { value: values[place]!, weight, sum, sample, from: before / sum, to: (before + weight) / sum }
}
