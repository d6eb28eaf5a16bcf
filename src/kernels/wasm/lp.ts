/**
 * @file Lp norms: strategies that compute roots of sums of powers, and gradients that run as those of averages.
 */
import { tablesOf } from '../../plan/tables.ts'
import { lpNorm, type Norm, root } from '../../reducers/lp.ts'
import type { LpBackward, LpForward } from '../job.ts'
import { windowsOf } from '../reference/windows.ts'
import { isWide, sharesSums } from '../sum-order.ts'
import { writeBlock } from './block.ts'
import { type DownAcross, downAcrossPass, type NormSums, runsOf } from './down-across.ts'
import { computeType, type ElementType, f64 } from './element-type.ts'
import type { Epilogue } from './epilogue.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, lowerTransposed, outSizeOf } from './lowered-plan.ts'
import type { Pass } from './pass.ts'
import { divisorOf } from './specialized.ts'
import { areApart, spare, spreadNormsPass } from './spread.ts'
import type { JobStrategy, Method, Strategy } from './strategy.ts'
import { gradientStrategies, outputsOf, type SumSetup, sharesPass, sumOp, sumStrategies } from './sums.ts'
import { sumRows, sumsByRows } from './sums-by-rows.ts'
import { runTiles, type TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'
import { sharingOf } from './wide.ts'

interface Setup {
  readonly norm: Norm
  /** The elements of the arrays if p is a power that the kernels compute; else null, and they are converted to float64. */
  readonly whole: ElementType | null
  /** The factor that turns averages into scaled sums; null if sums are needed as they are. */
  readonly scale: number | null
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
      compile: ({ norm, whole, scale, sums }, tile) =>
        downAcrossPass(
          downAcrossOf(sums.op.instance, whole!, tile, {
            power: norm.p,
            fullWindow: scale ?? 0,
            slope: null,
          }),
          tile,
        ),
    },
    ...sumStrategies
      .filter(({ only }) => only === undefined)
      .map(
        ({ name, fits, compile }): Strategy<Setup> => ({
          name,
          fits: ({ sums }, tile) => fits(sums, tile),
          compile(setup, tile) {
            const { instance } = setup.sums.op
            const sums = powersPass(instance, setup, tile, compile(setup.sums, tile))
            return rootsPass(instance, setup, tile, sums)
          },
        }),
      ),
  ],
  setup({ plan, norm, dtype }, instance) {
    const lowered = lowerPlan(plan, true)
    const scale = scaleOf(lowered, norm.fullWindow)
    const sharing = isWide(plan, 'forward') || isLong(lowered) ? sharingOf(lowered) : null
    const whole = isWholePower(instance, norm) ? computeType[dtype]! : null
    const sums = { op: sumOp(instance, f64), isPrecise: false, epilogue: epilogueOf(scale), sharing }
    return { norm, whole, scale, sums }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { whole }) => ({ x, y, kind: whole ?? f64 }),
  keepsPlanes: false,
  neutral: () => 0,
}

/** `sign(x) |x|^(p - 1)` times the sum of `dy y^(1 - p)` over all windows that read x. */
export const lpGrad: Method<LpBackward, Setup> = {
  jobStrategies: [],
  strategies: [
    {
      name: 'spreadNorms',
      fits: (setup, tile) => goesDownAcross(setup) && areApart(tile),
      compile(setup, tile) {
        const { norm, whole, sums } = setup
        return wholeGradPass(setup, tile, spreadNormsPass(sums.op.instance, whole!, norm.p, tile))
      },
    },
    {
      name: 'downAcross',
      fits: goesDownAcross,
      compile: (setup, tile) => wholeGradPass(setup, tile, gradientsDownAcross(setup, tile)),
    },
    ...gradientStrategies
      .filter(({ only }) => only === undefined)
      .map(
        ({ name, fits, compile }): Strategy<Setup> => ({
          name,
          fits: ({ sums }, tile) => fits(sums, tile),
          compile(setup, tile) {
            const sums = compile(setup.sums, tile)
            if (setup.whole === null) return normGradPass(setup, tile, sums)
            return wholeGradPass(setup, tile, slopesPass(setup, tile, sums))
          },
        }),
      ),
  ],
  setup({ plan, norm, dtype }, instance) {
    const lowered = lowerTransposed(plan)
    const scale = scaleOf(outputsOf(lowered), norm.fullWindow)
    const sharing = isWide(plan, 'backward') || isLong(lowered) ? sharingOf(lowered) : null
    const whole = isWholePower(instance, norm) ? computeType[dtype]! : null
    const sums = { op: sumOp(instance, f64), isPrecise: false, epilogue: epilogueOf(null), sharing }
    return { norm, whole, scale, sums }
  },
  lower: ({ plan }) => lowerTransposed(plan),
  operands({ x, y, dy, dx }, { whole }) {
    const kind = whole ?? f64
    return { x: dy, y: dx, kind, along: { data: y, cell: kind }, beside: { data: x, cell: kind } }
  },
  keepsPlanes: false,
}

/** The greatest p whose powers and roots the kernels compute. */
const mostWhole = 3

function isWholePower({ isSimd }: WasmInstance, { p }: Norm): boolean {
  return isSimd && Number.isInteger(p) && p <= mostWhole
}

function goesDownAcross({ whole, sums: { sharing } }: Setup): boolean {
  return whole !== null && sharing === null
}

/** Taps from which windows that overlap much share sums. */
const leastShared = 13

function isLong({ axes }: LoweredPlan): boolean {
  return axes.some((axis) => sharesSums(axis) && axis.regular!.window >= leastShared)
}

/** Sums in float64, down the rows and then across, of powers of elements of `kind`. */
function downAcrossOf(
  instance: WasmInstance,
  kind: ElementType,
  { axes: [, , c] }: LoweredPlan,
  norm: NormSums,
): DownAcross {
  return {
    instance,
    kernel: `downAcrossSum${kind.name}F64`,
    kind,
    folds: f64,
    orderMask: 0,
    neutral: 0,
    slides: false,
    norm,
    partsOf: (rowDivisor) =>
      norm.fullWindow === 0
        ? [{ from: 0, to: c.outSize, divisor: 1, division: null }]
        : runsOf(c).map((run) => ({ ...run, divisor: rowDivisor * run.divisor, division: null })),
  }
}

/** Sums shares into gradients of inputs, whose values are the third operand. True if one left the range of powers. */
type Gather = (shares: number, dst: number, values: number) => boolean

function gradientsDownAcross({ norm, whole, sums: { op } }: Setup, tile: LoweredPlan): Gather {
  const sums: NormSums = { power: 0, fullWindow: 0, slope: { kind: whole!, p: norm.p } }
  return downAcrossPass(downAcrossOf(op.instance, f64, tile, sums), tile)
}

/** Multiplies `sums` by the slopes of the inputs. */
function slopesPass({ norm, whole, sums: { op } }: Setup, tile: LoweredPlan, sums: Pass): Gather {
  const { instance } = op
  const size = tile.planes * outSizeOf(tile)
  const summed = instance.alloc(size * f64.bytes)
  const slope = instance.kernel(`slopeNorms${whole!.name}`)
  const block = writeBlock(instance, [size, norm.p])
  return (shares, dst, values) => {
    sums(shares, summed, 0)
    return slope(block(summed, dst, values)) !== 0
  }
}

/** The shares of the windows that read an input, gathered. */
function wholeGradPass(
  { norm, whole, scale, sums: { op } }: Setup,
  tile: LoweredPlan,
  gather: Gather,
): TilePass {
  const { instance } = op
  const kind = whole!
  const size = tile.planes * inSizeOf(tile)
  const shares = instance.alloc(size * f64.bytes + spare)
  const share = instance.kernel(`shareNorms${kind.name}`)
  const block = writeBlock(instance, [size, norm.p])
  const scaled = scale === null ? null : sharesPass(op, tile, epilogueOf(scale))
  return (src, dst, norms, values) => {
    const isWild = share(block(src, shares, norms)) !== 0
    scaled?.(shares, shares, 0)
    multiplyBy(instance, shares, size, scale ?? 1)
    if (gather(shares, dst, values) || isWild)
      inputGrad(
        instance,
        tile,
        kind,
        { p: norm.p, fullWindow: scale },
        { gradients: src, norms, values, dst },
      )
  }
}

/** Powers of a tile, then their `sums`. */
function powersPass(
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
      multiplyBy(instance, summed, outSize, scale ?? 1)
      roots(summed, dst, 0)
    }
  }
  return (src, dst) => {
    sums(src, dst, 0)
    multiplyBy(instance, dst, outSize, scale ?? 1)
    takeRoots(instance, dst, outSize, p)
  }
}

/** Wraps `gather`, a pass that adds the shares of all outputs that read an input. */
function normGradPass(setup: Setup, tile: LoweredPlan, gather: Pass): TilePass {
  const { instance } = setup.sums.op
  const { p } = setup.norm
  const [inSize, outSize] = [tile.planes * outSizeOf(tile), tile.planes * inSizeOf(tile)]
  const weigh = instance.kernel('weigh')
  const scaled = scaledGradPass(setup, tile)
  const shares = instance.alloc(outSize * f64.bytes)
  const powers = instance.alloc(inSize * f64.bytes)
  const sums = instance.alloc(inSize * f64.bytes)
  return (src, dst, norms, values) => {
    const gradients = scaled(src)
    raise(instance, norms, shares, outSize, 1 - p)
    // Of p = 1, norms may be of any sign.
    const areShares = weigh(gradients, p === 1 ? shares : norms, shares, shares, outSize, 0) !== 0
    gather(shares, sums, 0)
    if (p !== 2) raise(instance, values, powers, inSize, p - 1)
    // Inputs without a window get 0, even if they are NaN.
    const areSlopes = weigh(sums, values, p === 2 ? values : powers, dst, inSize, 1) !== 0
    if (!areShares || !areSlopes)
      inputGrad(instance, tile, f64, { p, fullWindow: null }, { gradients, norms, values, dst })
  }
}

/** See `Setup.scale`. */
function scaleOf(lowered: LoweredPlan, fullWindow: number | null): number | null {
  const divisor = divisorOf(lowered, { division: 'product', whole: null })
  return fullWindow === null || divisor === fullWindow ? null : fullWindow
}

function epilogueOf(scale: number | null): Epilogue {
  return { division: scale === null ? 1 : 'product', whole: null }
}

/** The gradients of outputs, scaled as the sums of the forward pass. */
function scaledGradPass({ scale, sums: { op } }: Setup, tile: LoweredPlan): (src: number) => number {
  if (scale === null) return (src) => src
  const { instance } = op
  const size = tile.planes * inSizeOf(tile)
  const scaled = instance.alloc(size * f64.bytes)
  const divide = sharesPass(op, tile, epilogueOf(scale))
  return (src) => {
    divide(src, scaled, 0)
    multiplyBy(instance, scaled, size, scale)
    return scaled
  }
}

function multiplyBy(instance: WasmInstance, at: number, size: number, scale: number): void {
  if (scale === 1) return
  const values = instance.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i]! *= scale
}

/** Integer powers up to this one are computed by multiplication. */
const mostFactors = 8

/** `dst = |src|^power` */
function raise(instance: WasmInstance, src: number, dst: number, size: number, power: number): void {
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

interface Addresses {
  readonly gradients: number
  readonly norms: number
  readonly values: number
  readonly dst: number
}

/**
 * Recomputes NaN results window by window, as ratios of a value and its norm. Powers alone can leave the range of
 * float64.
 */
function inputGrad(
  instance: WasmInstance,
  tile: LoweredPlan,
  { array }: ElementType,
  norm: Norm,
  at: Addresses,
): void {
  const { planes, axes, inner } = tile
  const [outSize, inSize] = [inSizeOf(tile), outSizeOf(tile)]
  const view = (address: number, size: number) => instance.view(array, address, planes * size)
  const [dy, y] = [view(at.gradients, outSize), view(at.norms, outSize)]
  const [x, dx] = [view(at.values, inSize), view(at.dst, inSize)]
  const { gradient } = lpNorm(norm)
  const divisors = divisorsOf(tile)
  for (const { output: input, positions } of windowsOf(axes)) {
    for (let plane = 0; plane < planes; plane++) {
      for (let c = 0; c < inner; c++) {
        const to = plane * inSize + input * inner + c
        if (dx[to] === dx[to]) continue
        let sum = 0
        for (const position of positions) {
          const from = plane * outSize + position * inner + c
          sum += gradient(dy[from]!, x[to]!, y[from]!, divisors(position))
        }
        dx[to] = sum
      }
    }
  }
}

/** The divisors of an output of a plane along each axis. */
function divisorsOf(tile: LoweredPlan): (position: number) => readonly number[] {
  const [a, b, c] = outputsOf(tile).axes
  const [byA, byB, byC] = [a, b, c].map((axis) => tablesOf(axis).divisor)
  return (position) => [
    byA![Math.floor(position / (b.outSize * c.outSize))]! || 1,
    byB![Math.floor(position / c.outSize) % b.outSize]! || 1,
    byC![position % c.outSize]! || 1,
  ]
}
