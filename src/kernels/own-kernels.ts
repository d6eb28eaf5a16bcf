/**
 * @file Kernels that only the operations of some reducers import, so that other bundles leave them out.
 */
export { windowKernels } from './scalar/window-folds.ts'
export { selectKernels, voteKernels } from './wasm/order/index.ts'
