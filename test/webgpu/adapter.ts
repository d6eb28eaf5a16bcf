/**
 * @file Dawn in Node, as `navigator.gpu`. The object lives as long as the process: Dawn ends the process without it. Workgroup memory
 * begins with any content, which shaders must not read, and whose zeros SwiftShader takes seconds to compile.
 */
import { create, globals } from 'webgpu'

export const gpu = create(['enable-dawn-features=disable_workgroup_init']) as unknown as GPU

Object.assign(globalThis, globals)
/** Node 20 has no navigator. */
globalThis.navigator ??= {} as Navigator
Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
