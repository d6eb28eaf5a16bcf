/**
 * @file Variances, generalized means and means with exponential weights in vectors, forward and backward: the powers or exponentials of a
 * band of rows once for each element, then its windows two at a time.
 */
import { inPlane, outPlane } from '../../../plan/pool-plan.ts'
import { type Exponent, exponentOf } from '../../../reducers/power.ts'
import { dtypes } from '../../../tensor/dtype.ts'
import type { Job, Kernel, WindowBackward, WindowForward } from '../../job.ts'
import { windowKernels as loops } from '../../scalar/window-folds.ts'
import { type Block, writeBlock, writeNumbers } from '../block.ts'
import { type ElementType, f32, f64 } from '../element-type.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { bandElements, bandsOf, fitsBands, rowOf } from './bands.ts'
import { orderInstance } from './instance.ts'
import { columnsOf, listParameters, type WindowLists, writeWindowLists } from './window-lists.ts'

/** What a kernel folds: the names of its functions, its numbers, and what it makes of each element before if anything. */
interface Fold {
  readonly name: 'Variance' | 'Soft' | 'Exponentials' | 'Powers'
  readonly parameters: readonly number[]
  readonly lift?: Lift
}

/** A function of each element, whose result in float64, and a second one beside it, the fold reads. */
interface Lift {
  readonly kernel: 'exponentials' | 'powers'
  readonly numbers: readonly number[]
  /** What follows the number of elements in its block, of which `numbers` is the address of the numbers. */
  readonly parameters: (numbers: number) => readonly number[]
}

type WindowJob = WindowForward | WindowBackward

const folds: Partial<Record<WindowJob['reducer'], (job: WindowJob) => Fold>> = {
  variance: (job) => {
    const { correction, root } = job as Extract<WindowJob, { reducer: 'variance' }>
    return { name: 'Variance', parameters: [correction, Number(root)] }
  },
  soft: () => ({ name: 'Soft', parameters: [], lift: exponentialsOf(1, true) }),
  lse: (job) => ({
    name: 'Exponentials',
    parameters: [factorOf(job)],
    lift: exponentialsOf(factorOf(job), false),
  }),
  gem: (job) => {
    const { p, eps } = job as Extract<WindowJob, { reducer: 'gem' }>
    const [power, slope] = [exponentOf(p), exponentOf(p - 1)].map(numbersOf) as [number[], number[]]
    const isForward = job.pass === 'forward'
    return {
      name: 'Powers',
      parameters: [p, ...numbersOf(exponentOf(1 / p)), ...slope],
      lift: {
        kernel: 'powers',
        numbers: [eps, ...power, ...slope],
        parameters: (at) => [at, at + f64.bytes, isForward ? 0 : at + (1 + power.length) * f64.bytes],
      },
    }
  },
}

function exponentialsOf(factor: number, weighs: boolean): Lift {
  return { kernel: 'exponentials', numbers: [factor], parameters: (at) => [at, Number(weighs)] }
}

function factorOf(job: WindowJob): number {
  return (job as Extract<WindowJob, { reducer: 'lse' }>).r
}

/** An exponent as it lies in memory. */
function numbersOf({ p, factors, high, low }: Exponent): number[] {
  return [p, factors, high, low]
}

export const foldKernels: readonly Kernel[] = /* @__PURE__ */ kernelsOf()

function kernelsOf(): Kernel[] {
  return (Object.keys(folds) as WindowJob['reducer'][]).flatMap((reducer) =>
    (['float32', 'float64'] as const).flatMap((dtype) =>
      (['forward', 'backward'] as const).map((pass) => ({
        id: `${reducer}.${dtypes[dtype].short}.${pass}.simd`,
        backend: 'simd' as const,
        reducer,
        pass,
        dtype,
        supports: ({ plan }: Job) => fitsBands(plan),
        run: (job: Job) => {
          if (!run(job as WindowJob)) loopsOf(job).run(job)
        },
      })),
    ),
  )
}

function loopsOf({ reducer, dtype, pass }: Job): Kernel {
  return loops.find((loop) => loop.reducer === reducer && loop.dtype === dtype && loop.pass === pass)!
}

type Numbers = Float32Array | Float64Array

/** Returns false if an exponent or a factor is out of range; the outputs are then unfinished. */
function run(job: WindowJob): boolean {
  const { plan, pass } = job
  const instance = orderInstance() as WasmInstance
  const { outer, inner, axes } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const [row, outRow] = [rowOf(plan), outSize / axes[0]!.outSize]
  const columns = columnsOf(axes.at(-1)!, inner)
  if (pass === 'backward') job.dx.fill(0 as never)
  for (const [begin, end, from, to] of bandsOf(plan)) {
    const [size, results] = [(end - begin) * row, (to - from) * outRow]
    const most = size === inSize ? Math.max(1, Math.floor(bandElements / size)) : 1
    instance.release()
    const lists = writeWindowLists(instance, plan, columns, [from, to], begin * row)
    const runBand = prepare(instance, job, lists, { size, results, most: Math.min(most, outer) })
    for (let o = 0; o < outer; o += most) {
      const planes = Math.min(most, outer - o)
      if (!runBand(planes, o * inSize + begin * row, o * outSize + from * outRow)) return false
    }
  }
  return true
}

/** Outputs whose sums stay in the first cache. */
const pieceElements = 512

interface Sizes {
  /** Elements of a band before and after pooling. */
  readonly size: number
  readonly results: number
  /** Bands of different planes that run together. */
  readonly most: number
}

/** Runs the bands of some planes, whose elements begin at `input` and whose results begin at `output`. */
type RunBand = (planes: number, input: number, output: number) => boolean

/** Allocates the arrays of a band. */
function prepare(instance: WasmInstance, job: WindowJob, lists: WindowLists, sizes: Sizes): RunBand {
  const { plan, dtype, pass } = job
  const { name, parameters, lift } = folds[job.reducer]!(job)
  const kind = dtype === 'float32' ? f32 : f64
  const { size, results, most } = sizes
  const isForward = pass === 'forward'
  const alloc = (length: number, { bytes }: ElementType): number => instance.alloc(most * length * bytes)
  const source = lift === undefined ? f64 : kind
  const x = alloc(size + 1, source)
  const [weights, beside] = lift === undefined ? [x, 0] : [alloc(size + 1, f64), alloc(size + 1, f64)]
  const y = alloc(results, kind)
  const dx = isForward ? 0 : alloc(size, kind)
  const together = plan.inner < pieceElements / 2 ? 2 * Math.floor(pieceElements / 2 / plan.inner) : 2
  const room = instance.alloc(2 * f64.bytes * (together * plan.inner + 2))
  const numbers = writeNumbers(instance, f64, parameters)
  const lifted = writeNumbers(instance, f64, lift?.numbers ?? [])
  const kernel = instance.kernel(`${isForward ? 'fold' : 'share'}${name}${kind.name}`)
  const liftAll = lift && instance.kernel(`${lift.kernel}${kind.name}`)
  const view = (address: number, length: number, { array } = kind): Numbers =>
    instance.view(array, address, length) as Numbers
  const blocks = new Map<number, Blocks>()
  const blocksOf = (planes: number): Blocks => {
    const arrays = [numbers, weights, beside, y, room, together]
    return {
      fold: writeBlock(instance, [planes, size, results, ...listParameters(lists, plan.inner), ...arrays]),
      lift: writeBlock(instance, [planes * size, ...(lift?.parameters(lifted) ?? [])]),
    }
  }
  for (const planes of new Set([most, plan.outer % most || most])) blocks.set(planes, blocksOf(planes))
  return (planes, input, output) => {
    const { fold, lift: liftBlock } = blocks.get(planes)!
    const [length, wanted] = [planes * size, planes * results]
    const values = view(x, length + 1, source)
    values.set((job.x as Numbers).subarray(input, input + length))
    values[length] = 0
    if (liftAll?.(liftBlock(x, weights, beside))) return false
    if (job.pass === 'backward') {
      view(y, wanted).set((job.dy as Numbers).subarray(output, output + wanted))
      const sums = (job.dx as Numbers).subarray(input, input + length)
      view(dx, length).set(sums)
      if (kernel(fold(x, dx))) return false
      sums.set(view(dx, length))
      return true
    }
    kernel(fold(x, y))
    const to = (job.y as Numbers).subarray(output, output + wanted)
    to.set(view(y, wanted))
    return true
  }
}

interface Blocks {
  readonly fold: Block
  readonly lift: Block
}
