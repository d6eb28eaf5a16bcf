/**
 * @file The type of `pool2d/pool.wasm`, for platforms that import WebAssembly as a module.
 */

/** A `WebAssembly.Module` of the SIMD kernels, for `init`; programs without the DOM's types know no such name. */
declare const wasm: object
export default wasm
