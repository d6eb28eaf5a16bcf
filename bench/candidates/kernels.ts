/**
 * @file Every kernel of the registry that supports the workload, each as a candidate.
 */
import type { Job, Kernel } from '../../src/kernels/job.ts'
import { kernels } from '../../src/kernels/registry.ts'
import { rows } from '../../src/kernels/wasm/rows.ts'
import { runBy } from '../../src/kernels/wasm/strategy.ts'
import { type WasmInstance, wasmInstanceOf } from '../../src/kernels/wasm/wasm-instance.ts'
import { type AxisPlan, planAxis } from '../../src/plan/axis.ts'
import { maxima } from '../expected.ts'
import { type Problem, sizeOf, storages } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'

export function kernelCandidates(workload: Problem['workload']): readonly Candidate[] {
  const { reducer, pass, dtype } = workload
  const own = kernels
    .filter((kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.dtype === dtype)
    .map((kernel) => ({ id: kernel.id, prepare: (problem: Problem) => prepare(kernel, problem) }))
  return [...own, ...strategyCandidates(workload)]
}

/** Every strategy of the SIMD build, forced to run if it fits. */
function strategyCandidates({ reducer, pass, indices }: Problem['workload']): readonly Candidate[] {
  const row = rows.find((entry) => entry.reducer === reducer && entry.pass === pass)!
  const method = row.methodOf({ indices: indices ? new Int32Array(0) : null } as Job)
  const jobStrategies = method.jobStrategies.map(({ name, fits, run }) => ({ name, fits, run }))
  const strategies = method.strategies.map((strategy) => ({
    name: strategy.name,
    fits: (job: Job, instance: WasmInstance) => strategy.fits(method.setup(job, instance), method.lower(job)),
    run: (job: Job, instance: WasmInstance) =>
      runBy({ ...method, jobStrategies: [], strategies: [strategy] }, job, instance),
  }))
  return [...jobStrategies, ...strategies].map(({ name, fits, run }) => ({
    id: `simd ${name}`,
    prepare(problem: Problem) {
      const { job, answer } = jobOf(problem)
      const instance = wasmInstanceOf('simd')
      if ('reason' in instance) return instance.reason
      if (!fits(job, instance)) return 'does not fit this job'
      const measure = measureCalls(() => run(job, instance))
      return { id: `simd ${name}`, kind: 'ours', measure, answer: () => answer }
    },
  }))
}

function prepare(kernel: Kernel, problem: Problem): PreparedCandidate | string {
  const { job, answer } = jobOf(problem)
  const reason = kernel.supports(job)
  if (reason !== true) return reason
  const { pass } = problem.workload
  const run = (): void => {
    if (pass === 'backward') (answer.y as Float32Array).fill(0)
    kernel.run(job)
  }
  return { id: kernel.id, kind: 'ours', measure: measureCalls(run), answer: () => answer }
}

/** The job of the workload with a new plan and output. */
export function jobOf(problem: Problem) {
  const { workload, outShape, x, dy } = problem
  const { reducer, pass, dtype, shape } = workload
  const size = sizeOf(pass === 'forward' ? outShape : shape)
  const y = new storages[dtype](size)
  const plan = { outer: shape[0] * shape[1], axes: axesOf(problem), inner: 1 }
  const indices = indicesOf(problem)
  const division = { division: 'product', rounding: 'trunc', exact: false }
  const buffers = pass === 'forward' ? { x, y } : { dy, dx: y }
  const job = {
    reducer,
    pass,
    dtype,
    plan,
    ...buffers,
    ...(reducer === 'max' ? { indices } : division),
  } as Job
  return { job, answer: indices && pass === 'forward' ? { y, indices } : { y } }
}

function indicesOf(problem: Problem): Int32Array | null {
  const { workload, outShape } = problem
  if (workload.reducer !== 'max') return null
  if (workload.pass === 'backward') return maxima(problem).indices
  return workload.indices ? new Int32Array(sizeOf(outShape)) : null
}

function axesOf({ workload, outShape }: Problem): readonly AxisPlan[] {
  const { window, stride, padding, shape } = workload
  return [2, 3].map((axis) => {
    const [inSize, outSize] = [shape[axis]!, outShape[axis]!]
    const pads = { padBefore: padding, padAfter: padding }
    return planAxis({ inSize, outSize, window, stride, ...pads, dilation: 1 }, false)
  })
}
