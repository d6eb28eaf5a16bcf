/**
 * @file The library's WebGPU, a script of its own that a worker loads when it first needs a GPU: few visits do.
 */
import { webgpu } from '../../../src/adapters/webgpu/index.ts'

Object.assign(self, { webgpu })
