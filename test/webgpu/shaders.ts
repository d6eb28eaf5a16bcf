/**
 * @file Every shader that the trials of the contract run, those of unpooling, and those that public calls ask for. Uses no test framework,
 * so that other runtimes compile them too.
 */
import { countSteps, sharesSteps } from '../../src/adapters/webgpu/counting.ts'
import { unpoolGradientStep, unpoolSteps } from '../../src/adapters/webgpu/unpool-steps.ts'
import { gpuTypes } from '../../src/adapters/webgpu/wgsl/elements.ts'
import { inPlane } from '../../src/plan/pool-plan.ts'
import { jobOf, planOf, sliding } from '../kernels/jobs.ts'
import { randomPlan } from '../kernels/plans.ts'
import { calledShaders } from './called-shaders.ts'
import { longWindows, trials } from './contract.ts'
import { largeWindows } from './large-windows.ts'
import { stepsOf } from './steps-of.ts'

const buffer = {} as GPUBuffer
const scratch = () => buffer

/** Four neighbours a thread. */
const smallRows = ([2, 3] as const).map((window) =>
  planOf(1, [sliding(6, 3), sliding(8, window, { stride: 2 })]),
)

function triedShaders(): readonly string[] {
  const found = new Set<string>()
  const plans = [
    ...Array.from({ length: 24 }, (_, i) => randomPlan(i + 1)),
    ...longWindows.map(([, plan]) => plan),
    ...[...largeWindows.doubled.slice(1, 3), ...largeWindows.trees.slice(0, 2)].map(([, plan]) => plan),
    ...smallRows,
  ]
  const place = (dtype: (typeof gpuTypes)[number]) => ({ buffer, offset: 0, dtype })
  const counting = {
    map: place('uint8'),
    shares: place('uint32'),
    least: 1,
    fill: 0,
    divisor: 'padded',
  } as const
  for (const trial of Object.values(trials).flat()) {
    const divisor = trial.reducer === 'average' ? ('padded' as const) : ('count' as const)
    const { dtype, withIndices } = trial
    const own = dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype
    const [each, indices] = [place(dtype), place('int32')]
    const places = {
      to: each,
      indices: withIndices ? indices : null,
      inputs: { x: each, y: each, dy: each, indices },
    }
    for (const plan of plans) {
      if (inPlane(plan) === 0) continue
      const { job } = jobOf({ ...trial, plan, dtype: own })
      for (const windows of [
        { planes: null },
        { planes: [plan] },
        { planes: null, counting: { ...counting, divisor } },
      ])
        for (const { program } of stepsOf(job, trial, windows, places, scratch)) found.add(program.code)
    }
  }
  for (const plan of plans)
    for (const { program } of [
      ...countSteps(plan, place('uint8'), place('int32'), scratch),
      ...sharesSteps(plan, counting, scratch).steps,
    ])
      found.add(program.code)
  const sizes = { outer: 1, inner: 1, pooled: 1, unpooled: 1 }
  for (const dtype of gpuTypes) {
    const [each, indices] = [place(dtype), place('int32')]
    const steps = [
      ...unpoolSteps(sizes, { x: each, y: each, indices }, scratch),
      unpoolGradientStep(sizes, { dy: each, dx: each, indices }),
    ]
    for (const { program } of steps) found.add(program.code)
  }
  return [...found]
}

export async function everyShader(): Promise<readonly string[]> {
  return [...new Set([...triedShaders(), ...(await calledShaders())])]
}
