/**
 * @file A module and all that it imports as one script, its exports under one global name.
 */
import { build, type Rolldown } from 'vite'

export async function bundled(entry: string, name: string): Promise<string> {
  const outputs = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['iife'], name } },
  })) as Rolldown.RolldownOutput[]
  return outputs[0]!.output[0].code
}
