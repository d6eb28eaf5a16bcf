/**
 * @file Tiles that one pass runs have the same windows, divisors and blocks of shared sums, and what they read lies alike around them.
 */
import { describe, expect, test } from 'vitest'
import { sharesSums } from '../../../src/kernels/sum-order.ts'
import { areAlike } from '../../../src/kernels/wasm/tiles/alike-tiles.ts'
import {
  type Axis,
  aroundOf,
  type LoweredPlan,
  lowerPlan,
  lowerTransposed,
  type Tile,
  tilesOf,
  windowsIn,
} from '../../../src/kernels/wasm/tiles/lowered-plan.ts'
import type { PoolPlan } from '../../../src/plan/pool-plan.ts'
import { tablesOf } from '../../../src/plan/tables.ts'
import { sourceOutputs } from '../../../src/plan/transpose.ts'
import { adaptive, fractional, planOf, sliding } from '../jobs.ts'
import { shapes } from '../plans.ts'

const rows = sliding(9, 2)
const plans: readonly (readonly [string, PoolPlan])[] = [
  ...Object.entries(shapes).map(([name, shape]) => [name, planOf(1, [shape(60), rows])] as const),
  [
    'divisors of the padding',
    planOf(1, [sliding(60, 3, { stride: 1, padding: 2, countPadding: false }), rows]),
  ],
  ['dilated', planOf(1, [sliding(80, 3, { stride: 2, dilation: 2, padding: 2 }), rows], 3)],
  ['long, stride 2', planOf(1, [sliding(160, 9, { stride: 2, padding: 4 }), rows])],
  ['adaptive', planOf(1, [adaptive(60, 40), rows])],
  ['fractional', planOf(1, [fractional(60, 27, 2, 0.4), rows])],
]

/** A window without taps has no first one. */
function windowsOf(axis: Axis): unknown {
  const { first, taps, divisor } = tablesOf(axis)
  return [first.map((at, i) => (taps[i] === 0 ? 0 : at)), taps, divisor]
}

const offsets = (axis: Axis): number => (sharesSums(axis) ? axis.origin % axis.regular!.window : 0)

/** All that a pass may know of a tile but its place. */
function contentOf(lowered: LoweredPlan, tile: Tile): unknown {
  const ofAxes = (axes: readonly Axis[]): unknown =>
    axes.map((axis) => [axis.inSize, axis.outSize, axis.step, axis.regular, windowsOf(axis), offsets(axis)])
  const { srcSize, dstSize, srcRuns, dstRuns, axes } = tile
  const own = [srcSize, dstSize, srcRuns, dstRuns, ofAxes(axes)]
  if (lowered.axes[1].source === null) return own
  const divisors = axes.map((axis) => tablesOf(sourceOutputs(axis)).divisor)
  return [...own, divisors, ofAxes(windowsIn(tile).axes), aroundOf(lowered, tile)]
}

/** The tiles of a plan, and the first of each kind. */
function kindsOf(lowered: LoweredPlan, budget: number): { tiles: Tile[]; kinds: Tile[] } {
  const tiles = [...tilesOf(lowered, budget, false)]
  const kinds: Tile[] = []
  for (const tile of tiles) if (!kinds.some((kind) => areAlike(kind, tile, false))) kinds.push(tile)
  return { tiles, kinds }
}

describe.each(plans)('%s', (_, plan) => {
  test.each([lowerPlan(plan, false), lowerTransposed(plan)])('alike', (lowered) => {
    for (const budget of [40, 100, 150, 230]) {
      const { tiles, kinds } = kindsOf(lowered, budget)
      for (const tile of tiles) {
        const kind = kinds.find((other) => areAlike(other, tile, false))!
        expect(contentOf(lowered, tile)).toEqual(contentOf(lowered, kind))
        expect(areAlike(kind, tile, true)).toBe(kind.axes === tile.axes)
      }
    }
  })
})

test('windows of 3 have tiles at both ends and between them', () => {
  for (const lowered of [lowerPlan, lowerTransposed].map((lower) => lower(plans[3]![1], false))) {
    const { tiles, kinds } = kindsOf(lowered, 100)
    expect(tiles.length).toBeGreaterThan(4)
    expect(kinds.length).toBeLessThanOrEqual(3)
  }
})

test('windows that share sums have as many kinds of tiles', () => {
  const long = planOf(1, [sliding(400, 7, { stride: 1 })], 4)
  for (const lowered of [lowerPlan(long, false), lowerTransposed(long)]) {
    const { tiles, kinds } = kindsOf(lowered, 300)
    expect(tiles.length).toBeGreaterThan(4)
    expect(kinds.length).toBeLessThanOrEqual(3)
  }
})
