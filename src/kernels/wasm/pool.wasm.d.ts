/**
 * @file The type of `pool2d/pool.wasm`, for platforms that import WebAssembly as a module.
 */

/** The SIMD kernels, for `init`. */
declare const wasm: WebAssembly.Module
export default wasm
