/**
 * @file A module and all that it imports as one script, its exports under one global name.
 */
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'

/** One copy of TensorFlow.js, whose backends are packages of another folder. */
const core = join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-core')

const adapter = (name: string): string => join(import.meta.dirname, `../../../src/adapters/${name}/index.ts`)

export async function bundled(entry: string, name: string): Promise<string> {
  const outputs = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: {
      alias: {
        '@tensorflow/tfjs-core': core,
        'pool2d/webgpu': adapter('webgpu'),
        'pool2d/tfjs': adapter('tfjs'),
      },
    },
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['iife'], name } },
  })) as Rolldown.RolldownOutput[]
  return outputs[0]!.output[0].code
}
