/** The SIMD kernels, for `init`, on platforms that import WebAssembly as a module. */
declare const wasm: WebAssembly.Module
export default wasm
