/**
 * @file Lp norms: strategies that compute roots of sums of powers.
 */
import { type Norm, root } from '../../../reducers/lp.ts'
import type { HalfType } from '../../../tensor/half.ts'
import type { LpBackward, LpForward } from '../../job.ts'
import { areLong, isWide, shareAll, sharesSums } from '../../sum-order.ts'
import { writeBlock } from '../block.ts'
import { computeType, type ElementType, f32, f64 } from '../element-type.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { Epilogue } from '../folds/epilogue.ts'
import { divisorOf } from '../folds/specialized.ts'
import { type SumSetup, type SumStrategy, sumOp, sumStrategies } from '../folds/sums.ts'
import { sumRows, sumsByRows } from '../folds/sums-by-rows.ts'
import { sharingOf } from '../folds/wide.ts'
import type { Op, Pass } from '../pass.ts'
import type { JobStrategy, Method, Strategy } from '../strategy.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import { runTiles, type TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { downAcrossOf, isDeepIn } from './norm-sums.ts'
import { normsInRange } from './norms-by-window.ts'

export interface Setup {
  readonly norm: Norm
  /** The job of a gradient whose norms are found again. */
  readonly job?: LpBackward
  readonly half: HalfType | undefined
  /** The elements of the arrays if p is a power that the kernels compute; else null, and they are converted to float64. */
  readonly whole: ElementType | null
  /** The factor that turns averages into scaled sums; null if sums are needed as they are. */
  readonly scale: number | null
  /** True if windows of half precision share sums along all axes, in float32. */
  readonly sharesHalves: boolean
  /** True if it pays to sum along the first axis before the others. */
  readonly isDeep: boolean
  readonly sums: SumSetup
}

const normByRows: JobStrategy<LpForward> = {
  name: 'wideSumsByRows',
  fits: ({ plan, dtype }) =>
    dtype !== 'float64' && isWide(plan, 'forward') && !sharesSums(lowerPlan(plan, true).axes[2]),
  pays: (job, instance) => sumsByRows(job, f64, instance),
  run(job, instance) {
    const { norm, scale, sums } = lp.setup(job, instance)
    const { sums: ofRows, across } = sumRows(instance, job, f64, (pass, tile) =>
      powersPass(instance, { norm, whole: null }, tile, pass),
    )
    const setup = { ...sums, sharing: sharingOf(across) }
    runTiles(instance, across, { x: ofRows, y: job.y, kind: f64 }, false, (tile) =>
      rootsPass(instance, { norm, scale, whole: null }, tile, sumStrategies[0]!.compile(setup, tile)),
    )
  },
}

export const lp: Method<LpForward, Setup> = {
  jobStrategies: [normByRows],
  strategies: [
    {
      name: 'downAcross',
      fits: goesDownAcross,
      compile({ norm, whole, half, scale, sums: { op } }, tile) {
        const sums = { power: norm.p, fullWindow: scale ?? 0, slope: null, sends: false }
        const pass = downAcrossPass(downAcrossOf(op, whole!, tile, sums), tile)
        return half === 'bfloat16'
          ? normsInRange(op.instance, tile, { p: norm.p, fullWindow: scale }, pass)
          : pass
      },
    },
    ...aroundSums(sumStrategies, (setup, tile, sums) => {
      const { instance } = setup.sums.op
      return rootsPass(instance, setup, tile, powersPass(instance, setup, tile, sums))
    }),
  ],
  setup({ plan, norm, dtype, half }, instance) {
    const lowered = lowerPlan(plan, true)
    const scale = scaleOf(lowered, norm.fullWindow)
    const whole = isWholePower(instance, norm) ? computeType[dtype]! : null
    const sharesHalves = isPlainHalf({ whole, half, scale }) && shareAll(lowered.axes)
    const isShared = sharesHalves || isWide(plan, 'forward') || areLong(lowered.axes)
    const sharing = isShared ? sharingOf(lowered) : null
    const op = sumOp(instance, sumsOf({ whole, half, sharing, sharesHalves }))
    const sums = { op, isPrecise: false, epilogue: epilogueOf(scale), sharing }
    const isDeep = isDeepIn(lowered)
    return { norm, half, whole, scale, sharesHalves, isDeep, sums }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { whole }) => ({ x, y, kind: whole ?? f64 }),
  keepsPlanes: false,
  neutral: () => 0,
}

/** The strategies of sums that are for every job, between what `compile` does before and after. */
export function aroundSums(
  strategies: readonly SumStrategy[],
  compile: (setup: Setup, tile: LoweredPlan, sums: Pass) => TilePass,
): readonly Strategy<Setup>[] {
  return strategies
    .filter(({ only }) => only === undefined)
    .map(({ name, fits, compile: sum }) => ({
      name,
      fits: ({ sums }, tile) => fits(sums, tile),
      compile: (setup, tile) => compile(setup, tile, sum(setup.sums, tile)),
    }))
}

/** The first strategy for every job that fits a tile of sums. */
export function sumsPass(strategies: readonly SumStrategy[], setup: SumSetup, tile: LoweredPlan): Pass {
  return strategies.find(({ only, fits }) => only === undefined && fits(setup, tile))!.compile(setup, tile)
}

/** The greatest p whose powers and roots the kernels compute. */
const mostWhole = 3

export function isWholePower({ isSimd }: WasmInstance, { p }: Norm): boolean {
  return isSimd && Number.isInteger(p) && p <= mostWhole
}

/** The elements of sums: float32 for half precision, where each window is summed by itself or all axes share sums; else float64. */
export function sumsOf({
  whole,
  half,
  sharing,
  sharesHalves,
}: Pick<Setup, 'whole' | 'half' | 'sharesHalves'> & Pick<SumSetup, 'sharing'>): ElementType {
  return whole !== null && half !== undefined && (sharing === null || sharesHalves) ? f32 : f64
}

/** True if float32 may hold the sums that windows share. */
export function isPlainHalf({ whole, half, scale }: Pick<Setup, 'whole' | 'half' | 'scale'>): boolean {
  return whole !== null && half !== undefined && scale === null
}

export function goesDownAcross({ whole, sums: { sharing } }: Setup): boolean {
  return whole !== null && sharing === null
}

/** Powers of a tile, then their `sums`. */
export function powersPass(
  instance: WasmInstance,
  { norm: { p }, whole }: Pick<Setup, 'norm' | 'whole'>,
  tile: LoweredPlan,
  sums: Pass,
): Pass {
  const inSize = tile.planes * inSizeOf(tile)
  const powers = instance.alloc(inSize * f64.bytes)
  const raiseTo = whole === null ? null : wholePass(instance, `powerNorms${whole.name}`, inSize, p)
  return (src, dst) => {
    if (raiseTo === null) raise(instance, src, powers, inSize, p)
    else raiseTo(src, powers, 0)
    sums(powers, dst, 0)
  }
}

/** A kernel of assembly/norms.ts that maps elements. */
function wholePass(instance: WasmInstance, kernel: string, size: number, p: number): Pass {
  const run = instance.kernel(kernel)
  const block = writeBlock(instance, [size, p])
  return (src, dst) => void run(block(src, dst))
}

/** Roots of the `sums` of a tile. */
function rootsPass(
  instance: WasmInstance,
  { norm: { p }, scale, whole }: Pick<Setup, 'norm' | 'scale' | 'whole'>,
  tile: LoweredPlan,
  sums: Pass,
): TilePass {
  const outSize = tile.planes * outSizeOf(tile)
  if (whole !== null) {
    const summed = instance.alloc(outSize * f64.bytes)
    const roots = wholePass(instance, `rootNorms${whole.name}`, outSize, p)
    return (src, dst) => {
      sums(src, summed, 0)
      multiplyBy({ instance, kind: f64 }, summed, outSize, scale ?? 1)
      roots(summed, dst, 0)
    }
  }
  return (src, dst) => {
    sums(src, dst, 0)
    multiplyBy({ instance, kind: f64 }, dst, outSize, scale ?? 1)
    takeRoots(instance, dst, outSize, p)
  }
}

/** See `Setup.scale`. */
export function scaleOf(lowered: LoweredPlan, fullWindow: number | null): number | null {
  const divisor = divisorOf(lowered, { division: 'product', whole: null })
  return fullWindow === null || divisor === fullWindow ? null : fullWindow
}

export function epilogueOf(scale: number | null): Epilogue {
  return { division: scale === null ? 1 : 'product', whole: null }
}

export function multiplyBy(
  { instance, kind }: Pick<Op, 'instance' | 'kind'>,
  at: number,
  size: number,
  scale: number,
): void {
  if (scale === 1) return
  const values = instance.view(kind.array, at, size)
  for (let i = 0; i < size; i++) values[i]! *= scale
}

/** Integer powers up to this one are computed by multiplication. */
const mostFactors = 8

/** `dst = |src|^power` */
export function raise(instance: WasmInstance, src: number, dst: number, size: number, power: number): void {
  if (Number.isInteger(power) && Math.abs(power) <= mostFactors) {
    instance.kernel('raise')(src, dst, size, power)
    return
  }
  const from = instance.view(Float64Array, src, size)
  const to = instance.view(Float64Array, dst, size)
  for (let i = 0; i < size; i++) to[i] = Math.abs(from[i]!) ** power
}

function takeRoots(instance: WasmInstance, at: number, size: number, p: number): void {
  if (p === 1) return
  const values = instance.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i] = root(values[i]!, p)
}
