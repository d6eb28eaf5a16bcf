/**
 * Every row of the catalogue is a function of the package, with a gradient unless it votes, and a layer unless it is global.
 */
import { expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { layerName } from '../../src/layers/layer.ts'
import { catalogue, operationOf } from '../../src/ops/catalogue.ts'

const exported = pool as unknown as Record<string, { readonly name: string } | undefined>
const rows = Object.values(catalogue)

it.each(rows)('$op is declared under its name, and its gradient', ({ op, rank, action }) => {
  expect(exported[op]?.name).toBe(op)
  const gradient = action === 'votes' ? undefined : `${op}Backward`
  expect(exported[`${op}Backward`]?.name).toBe(gradient)
  expect(exported[layerName(op)]?.name).toBe(rank === 0 ? undefined : layerName(op))
})

/** Poolings over regions or of several steps, which no row of plan and reducer describes. */
const compositions = [
  ...['maxBlurPool1d', 'maxBlurPool2d', 'maxBlurPool3d', 'spatialPyramidPool'],
  ...['roiPool', 'psRoiPool'],
].flatMap((name) => [name, `${name}Backward`])

it('has a row for every function and layer of the package', () => {
  const own = rows.flatMap(({ op }) => [op, `${op}Backward`, layerName(op)])
  const others = Object.keys(pool).filter((name) => /pool/i.test(name) && !own.includes(name))
  const composed = ['MaxBlurPool1d', 'MaxBlurPool2d', 'MaxBlurPool3d', 'SpatialPyramidPool']
  const layers = ['Pool2D', 'RoIPool', 'PSRoIPool', ...composed]
  expect(others.sort()).toEqual([...layers, 'PoolError', 'isPoolError', ...compositions].sort())
})

it.each(rows)('$op is the only one of its geometry, reducer and rank', (row) => {
  expect(operationOf(row)).toBe(row)
})
