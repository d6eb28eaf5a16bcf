/**
 * @file The kernels of medians, quantiles and modes. They are apart from the registry's, so that a bundle without these
 * functions leaves them out.
 */
import { hasEmptyWindow, inPlane, outPlane } from '../../../plan/pool-plan.ts'
import { isDefined } from '../../../reducers/table.ts'
import { dtypeNames, dtypes } from '../../../tensor/dtype.ts'
import { isHalf } from '../../../tensor/storage.ts'
import type { Job, Kernel } from '../../job.ts'
import { computeType } from '../element-type.ts'
import { type Method, nameOfStrategy, runBy } from '../strategy.ts'
import { isLong } from '../supports.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { orderInstance } from './instance.ts'
import { order, orderFits } from './select.ts'
import { mode, modeFits } from './vote.ts'

export const selectKernels: readonly Kernel[] = /* @__PURE__ */ selecting()

export const voteKernels: readonly Kernel[] = /* @__PURE__ */ kernelsOf(
  'mode',
  modeFits as never,
  mode as never,
)

function selecting(): Kernel[] {
  const reducers = ['median', 'quantile'] as const
  return reducers.flatMap((reducer) => kernelsOf(reducer, orderFits as never, order as never))
}

function kernelsOf(
  reducer: Job['reducer'],
  fits: (job: Job) => true | string,
  method: Method<Job, unknown>,
): Kernel[] {
  const own = dtypeNames.filter((dtype) => !isHalf(dtype) && isDefined(reducer, 'forward', dtype))
  return own
    .filter((dtype) => reducer === 'mode' || (computeType[dtype] !== undefined && !isLong(dtype)))
    .map((dtype) => ({
      id: `${reducer}.${dtypes[dtype].short}.forward.simd`,
      backend: 'simd',
      reducer,
      pass: 'forward',
      dtype,
      supports(job) {
        const instance = orderInstance()
        if ('reason' in instance) return instance.reason
        const common = commonFits(job)
        return common === true ? fits(job) : common
      },
      strategy: (job) => nameOfStrategy(method, job, orderInstance() as WasmInstance),
      run: (job) => runBy(method, job, orderInstance() as WasmInstance),
    }))
}

/** Bytes of a plane that surely fits 32-bit memory with its scratch. */
const mostBytes = 2 ** 30

function commonFits({ plan }: Job): true | string {
  if (plan.axes.length > 3) return `${plan.axes.length} pooled axes; these kernels know at most 3`
  if (hasEmptyWindow(plan)) return 'some window has no element'
  const plane = Math.max(inPlane(plan), outPlane(plan)) * plan.inner
  return plane * 8 <= mostBytes ? true : `planes of ${plane} elements do not fit 32-bit memory`
}
