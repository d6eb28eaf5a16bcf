/**
 * @file The instance of the WebAssembly module that has the kernels of order statistics. It is compiled on first use, and needs
 * SIMD.
 */
import { orderBytes } from '../generated/order.ts'
import { compileModule } from '../load.ts'
import { WasmInstance } from '../wasm-instance.ts'

let ready: WasmInstance | { readonly reason: string } | null = null

/** The instance, or the reason why it is not available. */
export function orderInstance(): WasmInstance | { readonly reason: string } {
  ready ??= start()
  return ready
}

function start(): WasmInstance | { readonly reason: string } {
  const module = compileModule(orderBytes, true)
  if ('reason' in module) return module
  try {
    return new WasmInstance({ module, rare: null }, null)
  } catch (error) {
    return { reason: `WebAssembly cannot be instantiated here: ${(error as Error).message}` }
  }
}
