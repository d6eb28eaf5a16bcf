/**
 * @file Poolings as programs of TensorFlow.js' webgl backend. float32 only: the backend keeps integers in float textures.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import type { AnyOperation, CallDescription } from '../../../ops/operation.ts'
import type { GradientOutline, JobOutline } from '../../../ops/reduce/reduction.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../../plan/pool-plan.ts'
import { statsOf } from '../../../plan/tables.ts'
import type { Division } from '../../../reducers/average.ts'
import { alongAxes, pools } from '../../webgpu/along-axes.ts'
import { forwardTables, transposedTables } from '../../webgpu/plan-tables.ts'
import type { TfCore, TfTensor } from '../tensorflow.ts'
import type { Device } from './device.ts'
import { extremumCode, pickedCode } from './glsl/extremum.ts'
import { type DivisionKind, meanCode, meanGradientCode } from './glsl/mean.ts'
import { normCode, normGradientCode, type PowerKind } from './glsl/norm.ts'
import { glslAxes, glslRank } from './glsl/windows.ts'

/** The method of the backend that compiles and runs a program. */
interface WebGlBackend {
  readonly gpgpu: unknown
  compileAndRun(
    program: object,
    inputs: readonly TensorInfo[],
    dtype: string,
    uniforms: readonly (readonly number[])[],
  ): TensorInfo
}

type Outline = JobOutline | GradientOutline

export function webglDevice(tf: TfCore, given: KernelBackend): Device | null {
  const backend = given as unknown as WebGlBackend
  const { engine, env, reshape } = tf
  if (typeof backend.compileAndRun !== 'function' || backend.gpgpu === undefined) return null
  if (engine === undefined || env === undefined || reshape === undefined) return null
  /** Textures of 16 bits would round sums and indices. */
  if (env().getNumber('WEBGL_VERSION') !== 2 || !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) return null
  const run: Run = ({ inputs, dtype = 'float32', shape, code, parameter }) => {
    const program = {
      variableNames: Object.keys(inputs),
      outputShape: shape.slice(),
      customUniforms: [{ name: 'parameters', type: 'vec2' }],
      userCode: code,
    }
    const info = backend.compileAndRun(program, Object.values(inputs), dtype, [parameter])
    return engine().makeTensorFromDataId(info.dataId, info.shape, info.dtype, given)
  }
  const programs = { tf, run, reshape }
  return {
    has: (operation, call) => isInWebGl(operation, call),
    forward: (operation, x, options) => {
      const call = operation.describe('forward', x as never, options)
      const plan = call.plan()
      const output = reshape(forward(programs, plan, call.outline!, x), call.shape.slice())
      if (!options.returnIndices) return { output }
      return { output, indices: reshape(indicesOf(programs, plan, call.outline!, x), call.shape.slice()) }
    },
    backward: (operation, dy, x, options) => {
      const call = operation.describe('backward', x as never, options)
      return reshape(backward(programs, call.plan(), call.outline!, { x, dy }), x.shape)
    },
  }
}

const reducers: readonly string[] = ['max', 'min', 'average', 'sum', 'lp']

/** Whole numbers up to this are exact in float32. */
const exactUpTo = 2 ** 24

function isInWebGl({ reducer }: AnyOperation, call: CallDescription): boolean {
  const { outline, dtype, planes } = call
  if (!reducers.includes(reducer) || outline === null || planes !== null || dtype !== 'float32') return false
  const plan = call.plan()
  const most = plan.axes.reduce((product, axis) => product * Math.max(1, statsOf(axis).mostDivisor), 1)
  if (plan.axes.length > glslRank || Math.max(inPlane(plan), most) > exactUpTo) return false
  if (outline.reducer === 'average') return !outline.exact
  if (reducer !== 'lp') return true
  return outline.reducer === 'lp' && outline.norm.p >= 0.5 && outline.norm.p <= 32
}

interface Program {
  readonly inputs: Readonly<Record<string, TfTensor>>
  readonly dtype?: 'float32' | 'int32'
  readonly shape: readonly number[]
  readonly code: string
  /** A divisor or exponent, and the size of a full window. */
  readonly parameter: readonly [number, number]
}

type Run = (program: Program) => TfTensor
type Tensors = Readonly<Record<string, TfTensor>>

interface Programs {
  readonly tf: TfCore
  readonly run: Run
  readonly reshape: NonNullable<TfCore['reshape']>
}

/** Runs programs over the windows of a plan, or over the windows that read each input. */
function windowsOf({ tf, run, reshape }: Programs, plan: PoolPlan, isTransposed: boolean) {
  const axes = plan.axes.map(isTransposed ? transposedTables : forwardTables)
  const words = Int32Array.from(axes.flatMap(({ tables }) => tables.flatMap((table) => Array.from(table))))
  const tables = tf.tensor(words, [words.length], 'int32')
  const windows = glslAxes(axes)
  const shapeOf = (sizes: readonly number[]): number[] => {
    const ones = new Array(glslRank - sizes.length).fill(1)
    return [plan.outer, ...ones, ...sizes, plan.inner]
  }
  const sizesOf = ({ axes }: PoolPlan, name: 'inSize' | 'outSize') => axes.map((axis) => axis[name])
  const shape = shapeOf(axes.map(({ outSize }) => outSize))
  return {
    windows,
    compute: (
      code: string,
      inputs: Tensors,
      parameter: readonly [number, number] = [0, 0],
      dtype: 'float32' | 'int32' = 'float32',
    ): TfTensor => run({ inputs: { ...inputs, tables }, dtype, shape, code, parameter }),
    before: (x: TfTensor): TfTensor => reshape(x, shapeOf(sizesOf(plan, 'inSize'))),
    after: (y: TfTensor): TfTensor => reshape(y, shapeOf(sizesOf(plan, 'outSize'))),
  }
}

/** The plan, or one for each axis where those read fewer elements. */
function passesOf(plan: PoolPlan, isTransposed: boolean, isNeeded = pools): readonly PoolPlan[] {
  const passes = alongAxes(plan, isTransposed).filter(isNeeded)
  const written = isTransposed ? inPlane : outPlane
  const cost = passes.reduce(
    (sum, pass) => sum + readsOf(pass) + 2 * pass.outer * written(pass) * pass.inner,
    0,
  )
  return passes.length > 1 && 2 * cost < readsOf(plan) ? passes : [plan]
}

function forward(programs: Programs, plan: PoolPlan, outline: Outline, x: TfTensor): TfTensor {
  if (outline.reducer === 'lp') {
    const { windows, compute, before } = windowsOf(programs, plan, false)
    const { p, fullWindow } = outline.norm
    const code = normCode(windows, powerOf(p), fullWindow !== null)
    return compute(code, { x: before(x) }, [p, fullWindow ?? 0])
  }
  return passesOf(plan, false).reduce((from, pass, i, { length }) => {
    const { windows, compute, before } = windowsOf(programs, pass, false)
    if (outline.reducer !== 'average')
      return compute(extremumCode(windows, outline.reducer as 'max' | 'min', 'value'), { x: before(from) })
    const { kind, divisor } = divisionOf(outline.division, i === length - 1)
    return compute(meanCode(windows, kind), { x: before(from) }, [divisor, 0])
  }, x)
}

/** The elements that maxima and minima are: of each pass the values, and the places that the passes so far found. */
function indicesOf(programs: Programs, plan: PoolPlan, { reducer }: Outline, x: TfTensor): TfTensor {
  const kind = reducer as 'max' | 'min'
  let [values, places] = [x, null as TfTensor | null]
  let after = 1
  const passes = passesOf(plan, false, () => true)
  for (const pass of passes) {
    const { windows, compute, before } = windowsOf(programs, pass, false)
    const own = { x: before(values) }
    if (pass !== passes.at(-1)) values = compute(extremumCode(windows, kind, 'value'), own)
    places =
      places === null
        ? compute(extremumCode(windows, kind, 'index'), own, [0, 0], 'int32')
        : compute(
            extremumCode(windows, kind, 'later index'),
            { ...own, places: before(places) },
            [after, 0],
            'int32',
          )
    after *= inPlane(pass)
  }
  return places!
}

function backward(programs: Programs, plan: PoolPlan, outline: Outline, { x, dy }: Tensors): TfTensor {
  if (outline.reducer === 'average') {
    return passesOf(plan, true).reduce((from, pass, i, { length }) => {
      const { windows, compute, after } = windowsOf(programs, pass, true)
      const { kind, divisor } = divisionOf(outline.division, i === length - 1)
      return compute(meanGradientCode(windows, kind), { dy: after(from) }, [divisor, 0])
    }, dy!)
  }
  const { windows, compute, before, after } = windowsOf(programs, plan, true)
  if (outline.reducer === 'lp') {
    const { p, fullWindow } = outline.norm
    const y = after(forward(programs, plan, outline, x!))
    const code = normGradientCode(windows, powerOf(p), fullWindow !== null)
    return compute(code, { x: before(x!), y, dy: after(dy!) }, [p, fullWindow ?? 0])
  }
  const indices = after(indicesOf(programs, plan, outline, x!))
  return compute(pickedCode(windows), { dy: after(dy!), indices })
}

function divisionOf(
  division: Division,
  isLast: boolean,
): { readonly kind: DivisionKind; readonly divisor: number } {
  if (typeof division === 'number' && !isLast) return { kind: 'none', divisor: 0 }
  return typeof division === 'number' ? { kind: 'number', divisor: division } : { kind: division, divisor: 0 }
}

function powerOf(p: number): PowerKind {
  return p === 1 || p === 2 ? p : 'any'
}
