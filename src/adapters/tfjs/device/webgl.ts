/**
 * @file Poolings as programs of TensorFlow.js' webgl backend. float32 only: the backend keeps integers in float textures.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import type { AnyOperation, CallDescription } from '../../../ops/operation.ts'
import type { GradientOutline, JobOutline } from '../../../ops/reduce/reduction.ts'
import { inPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { statsOf } from '../../../plan/tables.ts'
import type { Division } from '../../../reducers/average.ts'
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
      const source = windowsOf(programs, call, false)
      const all = { x: source.before(x) }
      const output = reshape(forward(source, call.outline!, all), call.shape.slice())
      if (!options.returnIndices) return { output }
      return { output, indices: reshape(source.indices(call.outline!, all), call.shape.slice()) }
    },
    backward: (operation, dy, x, options) => {
      const call = operation.describe('backward', x as never, options)
      const windows = windowsOf(programs, call, false)
      const gathered = windowsOf(programs, call, true)
      const own = { x: windows.before(x), dy: windows.after(dy) }
      return reshape(backward(windows, gathered, call.outline!, own), x.shape)
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

/** Runs programs over the windows of a call, or over the windows that read each input. */
type WindowPrograms = ReturnType<typeof windowsOf>

function windowsOf({ tf, run, reshape }: Programs, call: CallDescription, isTransposed: boolean) {
  const plan = call.plan()
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
  const compute = (
    code: string,
    inputs: Tensors,
    parameter: readonly [number, number] = [0, 0],
    dtype: 'float32' | 'int32' = 'float32',
  ): TfTensor => run({ inputs: { ...inputs, tables }, dtype, shape, code, parameter })
  return {
    windows,
    compute,
    before: (x: TfTensor): TfTensor => reshape(x, shapeOf(sizesOf(plan, 'inSize'))),
    after: (y: TfTensor): TfTensor => reshape(y, shapeOf(sizesOf(plan, 'outSize'))),
    indices: ({ reducer }: Outline, { x }: Tensors): TfTensor =>
      compute(extremumCode(windows, reducer as 'max' | 'min', true), { x: x! }, [0, 0], 'int32'),
  }
}

function forward({ windows, compute }: WindowPrograms, outline: Outline, inputs: Tensors): TfTensor {
  if (outline.reducer === 'average') {
    const { kind, divisor } = divisionOf(outline.division)
    return compute(meanCode(windows, kind), inputs, [divisor, 0])
  }
  if (outline.reducer === 'lp') {
    const { p, fullWindow } = outline.norm
    return compute(normCode(windows, powerOf(p), fullWindow !== null), inputs, [p, fullWindow ?? 0])
  }
  return compute(extremumCode(windows, outline.reducer as 'max' | 'min', false), inputs)
}

function backward(
  own: WindowPrograms,
  { windows, compute }: WindowPrograms,
  outline: Outline,
  { x, dy }: Tensors,
): TfTensor {
  if (outline.reducer === 'average') {
    const { kind, divisor } = divisionOf(outline.division)
    return compute(meanGradientCode(windows, kind), { dy: dy! }, [divisor, 0])
  }
  if (outline.reducer === 'lp') {
    const { p, fullWindow } = outline.norm
    const y = forward(own, outline, { x: x! })
    const code = normGradientCode(windows, powerOf(p), fullWindow !== null)
    return compute(code, { x: x!, y, dy: dy! }, [p, fullWindow ?? 0])
  }
  return compute(pickedCode(windows), { dy: dy!, indices: own.indices(outline, { x: x! }) })
}

function divisionOf(division: Division): { readonly kind: DivisionKind; readonly divisor: number } {
  return typeof division === 'number' ? { kind: 'number', divisor: division } : { kind: division, divisor: 0 }
}

function powerOf(p: number): PowerKind {
  return p === 1 || p === 2 ? p : 'any'
}
