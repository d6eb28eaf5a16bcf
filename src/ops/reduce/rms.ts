/**
 * @file The reduction to the root mean square of each window: the norm of its mean square.
 */
import { norm } from './lp.ts'

export const rms = /* @__PURE__ */ norm<object>('rms', [], [], () => ({ p: 2, windows: 'mean' }))
