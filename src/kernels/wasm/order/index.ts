/**
 * @file The kernels of medians, quantiles and modes. They are apart from the registry's, so that a bundle without these
 * functions leaves them out.
 */
import { hasEmptyWindow, inPlane, outPlane } from '../../../plan/pool-plan.ts'
import { isDefined } from '../../../reducers/table.ts'
import { dtypeNames, dtypes } from '../../../tensor/dtype.ts'
import { isHalf } from '../../../tensor/storage.ts'
import type { Job, Kernel, ModeForward, OrderForward } from '../../job.ts'
import { modeLoops, orderLoops } from '../../scalar/window-picks.ts'
import { nameOfStrategy, runBy } from '../strategy.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { forwardBetween } from './between.ts'
import { orderInstance } from './instance.ts'
import { writePositions } from './located.ts'
import { isOnePass, order, orderFits } from './select.ts'
import { sendToTaps } from './taps.ts'
import { mode, modeFits, vote } from './vote.ts'

export const selectKernels: readonly Kernel[] = /* @__PURE__ */ selecting().concat(orderLoops)

export const voteKernels: readonly Kernel[] = /* @__PURE__ */ voting().concat(modeLoops)

function selecting(): Kernel[] {
  const run = (job: OrderForward): void => runBy(order, job, instance())
  const forward = (job: OrderForward): void => {
    if (job.indices === null && isOnePass(job)) run(job)
    else forwardBetween(job, run)
  }
  const strategy = (job: OrderForward): string | null => nameOfStrategy(order, job, instance())
  return (['median', 'quantile'] as const).flatMap((reducer) => [
    ...kernelsOf(reducer, 'forward', { fits: forwardFits, run: forward, strategy }),
    ...kernelsOf(reducer, 'backward', { fits: orderFits, run: sendToTaps }),
  ])
}

function forwardFits(job: OrderForward): true | string {
  if (job.counted !== undefined && (job.indices !== null || !isOnePass(job)))
    return 'elements that are located or mixed, of which some are left out'
  return orderFits(job)
}

function voting(): Kernel[] {
  const run = (job: ModeForward): void => {
    vote(job, (own) => runBy(mode, own, instance()))
    if (job.indices !== null) writePositions(job.plan, job.x, job.y, job.indices)
  }
  const strategy = (job: ModeForward): string | null => nameOfStrategy(mode, job, instance())
  return kernelsOf('mode', 'forward', { fits: modeFits, run, strategy })
}

function instance(): WasmInstance {
  return orderInstance() as WasmInstance
}

interface Own<J extends Job> {
  fits(job: J): true | string
  run(job: J): void
  strategy?(job: J): string | null
}

function kernelsOf<J extends Job>(
  reducer: Job['reducer'],
  pass: Job['pass'],
  { fits, run, strategy = () => null }: Own<J>,
): Kernel[] {
  return dtypeNames
    .filter((dtype) => !isHalf(dtype) && isDefined(reducer, pass, dtype))
    .map((dtype) => ({
      id: `${reducer}.${dtypes[dtype].short}.${pass}.simd`,
      backend: 'simd',
      reducer,
      pass,
      dtype,
      ...(pass === 'forward' && { leavesOut: true }),
      supports(job) {
        const loaded = orderInstance()
        if ('reason' in loaded) return loaded.reason
        const common = commonFits(job)
        return common === true ? fits(job as J) : common
      },
      run: run as Kernel['run'],
      strategy: strategy as (job: Job) => string | null,
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
