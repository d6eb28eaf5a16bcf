/**
 * @file The type of `pool2d/pool.wasm`, for platforms that import WebAssembly as a module.
 */

/** The `WebAssembly.Module` of the SIMD kernels, for `init`. Typed as an object for programs without the DOM's types. */
declare const wasm: object
export default wasm
