/**
 * @file The gradients of max and min band by band, where planes do not fit a tile: the sums of a band stay in the cache.
 */
import { inPlane, outPlane } from '../../../plan/pool-plan.ts'
import type { ExtremumBackward } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { computeType, i32, u16 } from '../element-type.ts'
import { outSizeOf } from '../tiles/lowered-plan.ts'
import { stageIn } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { type AddBand, type Band, fitsTile, largestBand, runBands, sideOf } from './bands.ts'
import { bitsPass, scatterPass } from './scatter.ts'

/** True for planes of many bands, of which the threads take no share. */
export function paysInBands(job: ExtremumBackward, { executor }: WasmInstance): boolean {
  const { plan, dtype } = job
  const plane = inPlane(plan) * plan.inner * computeType[dtype]!.bytes
  return (
    (executor === null || plan.outer === 1) &&
    !fitsTile(job) &&
    largestBand(job) <= Math.min(plane / 2, tuning.windowBytes)
  )
}

/** @returns false if an index lies outside of its band, or two bits met, and then `dx` is wrong */
export function scatterInBands(job: ExtremumBackward, instance: WasmInstance, areBits: boolean): boolean {
  return runBands(job, instance, {
    areBits,
    prepare: (band) => addBand(job, instance, band, areBits),
  })
}

function addBand(
  { plan, dtype, half, indices }: ExtremumBackward,
  instance: WasmInstance,
  { tile, adds }: Band,
  areBits: boolean,
): AddBand {
  const { inner } = tile
  const size = outSizeOf(tile)
  const kind = areBits ? u16 : computeType[dtype]!
  const [input, output] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const given = stageIn(instance, () => indices as Int32Array, i32, sideOf(size, undefined))
  const within = instance.kernel('indicesWithin')
  const [scatter, meet] = areBits
    ? [null, bitsPass(instance, half!, [1, size / inner, inner], input)]
    : [scatterPass(instance, tile, kind, 'I32', input), null]
  return (band, plane, dy, sums) => {
    const at = given(plane * output + band.outputsAt)
    const first = band.addsAt / inner
    if (within(at, size, first, first + adds / inner - 1) === 0) return false
    const to = sums - band.addsAt * kind.bytes
    scatter?.(dy, to, at)
    return !meet?.(dy, to, at)
  }
}
