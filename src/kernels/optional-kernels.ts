/**
 * @file Optional kernels: lists outside the registry. Only the reductions that need a list import it, so that other bundles
 * leave it out.
 */
import type { Kernel } from './job.ts'
import { windowKernels as loops } from './scalar/window-folds.ts'
import { foldKernels } from './wasm/order/fold-windows.ts'

export { selectKernels, voteKernels } from './wasm/order/index.ts'

export const windowKernels: readonly Kernel[] = /* @__PURE__ */ foldKernels.concat(loops)
