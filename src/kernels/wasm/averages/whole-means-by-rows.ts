/**
 * @file Means of 16-bit integers over windows of so many elements that 32 bits do not hold their sums: rows are summed in tiles, and their
 * sums in plain loops. Without vectors plain loops read the elements themselves.
 */
import { divisorOf, firstOf, tapsOf } from '../../../plan/axis.ts'
import { largestWindow } from '../../../plan/tables.ts'
import { integerAverage } from '../../../reducers/average.ts'
import { allocateArray, temporary } from '../../../tensor/allocate.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { AverageForward } from '../../job.ts'
import { integerMeans } from '../../scalar/integer-means.ts'
import { computeType } from '../element-type.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { JobStrategy } from '../strategy.ts'
import { mostListed, sumsRows } from '../supports.ts'
import { type Axis, type LoweredPlan, lowerPlan, outSizeOf, unit } from '../tiles/lowered-plan.ts'
import { runTiles } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'

export const wholeMeansByRows: JobStrategy<AverageForward> = {
  name: 'wholeMeansByRows',
  fits: ({ plan, dtype }) =>
    (dtype === 'int16' || dtype === 'uint16') && largestWindow(plan) > mostListed && sumsRows(plan),
  pays: () => true,
  run(job, instance) {
    if (!instance.isSimd) {
      integerMeans(job)
      return
    }
    const { plan, dtype, division, rounding, y } = job
    const { planes, axes, inner } = lowerPlan(plan, true)
    const [a, b, row] = axes
    const sums = sumRows(job, instance)
    const { finish } = integerAverage(dtype, division, rounding)
    const n = row.outSize * inner
    const totals = new Float64Array(n)
    let at = 0
    for (let plane = 0; plane < planes; plane++)
      for (let i = 0; i < a.outSize; i++)
        for (let j = 0; j < b.outSize; j++) {
          totals.fill(0)
          for (const layer of tapsIn(a, i))
            for (const tap of tapsIn(b, j)) {
              const from = ((plane * a.inSize + layer) * b.inSize + tap) * n
              for (let k = 0; k < n; k++) totals[k]! += sums[from + k] as number
            }
          for (let k = 0; k < n; k++) {
            const window = [[a, i] as const, [b, j] as const, [row, Math.floor(k / inner)] as const]
            const isEmpty = window.some(([axis, output]) => tapsOf(axis, output) === 0)
            const divisors = isEmpty ? [] : window.map(([axis, output]) => divisorOf(axis, output))
            y[at++] = finish(BigInt(totals[k]!), divisors) as number
          }
        }
  },
}

function sumRows({ plan, dtype, x }: AverageForward, instance: WasmInstance): TypedArray {
  const { planes, axes, inner } = lowerPlan(plan, true)
  const [a, b, row] = axes
  const rows: LoweredPlan = { planes: planes * a.inSize * b.inSize, axes: [unit, unit, row], inner }
  const isSigned = dtype === 'int16'
  const [read, folds] = [computeType[dtype]!, computeType[isSigned ? 'int32' : 'uint32']!]
  const sums = allocateArray<TypedArray>(
    'average pooling',
    isSigned ? Int32Array : Uint32Array,
    rows.planes * outSizeOf(rows),
    temporary,
  )
  const op = {
    instance,
    kernel: isSigned ? 'downAcrossSumI16I32' : 'downAcrossSumU16U32',
    kind: read,
    folds,
    orderMask: 0,
    neutral: 0,
    slides: false,
    isRaw: true,
    partsOf: () => [{ from: 0, to: row.outSize, divisor: 1, division: null }],
  }
  runTiles(instance, rows, { x, y: sums, kind: folds, read }, false, (tile) => downAcrossPass(op, tile))
  return sums
}

function tapsIn(axis: Axis, i: number): readonly number[] {
  return Array.from({ length: tapsOf(axis, i) }, (_, tap) => firstOf(axis, i) + tap * axis.step)
}
