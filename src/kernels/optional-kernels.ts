/**
 * @file Optional kernels: lists outside the registry. Only the reductions that need a list import it, so that other bundles
 * leave it out.
 */
export { windowKernels } from './scalar/window-folds.ts'
export { selectKernels, voteKernels } from './wasm/order/index.ts'
