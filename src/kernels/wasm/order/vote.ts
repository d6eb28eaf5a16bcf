/**
 * @file Modes: labels are counted in vectors.
 */

import { largestWindow } from '../../../plan/tables.ts'
import { dtypes, integerRange, type Scalar } from '../../../tensor/dtype.ts'
import type { ModeForward } from '../../job.ts'
import { referenceKernels } from '../../reference/index.ts'
import { computeType, type ElementType, lanesOf } from '../element-type.ts'
import { type Pass, singleColumn } from '../pass.ts'
import type { Method } from '../strategy.ts'
import { isLong } from '../supports.ts'
import { type Axis, type LoweredPlan, lowerPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { type WindowKernel, windows, windowsPass } from './windows.ts'

/** Every element is compared with every other, and bytes count to 127. */
const mostTaps = 64

export function modeFits({ plan, counted, indices }: ModeForward): true | string {
  if (counted !== undefined && indices !== null)
    return 'elements that are located, of which some are left out'
  if (largestWindow(plan) > mostTaps) return `windows of more than ${mostTaps} elements are counted in a map`
  return true
}

/**
 * Elements that are left out become the label that is ignored: the job's, or one that no element has.
 *
 * @param run  runs a job without indices
 */
export function vote(job: ModeForward, run: (job: ModeForward) => void): void {
  const own = { ...job, indices: null }
  if (job.counted === undefined || job.ignore !== null) {
    run(own)
    return
  }
  const ignore = freeLabel(job)
  if (ignore === null) {
    referenceKernels.find(({ id }) => id === `mode.${dtypes[job.dtype].short}.forward.reference`)!.run(own)
    return
  }
  run({ ...own, ignore })
  const y = job.y as Int32Array
  const none = (isLong(job.dtype) ? 0n : 0) as number
  for (let at = y.indexOf(ignore as number); at >= 0; at = y.indexOf(ignore as number, at + 1)) y[at] = none
}

/** Labels to try. */
const mostTries = 256

/** A label that no element has, from the largest one downward; null if none is found soon. */
function freeLabel({ dtype, x }: ModeForward): Scalar | null {
  const [least, most] = integerRange(dtype)
  for (let i = 0; i < mostTries; i++) {
    const label = typeof most === 'bigint' ? most - BigInt(i) : most - i
    if (label >= least && !(x as Int32Array).includes(label as number)) return label
  }
  return null
}

interface Setup {
  /** What is ignored, as it lies in memory. */
  readonly ignored: number | bigint
  readonly kind: ElementType
  readonly any: WindowKernel
  readonly pairs: WindowKernel
  /** Null for elements of 8 bytes. */
  readonly pixels: WindowKernel | null
}

export const mode: Method<ModeForward, Setup> = {
  jobStrategies: [],
  strategies: [
    {
      name: 'votePairs',
      fits: ({ kind }, tile) => isPaired(tile, kind),
      compile: ({ pairs, kind }, tile) => {
        const { axes } = tile
        const cols = singleColumn(pairs.instance, [0])
        return windows(pairs, tile, axes[2].inSize * kind.bytes, cols, axes[2].outSize, 0)
      },
    },
    {
      name: 'votePixels',
      fits: ({ pixels, kind }, tile) => pixels !== null && arePixelPairs(tile, kind),
      compile: ({ pixels }, tile) => pixelPairs(pixels!, tile),
    },
    { name: 'vote', fits: () => true, compile: ({ any }, tile) => windowsPass(any, tile) },
  ],
  setup(job, instance) {
    const kind = computeType[job.dtype]!
    const name = `I${8 * kind.bytes}`
    const parameters = () => parametersOf(instance, job, kind)
    const kernelOf = (run: string): WindowKernel => ({
      instance,
      kind,
      run: instance.kernel(`${run}${name}`),
      parameters,
    })
    const pixels = kind.bytes < 8 ? kernelOf('votePixels') : null
    return {
      kind,
      ignored: job.ignore ?? 0,
      any: kernelOf('vote'),
      pairs: kernelOf('votePairs'),
      pixels,
    }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { kind }) => ({ x, y, kind }),
  keepsPlanes: false,
  neutral: ({ ignored }) => ignored,
}

/** True for windows of two neighbouring columns at stride 2, in rows of at least a vector. */
function isPaired({ axes, inner }: LoweredPlan, kind: ElementType): boolean {
  return inner === 1 && axes[2].outSize >= lanesOf(kind) && isHalved(axes[2])
}

const vector = 16

/** True for such windows of pixels of which a vector holds two, in rows of at least two vectors. */
function arePixelPairs({ axes, inner }: LoweredPlan, kind: ElementType): boolean {
  const pixel = inner * kind.bytes
  return inner > 1 && 2 * pixel <= vector && axes[2].outSize >= 2 * pairsOf(pixel) && isHalved(axes[2])
}

/** Pairs of pixels that a vector holds. */
function pairsOf(pixel: number): number {
  return Math.floor(vector / (2 * pixel))
}

function pixelPairs(pixels: WindowKernel, tile: LoweredPlan): Pass {
  const { instance, kind, parameters } = pixels
  const { axes, inner } = tile
  const pixel = inner * kind.bytes
  const bytes = 2 * pairsOf(pixel) * pixel
  const kernel = {
    ...pixels,
    parameters: (longest: number) => [...parameters(longest), bytes, writeMasks(instance, pixel)],
  }
  const cols = singleColumn(instance, [0])
  return windows(kernel, tile, axes[2].inSize * pixel, cols, axes[2].outSize * inner, 0)
}

/** The swizzles that join the first pixels of pairs, and the second ones, of one vector and then of the next. */
function writeMasks(instance: WasmInstance, pixel: number): number {
  const pairs = pairsOf(pixel)
  const address = instance.alloc(4 * vector)
  const masks = instance.view(Uint8Array, address, 4 * vector).fill(0x80)
  for (let place = 0; place < 4; place++)
    for (let pair = 0; pair < pairs; pair++)
      for (let i = 0; i < pixel; i++) {
        const to = ((place >> 1) * pairs + pair) * pixel + i
        masks[place * vector + to] = (2 * pair + (place & 1)) * pixel + i
      }
  return address
}

function isHalved({ regular, step, inSize, outSize }: Axis): boolean {
  return (
    regular?.window === 2 &&
    regular.stride === 2 &&
    regular.padBefore === 0 &&
    step === 1 &&
    2 * outSize <= inSize
  )
}

function parametersOf(
  instance: WasmInstance,
  { dtype, ties, ignore }: ModeForward,
  kind: ElementType,
): readonly number[] {
  const bits = BigInt(8 * kind.bytes)
  const signs = dtype.startsWith('u') ? 1n << (bits - 1n) : 0n
  const write = (value: bigint): number => {
    const address = instance.alloc(8)
    const words = new BigInt64Array([BigInt.asIntN(64, value)])
    instance.ints.set(new Int32Array(words.buffer), address >> 2)
    return address
  }
  const mask = write(ties === 'first' ? 0n : ties === 'lowest' ? signs : ~signs)
  return [mask, 0, 0, 0, 0, Number(ties !== 'first'), ignore === null ? 0 : write(BigInt(ignore))]
}
