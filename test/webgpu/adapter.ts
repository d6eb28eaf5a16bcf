/**
 * @file Dawn in Node, as `navigator.gpu`. The object lives as long as the process: Dawn ends the process without it.
 */
import { create, globals } from 'webgpu'

export const gpu = create([]) as unknown as GPU

Object.assign(globalThis, globals)
/** Node 20 has no navigator. */
globalThis.navigator ??= {} as Navigator
Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
